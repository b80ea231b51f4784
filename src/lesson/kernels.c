#include "lesson/kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/print.h"

enum { FREQUENCIES = 65 }; /* along each side of the response, an odd number: 0 is in the middle */

/* |H(u, v)| = |sum of kernel(x, y) e^-i(ux + vy)|, for u and v from -pi to pi, row by row. */
static bool print_response(const filter_kernel *kernel, ct_error *err) {
    const int w = kernel->width, h = kernel->height, most = w > h ? w : h;
    double *turn = calloc((size_t)FREQUENCIES * (size_t)most * 2, sizeof *turn);
    double *rows = calloc((size_t)FREQUENCIES * (size_t)h * 2, sizeof *rows);
    double *response = calloc((size_t)FREQUENCIES * FREQUENCIES, sizeof *response);
    const bool ok = turn && rows && response;
    for (int i = 0; ok && i < FREQUENCIES * most; i++) {
        const double angle = M_PI * (2.0 * (i / most) / (FREQUENCIES - 1) - 1) * (i % most);
        turn[2 * i] = cos(angle);
        turn[2 * i + 1] = -sin(angle);
    }
    for (int i = 0; ok && i < FREQUENCIES * h; i++) { /* along each row of the kernel */
        for (int x = 0; x < w; x++) {
            const double *t = turn + 2 * (i / h * most + x);
            const double weight = kernel->weights[i % h * w + x];
            rows[2 * i] += weight * t[0];
            rows[2 * i + 1] += weight * t[1];
        }
    }
    for (int i = 0; ok && i < FREQUENCIES * FREQUENCIES; i++) {
        double real = 0, imaginary = 0;
        for (int y = 0; y < h; y++) {
            const double *t = turn + 2 * (i / FREQUENCIES * most + y);
            const double *r = rows + 2 * (i % FREQUENCIES * h + y);
            real += r[0] * t[0] - r[1] * t[1];
            imaginary += r[0] * t[1] + r[1] * t[0];
        }
        response[i] = hypot(real, imaginary);
    }
    if (ok) {
        lesson_print_number("frequencies", FREQUENCIES);
        lesson_print_numbers("response", response, (size_t)FREQUENCIES * FREQUENCIES);
    }
    free(turn);
    free(rows);
    free(response);
    return ok || ct_fail(err, "out of memory");
}

static bool print_kernel(const filter_kernel *kernel, ct_error *err) {
    const int cells = kernel->width * kernel->height;
    double sum = 0;
    for (int i = 0; i < cells; i++) {
        sum += kernel->weights[i];
    }
    printf("{\"width\":%d,\"height\":%d", kernel->width, kernel->height);
    lesson_print_text("name", kernel->name);
    lesson_print_text("summary", kernel->summary);
    lesson_print_text("warning", kernel->warning);
    lesson_print_number("divisor", kernel->divisor);
    lesson_print_numbers("weights", kernel->weights, (size_t)cells);
    lesson_print_number("sum", sum);
    if (kernel->row && kernel->column) {
        lesson_print_numbers("row", kernel->row, (size_t)kernel->width);
        lesson_print_numbers("column", kernel->column, (size_t)kernel->height);
    }
    const bool ok = print_response(kernel, err);
    putchar('}');
    return ok;
}

bool lesson_print_kernel(const char *spec, ct_error *err) {
    filter_kernel *kernel = filter_kernel_load(spec, NULL, err);
    const bool ok = kernel && print_kernel(kernel, err);
    filter_kernel_free(kernel);
    return ok;
}

static void copy_weights(const conv_stage *stage, int k, double *weights) {
    const int w = stage->window.width, cells = w * stage->window.height;
    const int terms = conv_stage_terms(stage);
    for (int i = 0; i < cells; i++) {
        weights[i] = terms ? 0 : stage->weights[k * cells + i];
        for (int t = 0; t < terms; t++) {
            weights[i] +=
                stage->column[t * stage->window.height + i / w] * stage->row[t * w + i % w];
        }
    }
}

bool lesson_print_stage_kernel(const lesson_session *s, int index, int k, ct_error *err) {
    if (index < 0 || index >= s->program.count) {
        return ct_fail(err, "there is no stage %d", index);
    }
    const conv_stage *stage = &s->program.stages[index];
    const bool layer = stage->op == CONV_LAYER;
    const int kernels =
        layer ? stage->filters * (s->shapes[index].channels / conv_stage_groups(stage))
        : stage->kernels > 1 ? stage->kernels
                             : 1;
    if ((!stage->weights && !conv_stage_terms(stage)) || k < 0 || k >= kernels) {
        return ct_fail(err, "the stage has no kernel %d", k);
    }
    filter_kernel kernel = {.width = stage->window.width, .height = stage->window.height};
    kernel.divisor = 1;
    kernel.weights = calloc((size_t)kernel.width * (size_t)kernel.height, sizeof(double));
    bool ok = kernel.weights || ct_fail(err, "out of memory");
    if (ok) {
        copy_weights(stage, k, kernel.weights);
        ok = filter_kernel_separate(&kernel, err) && print_kernel(&kernel, err);
    }
    free(kernel.weights);
    free(kernel.row);
    free(kernel.column);
    return ok;
}
