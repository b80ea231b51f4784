/* ONNX Runtime for tests/bench/networks.py, in the same shared object as our networks, so that both
 * are called in the same way. Its library is loaded by name; its C interface (onnxruntime_c_api.h)
 * is a table of functions to which newer versions only append. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "net/net.h"

#define EXPORT __attribute__((visibility("default")))

enum { MOST_TENSORS = 16 };

enum { LOG_ERRORS = 3, ARENA_ALLOCATOR = 1, MEMORY_DEFAULT = 0 };

typedef void release(void *thing);

/* What is used of OrtApi, from its 3rd function on. Functions that return a pointer return an
 * error, or NULL. */
typedef struct ort_api {
    void *to_2[2];
    const char *(*error_message)(void *error);
    void *(*create_env)(int level, const char *name, void **env);
    void *to_7[3];
    void *(*create_session)(void *env, const char *path, void *options, void **session);
    void *to_9[1];
    void *(*run)(void *session, void *options, const char *const *in_names, void **in,
                 size_t in_count, const char *const *out_names, size_t out_count, void **out);
    void *(*create_options)(void **options);
    void *to_24[13];
    void *(*set_threads)(void *options, int threads);
    void *to_49[24];
    void *(*create_tensor)(void *info, void *data, size_t bytes, const int64_t *sizes, size_t rank,
                           int type, void **value);
    void *to_69[19];
    void *(*create_memory_info)(int allocator, int memory, void **info);
    void *to_93[23];
    release *release_error, *release_memory_info, *release_session, *release_value;
    void *to_100[3];
    release *release_options;
} ort_api;

typedef struct ort_base {
    const ort_api *(*api)(uint32_t version);
    const char *(*version)(void);
} ort_base;

typedef struct bench_ort {
    const ort_api *api;
    void *env, *session, *info;
    int inputs, outputs;
    const char *in_names[MOST_TENSORS], *out_names[MOST_TENSORS];
    void *in[MOST_TENSORS]; /* made of the caller's data */
    char error[1024];
} bench_ort;

static bool good(bench_ort *o, void *status) {
    if (status) {
        snprintf(o->error, sizeof o->error, "%s", o->api->error_message(status));
        o->api->release_error(status);
    }
    return !status;
}

static void let_go(release *function, void *thing) {
    if (thing) {
        function(thing);
    }
}

/* ONNX's numbers of the types are the runtime's. */
static int type_number(net_type type) {
    return type == NET_FLOAT ? 1 : type == NET_I64 ? 7 : type == NET_DOUBLE ? 11 : 0;
}

static bool open_session(bench_ort *o, const char *path, int threads) {
    void *options = NULL;
    const bool ok = good(o, o->api->create_env(LOG_ERRORS, "bench", &o->env)) &&
                    good(o, o->api->create_options(&options)) &&
                    good(o, o->api->set_threads(options, threads)) &&
                    good(o, o->api->create_session(o->env, path, options, &o->session)) &&
                    good(o, o->api->create_memory_info(ARENA_ALLOCATOR, MEMORY_DEFAULT, &o->info));
    let_go(o->api->release_options, options);
    return ok;
}

/* Always returns one; bench_ort_error tells what is wrong. Names and data stay the caller's. */
EXPORT bench_ort *bench_ort_new(const char *library, const char *path, int threads,
                                const net_given *given, int count, const char *const *outputs,
                                int output_count) {
    bench_ort *o = calloc(1, sizeof *o);
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    ort_base *(*base)(void) = handle ? (ort_base * (*)(void)) dlsym(handle, "OrtGetApiBase") : NULL;
    if (!base || count > MOST_TENSORS || output_count > MOST_TENSORS) {
        snprintf(o->error, sizeof o->error, "%s", base ? "too many tensors" : dlerror());
        return o;
    }
    o->api = base()->api(1);
    if (!open_session(o, path, threads)) {
        return o;
    }
    for (; o->inputs < count; o->inputs++) {
        const net_tensor *tensor = &given[o->inputs].tensor;
        size_t bytes = 0;
        net_bytes(tensor, &bytes);
        o->in_names[o->inputs] = given[o->inputs].name;
        if (!good(o, o->api->create_tensor(o->info, tensor->data, bytes, tensor->shape.size,
                                           (size_t)tensor->shape.rank, type_number(tensor->type),
                                           &o->in[o->inputs]))) {
            return o;
        }
    }
    for (; o->outputs < output_count; o->outputs++) {
        o->out_names[o->outputs] = outputs[o->outputs];
    }
    return o;
}

EXPORT const char *bench_ort_error(const bench_ort *o) {
    return *o->error ? o->error : NULL;
}

EXPORT void bench_ort_free(bench_ort *o) {
    if (!o->api) {
        free(o);
        return;
    }
    for (int i = 0; i < o->inputs; i++) {
        let_go(o->api->release_value, o->in[i]);
    }
    let_go(o->api->release_memory_info, o->info);
    let_go(o->api->release_session, o->session);
    free(o); /* the environment is one for the process, and stays */
}

/* Runs `times` times; output `from` (-1: none) becomes input `to` of the next run. Milliseconds in
 * all, or -1 after a failure. */
EXPORT double bench_ort_time(bench_ort *o, int times, int from, int to) {
    void *in[MOST_TENSORS], *fed = NULL;
    for (int i = 0; i < o->inputs; i++) {
        in[i] = o->in[i];
    }
    bool ok = true;
    const double start = ct_clock();
    for (int i = 0; ok && i < times; i++) {
        void *out[MOST_TENSORS] = {NULL};
        ok = good(o, o->api->run(o->session, NULL, o->in_names, in, (size_t)o->inputs, o->out_names,
                                 (size_t)o->outputs, out));
        let_go(o->api->release_value, fed);
        fed = NULL;
        for (int k = 0; k < o->outputs; k++) {
            if (k == from) {
                fed = in[to] = out[k];
            } else {
                let_go(o->api->release_value, out[k]);
            }
        }
    }
    const double spent = (ct_clock() - start) * 1e3;
    let_go(o->api->release_value, fed);
    return ok ? spent : -1;
}
