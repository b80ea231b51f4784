/* Networks for tests/bench/networks.py, in the same shared object as the engine: a model, planned
 * for inputs of certain shapes, which runs as often as is asked for: as the program runs it, by
 * rows where it is local from one image to another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/run/team.h"
#include "base/clock.h"
#include "base/minmax.h"
#include "net/rows.h"
#include "net/stream.h"

#define EXPORT __attribute__((visibility("default")))

enum { MOST_TENSORS = 16 };

/* An image by rows: from planes to planes, as peers have them. */
typedef struct by_rows {
    net_plan *plan;
    net_stream *stream; /* NULL: the whole tensors are run */
    conv_shape in, out;
    float *before, *after, *planes; /* rows; what is made of them */
} by_rows;

typedef struct bench_net {
    net_model *model;
    net_plan *plan;
    app_team *team;
    net_runner *runner;
    by_rows rows;
    int inputs, outputs;
    net_tensor in[MOST_TENSORS], out[MOST_TENSORS]; /* in the plan's order */
    ct_error err;                                   /* why there is no runner, or a run failed */
} bench_net;

static bool load(bench_net *b, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return ct_fail(&b->err, "%s can't be opened", path);
    }
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)size + 1);
    if (bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
        b->model = net_load(bytes, (size_t)size, NULL, 0, &b->err);
    }
    free(bytes);
    fclose(file);
    return b->model != NULL;
}

static bool plan(bench_net *b, const net_given *given, int count) {
    net_given shapes[MOST_TENSORS];
    for (int i = 0; i < count; i++) {
        shapes[i] = given[i];
        shapes[i].tensor.data = NULL;
    }
    const net_wanted wanted = {.given = shapes, .given_count = count};
    b->plan = net_plan_new(b->model, &wanted, &b->err);
    if (!b->plan) {
        return false;
    }
    b->inputs = net_plan_input_count(b->plan);
    b->outputs = net_plan_output_count(b->plan);
    for (int i = 0; i < b->inputs; i++) {
        for (int k = 0; k < count; k++) {
            if (!strcmp(net_plan_input(b->plan, i)->name, given[k].name)) {
                b->in[i] = given[k].tensor;
            }
        }
        if (!b->in[i].data) {
            return ct_fail(&b->err, "input %s isn't given", net_plan_input(b->plan, i)->name);
        }
    }
    return true;
}

static float *floats_of(conv_shape shape) {
    const size_t floats = (size_t)shape.width * (size_t)shape.height * (size_t)shape.channels;
    return malloc(floats * sizeof(float));
}

/* Whatever isn't local stays as it is. */
static bool plan_rows(bench_net *b, const net_given *given, int count) {
    by_rows *r = &b->rows;
    net_given shape = given[0];
    ct_error why;
    shape.tensor.data = NULL;
    const net_wanted wanted = {.given = &shape, .given_count = 1, .by_rows = true};
    r->plan = count == 1 ? net_plan_new(b->model, &wanted, &why) : NULL;
    if (!r->plan || !net_plan_is_local(r->plan, &r->in, &r->out, &why)) {
        return true;
    }
    r->stream = net_stream_new(r->plan, b->team ? app_team_net(b->team) : NULL, 0, &b->err);
    r->before = floats_of(r->in);
    r->after = floats_of(r->out);
    r->planes = floats_of(r->out);
    b->out[0] = (net_tensor){
        .type = NET_FLOAT, .shape = net_plan_output(b->plan, 0)->shape, .data = r->planes};
    return r->stream && r->before && r->after && r->planes;
}

static bool run_rows(bench_net *b) {
    const by_rows *r = &b->rows;
    const size_t stride = (size_t)r->out.width * (size_t)r->out.channels;
    net_image image = {r->before, (size_t)r->in.width * (size_t)r->in.channels};
    net_planes_to_rows(b->in[0].data, r->in, r->before);
    net_stream_restart(r->stream);
    for (int y = 0, end; y < r->out.height; y = end) {
        int from, to;
        end = ct_min(y + net_stream_block(r->stream), r->out.height);
        net_stream_reach(r->stream, y, end, &from, &to);
        if (!net_stream_run(r->stream, y, end, net_image_row, &image, r->after + (size_t)y * stride,
                            stride, &b->err)) {
            return false;
        }
    }
    net_rows_to_planes(r->after, r->out, r->planes);
    return true;
}

/* Always returns one; bench_net_error tells what is wrong. The inputs' data, which the caller owns,
 * is read (and with `again`, written) at each run. */
EXPORT bench_net *bench_net_new(const char *path, int threads, const net_given *given, int count) {
    bench_net *b = calloc(1, sizeof *b);
    if (count <= MOST_TENSORS && load(b, path) && plan(b, given, count)) {
        b->team = threads > 1 ? app_team_new(threads) : NULL;
        b->runner = net_runner_new(b->plan, b->team ? app_team_net(b->team) : NULL, &b->err);
        if (!plan_rows(b, given, count) && !*b->err.text) {
            ct_fail(&b->err, "out of memory");
        }
    }
    return b;
}

EXPORT void bench_net_free(bench_net *b) {
    net_runner_free(b->runner);
    net_stream_free(b->rows.stream);
    net_plan_free(b->rows.plan);
    free(b->rows.before);
    free(b->rows.after);
    free(b->rows.planes);
    app_team_free(b->team);
    net_plan_free(b->plan);
    net_free(b->model);
    free(b);
}

/* NULL: all well. */
EXPORT const char *bench_net_error(const bench_net *b) {
    return b->runner && !*b->err.text ? NULL : b->err.text;
}

/* The place of an input or output, or -1. */
EXPORT int bench_net_input(const bench_net *b, const char *name) {
    for (int i = 0; i < b->inputs; i++) {
        if (!strcmp(net_plan_input(b->plan, i)->name, name)) {
            return i;
        }
    }
    return -1;
}

EXPORT int bench_net_output(const bench_net *b, const char *name) {
    for (int i = 0; i < b->outputs; i++) {
        if (!strcmp(net_plan_output(b->plan, i)->name, name)) {
            return i;
        }
    }
    return -1;
}

/* Runs `times` times; output `from` (-1: none) becomes input `to` of the next run. Milliseconds in
 * all, or -1 after a failure. */
EXPORT double bench_net_time(bench_net *b, int times, int from, int to) {
    const double start = ct_clock();
    for (int i = 0; i < times; i++) {
        if (!(b->rows.stream ? run_rows(b) : net_run(b->runner, b->in, b->out, &b->err))) {
            return -1;
        }
        if (from >= 0) {
            size_t bytes;
            net_bytes(&b->out[from], &bytes);
            memcpy(b->in[to].data, b->out[from].data, bytes);
        }
    }
    return (ct_clock() - start) * 1e3;
}

/* What the last run made. */
EXPORT const net_tensor *bench_net_result(const bench_net *b, int output) {
    return &b->out[output];
}
