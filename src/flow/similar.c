#include "flow/similar.h"

#include <math.h>
#include <stdlib.h>

enum { WINDOW = 7, CELLS = WINDOW * WINDOW };

/* Sums over samples: of each image, of their squares, and of their products. At most 49 x 255^2 in
 * a window, so whole numbers hold them. */
typedef struct sums {
    int32_t a, b, aa, bb, ab;
} sums;

static void add_sample(sums *s, int a, int b, int sign) {
    s->a += sign * a;
    s->b += sign * b;
    s->aa += sign * a * a;
    s->bb += sign * b * b;
    s->ab += sign * a * b;
}

static void add_sums(sums *s, const sums *more, int sign) {
    s->a += sign * more->a;
    s->b += sign * more->b;
    s->aa += sign * more->aa;
    s->bb += sign * more->bb;
    s->ab += sign * more->ab;
}

static double index_of(const sums *s) {
    const double n = CELLS, c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
    const double a = s->a / n, b = s->b / n;
    const double var_a = (s->aa - n * a * a) / (n - 1), var_b = (s->bb - n * b * b) / (n - 1);
    const double cov = (s->ab - n * a * b) / (n - 1);
    return (2 * a * b + c1) * (2 * cov + c2) / ((a * a + b * b + c1) * (var_a + var_b + c2));
}

/* Row y of both images enters (1) or leaves (-1) the columns' sums. */
static void move_row(const conv_shape *shape, const uint8_t *a, const uint8_t *b, int y, int sign,
                     sums *columns) {
    const size_t samples = (size_t)shape->width * (size_t)shape->channels;
    const uint8_t *row_a = a + (size_t)y * samples, *row_b = b + (size_t)y * samples;
    for (size_t i = 0; i < samples; i++) {
        add_sample(&columns[i], row_a[i], row_b[i], sign);
    }
}

/* Adds up the index of all windows in the WINDOW rows whose columns are summed. */
static double sum_row(const conv_shape *shape, const sums *columns) {
    const int channels = shape->channels;
    double total = 0;
    for (int c = 0; c < channels; c++) {
        sums window = {0};
        for (int x = 0; x < shape->width; x++) {
            add_sums(&window, &columns[x * channels + c], 1);
            if (x >= WINDOW) {
                add_sums(&window, &columns[(x - WINDOW) * channels + c], -1);
            }
            total += x >= WINDOW - 1 ? index_of(&window) : 0;
        }
    }
    return total;
}

static bool compute_ssim(conv_shape shape, const uint8_t *a, const uint8_t *b, double *ssim,
                         ct_error *err) {
    *ssim = NAN;
    if (shape.width < WINDOW || shape.height < WINDOW) {
        return true;
    }
    sums *columns = calloc((size_t)shape.width * (size_t)shape.channels, sizeof *columns);
    if (!columns) {
        return ct_fail(err, "out of memory");
    }
    double total = 0;
    for (int y = 0; y < shape.height; y++) {
        move_row(&shape, a, b, y, 1, columns);
        if (y >= WINDOW) {
            move_row(&shape, a, b, y - WINDOW, -1, columns);
        }
        total += y >= WINDOW - 1 ? sum_row(&shape, columns) : 0;
    }
    free(columns);
    *ssim = total / shape.channels / (shape.width - WINDOW + 1) / (shape.height - WINDOW + 1);
    return true;
}

bool flow_compare(conv_shape shape, const uint8_t *a, const uint8_t *b, flow_similarity *out,
                  ct_error *err) {
    const size_t samples = (size_t)shape.width * (size_t)shape.height * (size_t)shape.channels;
    uint64_t squares = 0;
    out->most = 0;
    for (size_t i = 0; i < samples; i++) {
        const int difference = abs(a[i] - b[i]);
        squares += (uint64_t)(difference * difference);
        out->most = difference > out->most ? difference : out->most;
    }
    out->psnr = squares ? 10 * log10(255.0 * 255.0 * (double)samples / (double)squares) : INFINITY;
    return compute_ssim(shape, a, b, &out->ssim, err);
}
