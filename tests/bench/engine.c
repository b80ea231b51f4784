/* Runs one chain on an image in memory, once for every line on standard input, and answers with the
 * nanoseconds that it took. One thread; 8-bit samples in and out.
 *   engine CHAIN WIDTH HEIGHT CHANNELS < lines */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "conv/conv.h"
#include "filter/filter.h"

typedef struct image {
    conv_shape shape;
    unsigned char *samples;
} image;

static const void *image_row(void *context, int y) {
    const image *im = context;
    return im->samples + (size_t)y * (size_t)im->shape.width * (size_t)im->shape.channels;
}

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static image make_image(conv_shape shape) {
    const size_t n = (size_t)shape.width * (size_t)shape.height * (size_t)shape.channels;
    image im = {shape, malloc(n)};
    unsigned state = 1; /* noise: xorshift (Marsaglia 2003) */
    for (size_t i = 0; im.samples && i < n; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        im.samples[i] = (unsigned char)state;
    }
    return im;
}

static conv_plan *make_plan(const char *text, conv_shape shape, ct_error *err) {
    const filter_settings settings = {FILTER_COLOR_AUTO, FILTER_CLAMP, false};
    const filter_image about = {shape.width, shape.height, shape.channels, false, 255, 255};
    filter_program program = {0};
    filter_chain *chain = filter_parse(text, NULL, err);
    conv_plan *plan = NULL;
    if (chain && filter_lower(chain, &settings, &about, &program, err)) {
        plan = conv_plan_new(program.stages, program.count, shape, CONV_U8, CONV_U8, err);
    }
    filter_program_free(&program);
    filter_chain_free(chain);
    return plan;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: engine CHAIN WIDTH HEIGHT CHANNELS\n");
        return 2;
    }
    const conv_shape shape = {atoi(argv[2]), atoi(argv[3]), atoi(argv[4])};
    ct_error err = {"out of memory"};
    conv_plan *plan = make_plan(argv[1], shape, &err);
    image im = plan ? make_image(shape) : (image){0};
    const conv_shape out = plan ? conv_plan_out(plan) : (conv_shape){0};
    const size_t stride = (size_t)out.width * (size_t)out.channels;
    unsigned char *result = malloc(stride * (size_t)out.height + 1);
    if (!plan || !im.samples || !result) {
        fprintf(stderr, "engine: %s\n", err.text);
        return 1;
    }
    printf("%s\n", conv_isa());
    fflush(stdout);
    while (getchar() == '\n') {
        const long long start = now();
        conv_worker *worker = conv_worker_new(plan, -1);
        conv_stats stats;
        conv_stats_none(&stats);
        if (!worker) {
            return 1;
        }
        conv_worker_run(worker, 0, out.height, image_row, &im, result, stride, &stats);
        conv_worker_free(worker);
        printf("%lld\n", now() - start);
        fflush(stdout);
    }
    conv_plan_free(plan);
    free(im.samples);
    free(result);
    return 0;
}
