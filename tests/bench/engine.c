/* The engine as a shared object, for tests/bench/engine.py: the benchmark calls it and its peers in
 * turn within one process. A job is a chain, or a layer, prepared for one shape; it runs on images
 * in memory, in one thread or several, directly or through the flow. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/call/kernel_file.h"
#include "codec/codec.h"
#include "conv/conv.h"
#include "filter/filter.h"
#include "flow/flow.h"

#define EXPORT __attribute__((visibility("default")))

enum { MAX_THREADS = 64 };

typedef struct bench_job {
    filter_program program; /* its stages */
    conv_shape in, out;
    conv_type type;
    bool ready;
    conv_plan *plan; /* NULL: a stage needs the whole image, so only the flow runs it */
    ct_error err;    /* why it isn't ready, or why a run failed */
} bench_job;

static size_t type_size(conv_type type) {
    return type == CONV_F32 ? sizeof(float) : type == CONV_U16 ? 2 : 1;
}

/* ---- making a job; always returns one; bench_error tells what is wrong ---- */

/* A chain of text, as on the command line. */
EXPORT bench_job *bench_chain(const char *text, conv_shape in, conv_type type) {
    const filter_settings settings = {FILTER_COLOR_EACH, FILTER_CLAMP, false};
    const double white = type == CONV_F32 ? 1 : 255;
    const filter_image image = {in.width, in.height, in.channels, false, white, white, white == 1};
    bench_job *job = calloc(1, sizeof *job);
    const filter_defaults files = {.loader = &app_kernel_files};
    filter_chain *chain = filter_parse(text, &files, &job->err);
    bool global = false;
    job->in = in;
    job->type = type;
    if (chain && filter_lower(chain, &settings, &image, &job->program, &job->err)) {
        for (int i = 0; i < job->program.count; i++) {
            global = global || conv_stage_is_whole(&job->program.stages[i]);
        }
        job->out = job->program.out;
        job->plan = global ? NULL
                           : conv_plan_new(job->program.stages, job->program.count, in, type, type,
                                           &job->err);
        job->ready = global || job->plan;
    }
    filter_chain_free(chain);
    return job;
}

/* A layer of a CNN: weights (outputs, in.channels, size, size), zero padding that keeps the size,
 * floats. The weights must stay as long as the job. */
EXPORT bench_job *bench_layer(const double *weights, int outputs, int size, conv_shape in) {
    bench_job *job = calloc(1, sizeof *job);
    const int pad = size / 2;
    job->program.stages = calloc(1, sizeof *job->program.stages);
    job->program.stages[0] =
        (conv_stage){.op = CONV_LAYER,
                     .filters = outputs,
                     .weights = weights,
                     .window = {size, size, 1, 1, 1, 1, pad, pad, pad, pad, pad, pad, CONV_CONSTANT,
                                0, 0, -1, false, false}};
    job->program.count = 1;
    job->plan = conv_plan_new(job->program.stages, 1, in, CONV_F32, CONV_F32, &job->err);
    job->ready = job->plan != NULL;
    job->in = in;
    job->out = job->ready ? conv_plan_out(job->plan) : in;
    job->type = CONV_F32;
    return job;
}

EXPORT void bench_free(bench_job *job) {
    conv_plan_free(job->plan);
    filter_program_free(&job->program);
    free(job);
}

/* NULL: all well. */
EXPORT const char *bench_error(const bench_job *job) {
    return job->ready ? NULL : job->err.text;
}

EXPORT void bench_shape(const bench_job *job, conv_shape *out) {
    *out = job->out;
}

/* ---- running it ---- */

typedef struct run {
    const conv_plan *plan;
    const char *in;
    char *out;
    size_t in_stride, out_stride;
    int band;
    atomic_int next; /* the first output row that nobody has taken */
    atomic_bool failed;
} run;

static const void *image_row(void *context, int y) {
    const run *r = context;
    return r->in + r->in_stride * (size_t)y;
}

/* One worker: takes bands until there are no more. */
static void *work(void *context) {
    run *r = context;
    const int rows = conv_plan_out(r->plan).height;
    conv_stats stats;
    conv_stats_none(&stats);
    conv_worker *worker = conv_worker_new(r->plan, -1);
    if (!worker) {
        r->failed = true;
        return NULL;
    }
    for (int first; (first = atomic_fetch_add(&r->next, r->band)) < rows;) {
        const int end = first + r->band < rows ? first + r->band : rows;
        conv_worker_run(worker, first, end, image_row, r, r->out + r->out_stride * (size_t)first,
                        r->out_stride, &stats);
    }
    conv_worker_free(worker);
    return NULL;
}

static size_t stride_of(conv_shape shape, conv_type type) {
    return (size_t)shape.width * (size_t)shape.channels * type_size(type);
}

static run run_of(const bench_job *job, const void *in, void *out, int threads) {
    const conv_shape shape = job->out;
    const int least = conv_plan_band(job->plan), share = shape.height / (threads * 8) + 1;
    return (run){
        .plan = job->plan,
        .in = in,
        .out = out,
        .in_stride = stride_of(job->in, job->type),
        .out_stride = stride_of(shape, job->type),
        .band = threads == 1    ? shape.height
                : least > share ? least
                                : share,
    };
}

static codec_info info_of(conv_shape shape, conv_type type) {
    return (codec_info){.width = shape.width,
                        .height = shape.height,
                        .channels = shape.channels,
                        .sample = type == CONV_F32   ? CODEC_F32
                                  : type == CONV_U16 ? CODEC_U16
                                                     : CODEC_U8,
                        .meta = {.srgb_intent = -1}};
}

/* The same through src/flow, where reader and writer copy rows from and to the images. */
EXPORT bool bench_flow(bench_job *job, const void *in, void *out, int threads) {
    const codec_info in_info = info_of(job->in, job->type), out_info = info_of(job->out, job->type);
    const flow_options options = {.jobs = threads, .alpha = -1};
    flow_report report;
    codec_reader *reader = codec_open_image(&in_info, in, stride_of(job->in, job->type), &job->err);
    codec_writer *writer =
        codec_create_image(&out_info, out, stride_of(job->out, job->type), &job->err);
    const flow_job whole = {.in = reader,
                            .stages = job->program.stages,
                            .count = job->program.count,
                            .out = writer,
                            .out_info = &out_info};
    const bool ok = reader && writer && flow_run(&whole, &options, &report, &job->err);
    codec_close(reader);
    codec_writer_free(writer);
    return ok;
}

typedef struct flow_call {
    bench_job job; /* a copy, for its error */
    const void *in;
    void *out;
    bool ok;
} flow_call;

static void *flow_alone(void *context) {
    flow_call *call = context;
    call->ok = bench_flow(&call->job, call->in, call->out, 1);
    return NULL;
}

static bool apart_in_flow(bench_job *job, const void *in, void *out, void *other) {
    flow_call calls[2] = {{.job = *job, .in = in, .out = out},
                          {.job = *job, .in = in, .out = other}};
    pthread_t thread;
    const bool started = pthread_create(&thread, NULL, flow_alone, &calls[1]) == 0;
    flow_alone(&calls[0]);
    if (started) {
        pthread_join(thread, NULL);
    }
    return started && calls[0].ok && calls[1].ok;
}

/* Two threads that share only the plan and the input: each makes the whole image, into an array of
 * its own. The extra time over one thread is what they wait for the machine. */
EXPORT bool bench_apart(bench_job *job, const void *in, void *out, void *other) {
    if (!job->plan) {
        return apart_in_flow(job, in, out, other);
    }
    run runs[2];
    for (int i = 0; i < 2; i++) {
        runs[i] = run_of(job, in, i ? other : out, 1);
    }
    pthread_t thread;
    const bool started = pthread_create(&thread, NULL, work, &runs[1]) == 0;
    work(&runs[0]);
    if (started) {
        pthread_join(thread, NULL);
    }
    return started && !runs[0].failed && !runs[1].failed;
}

/* One thread runs the whole image as one band; the calling thread is the first of several. */
EXPORT bool bench_run(bench_job *job, const void *in, void *out, int threads) {
    if (!job->plan) {
        return bench_flow(job, in, out, threads);
    }
    run r = run_of(job, in, out, threads);
    pthread_t others[MAX_THREADS];
    int started = 1;
    while (started < threads && started < MAX_THREADS &&
           pthread_create(&others[started], NULL, work, &r) == 0) {
        started++;
    }
    work(&r);
    for (int i = 1; i < started; i++) {
        pthread_join(others[i], NULL);
    }
    return started == threads && !r.failed;
}

/* ---- the instruction set ---- */

/* For the jobs made and run from now on; false where the processor doesn't have it. */
EXPORT bool bench_isa_choose(const char *name) {
    return conv_isa_choose(name, NULL);
}

EXPORT const char *bench_isa(void) {
    return conv_isa();
}
