/* Runs one CNN layer on floats, for tests/peers.py: standard input has the image (height, width,
 * channels), the weights (filters, channels, height, width) and the biases; standard output gets
 * the result (height, width, filters). Native floats without gaps.
 *   layer ISA W H CHANNELS FILTERS KW KH STRIDE_X STRIDE_Y DILATION_X DILATION_Y PAD_X PAD_Y
 *         BORDER FILL RELU */
#include <stdio.h>
#include <stdlib.h>

#include "conv/conv.h"

static float *read_floats(size_t n) {
    float *floats = malloc((n + 1) * sizeof *floats);
    if (!floats || fread(floats, sizeof *floats, n, stdin) != n) {
        fprintf(stderr, "layer: standard input is too short\n");
        exit(1);
    }
    return floats;
}

static double *read_doubles(size_t n) {
    double *doubles = malloc((n + 1) * sizeof *doubles);
    float *floats = read_floats(n);
    for (size_t i = 0; doubles && i < n; i++) {
        doubles[i] = (double)floats[i];
    }
    free(floats);
    return doubles;
}

typedef struct image {
    const float *samples;
    size_t row; /* floats */
} image;

static const void *image_row(void *context, int y) {
    const image *im = context;
    return im->samples + im->row * (size_t)y;
}

/* Runs the whole image as one band; false if there is no plan or no memory. */
static bool run(const conv_stage *stage, conv_shape in, const float *samples, ct_error *err) {
    conv_plan *plan = conv_plan_new(stage, 1, in, CONV_F32, CONV_F32, err);
    conv_worker *worker = plan ? conv_worker_new(plan, -1) : NULL;
    const conv_shape out = plan ? conv_plan_out(plan) : (conv_shape){0};
    const size_t row = (size_t)out.width * (size_t)out.channels, n = row * (size_t)out.height;
    float *result = malloc((n + 1) * sizeof *result);
    const bool ok = worker && result;
    if (ok) {
        image im = {samples, (size_t)in.width * (size_t)in.channels};
        conv_stats stats;
        conv_stats_none(&stats);
        conv_worker_run(worker, 0, out.height, image_row, &im, result, row * sizeof *result,
                        &stats);
    }
    const bool written = ok && fwrite(result, sizeof *result, n, stdout) == n && !fflush(stdout);
    free(result);
    conv_worker_free(worker);
    conv_plan_free(plan);
    return written;
}

int main(int argc, char **argv) {
    int a[17] = {0};
    for (int i = 2; i < argc && i < 17; i++) {
        a[i] = atoi(argv[i]);
    }
    ct_error err = {"out of memory"};
    if (argc != 17 || !conv_isa_choose(argv[1], &err)) {
        fprintf(stderr, "layer: %s\n", argc != 17 ? "16 arguments expected" : err.text);
        return 2;
    }
    const conv_shape in = {a[2], a[3], a[4]};
    const size_t cells = (size_t)in.channels * (size_t)a[6] * (size_t)a[7];
    float *samples = read_floats((size_t)in.width * (size_t)in.height * (size_t)in.channels);
    double *weights = read_doubles((size_t)a[5] * cells);
    double *bias = read_doubles((size_t)a[5]);
    const conv_stage stage = {.op = CONV_LAYER,
                              .filters = a[5],
                              .weights = weights,
                              .bias = bias,
                              .relu = a[16],
                              .window = {.width = a[6],
                                         .height = a[7],
                                         .stride_x = a[8],
                                         .stride_y = a[9],
                                         .dilation_x = a[10],
                                         .dilation_y = a[11],
                                         .left = a[12],
                                         .right = a[12],
                                         .top = a[13],
                                         .bottom = a[13],
                                         .border = (conv_border)a[14],
                                         .fill = (float)a[15],
                                         .alpha = -1}};
    const bool ok = run(&stage, in, samples, &err);
    free(samples);
    free(weights);
    free(bias);
    if (!ok) {
        fprintf(stderr, "layer: %s\n", err.text);
    }
    return ok ? 0 : 1;
}
