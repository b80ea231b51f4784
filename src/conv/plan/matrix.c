#include "conv/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "conv/rows/table.h"

enum {
    MOST_LANES = 16,
    TILES = 84,              /* rows: a multiple of every kernel's tile */
    NEAR_BYTES = 128 * 1024, /* of rows that wait in the L2 cache for the next panel */
    FEW = 2,                 /* rows that are made one by one, at the memory's pace */
};

static size_t lanes_of(const conv_matrix *matrix) {
    return (size_t)matrix->kernels->lanes;
}

static size_t padded_columns(const conv_matrix *matrix) {
    return matrix->vectors * lanes_of(matrix);
}

/* A panel's vectors: two, but for the last one if they're an odd number. */
static size_t vectors_of(const conv_matrix *matrix, size_t panel) {
    return ct_min_size(2, matrix->vectors - 2 * panel);
}

static float *panel_at(const conv_matrix *matrix, size_t panel) {
    return matrix->packed + 2 * panel * lanes_of(matrix) * matrix->rows;
}

static float *bias_of(const conv_matrix *matrix) {
    return matrix->packed + padded_columns(matrix) * matrix->rows;
}

bool conv_matrix_new(conv_matrix *matrix, size_t rows, size_t columns) {
    const rows_table *kernels = rows_chosen();
    if (kernels->half && columns <= (size_t)kernels->half->lanes) {
        kernels = kernels->half; /* they fill its vectors */
    }
    *matrix = (conv_matrix){.rows = rows, .columns = columns, .kernels = kernels};
    size_t floats, bytes;
    if (columns > SIZE_MAX / 64) {
        return false;
    }
    matrix->vectors = ct_round_up(columns, lanes_of(matrix)) / lanes_of(matrix);
    matrix->panels = (matrix->vectors + 1) / 2;
    if (rows == SIZE_MAX || !ct_mul(padded_columns(matrix), rows + 1, &floats) ||
        !ct_mul(floats, sizeof(float), &bytes) || bytes > SIZE_MAX / 2) {
        return false;
    }
    matrix->packed = aligned_alloc(64, ct_round_up(bytes + 1, 64));
    if (!matrix->packed) {
        return false;
    }
    conv_matrix_bias(matrix, NULL, 0, 0);
    return true;
}

void conv_matrix_free(conv_matrix *matrix) {
    free(matrix->packed);
    matrix->packed = NULL;
}

size_t conv_matrix_column(const conv_matrix *matrix, size_t panel) {
    return ct_min_size(2 * panel * lanes_of(matrix), matrix->columns);
}

/* A panel that lacks columns is filled up with zeros. */
static void pack_panel(float *restrict to, const float *restrict from, size_t rows, size_t row_step,
                       size_t column_step, size_t columns, size_t padded, float factor) {
    for (size_t i = 0; i < rows; i++, from += row_step, to += padded) {
        if (column_step == 1 && factor == 1) {
            memcpy(to, from, columns * sizeof *to);
        } else {
            for (size_t j = 0; j < columns; j++) {
                to[j] = factor * from[j * column_step];
            }
        }
        for (size_t j = columns; j < padded; j++) {
            to[j] = 0;
        }
    }
}

void conv_matrix_pack(conv_matrix *matrix, const float *from, size_t row_step, size_t column_step,
                      float factor) {
    for (size_t p = 0; p < matrix->panels; p++) {
        const size_t first = conv_matrix_column(matrix, p);
        pack_panel(panel_at(matrix, p), from + first * column_step, matrix->rows, row_step,
                   column_step, conv_matrix_column(matrix, p + 1) - first,
                   vectors_of(matrix, p) * lanes_of(matrix), factor);
    }
}

void conv_matrix_bias(conv_matrix *matrix, const float *bias, size_t step, float factor) {
    float *to = bias_of(matrix);
    for (size_t j = 0; j < padded_columns(matrix); j++) {
        to[j] = bias && j < matrix->columns ? factor * bias[j * step] : 0;
    }
}

/* The share of some panels of a few rows. */
static void multiply_few(const conv_matrix *matrix, size_t first, size_t end, float *out,
                         size_t out_step, const float *in, size_t in_step, size_t rows) {
    const size_t lanes = lanes_of(matrix), step = vectors_of(matrix, first) * lanes;
    const size_t vectors = 2 * (end - first - 1) + vectors_of(matrix, end - 1);
    for (size_t r = 0; r < rows; r++) {
        matrix->kernels->combine(out + r * out_step, bias_of(matrix) + 2 * first * lanes,
                                 in + r * in_step, matrix->rows, panel_at(matrix, first), step,
                                 step * matrix->rows, vectors);
        if (matrix->relu) {
            matrix->kernels->relu(out + r * out_step, out + r * out_step, vectors * lanes);
        }
    }
}

/* A panel's share of some rows. */
static void multiply_panel(const conv_matrix *matrix, size_t panel, float *out, size_t out_step,
                           const float *in, size_t in_step, size_t rows, bool few) {
    if (few) {
        multiply_few(matrix, panel, panel + 1, out, out_step, in, in_step, rows);
        return;
    }
    const float *const run[] = {in};
    const size_t lanes = lanes_of(matrix);
    const rows_layer part = {.in = run,
                             .runs = 1,
                             .length = matrix->rows,
                             .step = in_step,
                             .out_step = out_step,
                             .vectors = (int)vectors_of(matrix, panel),
                             .weights = panel_at(matrix, panel),
                             .bias = bias_of(matrix) + 2 * panel * lanes,
                             .relu = matrix->relu};
    matrix->kernels->layer(out, &part, rows);
}

/* The kernels write whole vectors. Where the last one has columns too many, its panel is made
 * apart. */
static void multiply_last(const conv_matrix *matrix, size_t panel, float *out, size_t out_step,
                          const float *in, size_t in_step, size_t rows, bool few) {
    float apart[TILES * 2 * MOST_LANES] __attribute__((aligned(64)));
    const size_t padded = vectors_of(matrix, panel) * lanes_of(matrix);
    const size_t columns = matrix->columns - conv_matrix_column(matrix, panel);
    multiply_panel(matrix, panel, apart, padded, in, in_step, rows, few);
    for (size_t r = 0; r < rows; r++) {
        memcpy(out + r * out_step, apart + r * padded, columns * sizeof *out);
    }
}

static size_t rows_at_once(size_t rows, size_t in_step) {
    return rows <= TILES
               ? TILES
               : ct_max_size(NEAR_BYTES / sizeof(float) / (in_step + 1) / TILES, 1) * TILES;
}

void conv_matrix_multiply(const conv_matrix *matrix, float *out, size_t out_step, const float *in,
                          size_t in_step, size_t rows, size_t first, size_t end) {
    const bool apart = matrix->columns != padded_columns(matrix), few = rows <= FEW;
    const size_t most = rows_at_once(rows, in_step);
    if (few && first < end) {
        /* Panels that are whole, and of two vectors each. */
        const bool odd = end == matrix->panels && matrix->columns != 2 * end * lanes_of(matrix);
        const size_t whole = end - odd;
        if (first < whole) {
            multiply_few(matrix, first, whole, out + conv_matrix_column(matrix, first), out_step,
                         in, in_step, rows);
        }
        first = whole;
    }
    for (size_t count; rows > 0; rows -= count, in += count * in_step, out += count * out_step) {
        count = ct_min_size(rows, most);
        for (size_t p = first; p < end; p++) {
            float *to = out + conv_matrix_column(matrix, p);
            if (p + 1 < matrix->panels || !apart) {
                multiply_panel(matrix, p, to, out_step, in, in_step, count, few);
                continue;
            }
            for (size_t r = 0; r < count; r += TILES) {
                multiply_last(matrix, p, to + r * out_step, out_step, in + r * in_step, in_step,
                              ct_min_size(count - r, TILES), few);
            }
        }
    }
}

void conv_matrix_multiply_runs(const conv_matrix *matrix, float *out, size_t out_step,
                               const float *in, size_t run_step, size_t runs, size_t in_step,
                               size_t rows) {
    const float *run[CONV_MATRIX_RUNS];
    float apart[TILES * 2 * MOST_LANES] __attribute__((aligned(64)));
    const size_t lanes = lanes_of(matrix), length = matrix->rows / runs;
    for (size_t count; rows > 0; rows -= count, in += count * in_step, out += count * out_step) {
        count = ct_min_size(rows, TILES);
        for (size_t r = 0; r < runs; r++) {
            run[r] = in + r * run_step;
        }
        for (size_t p = 0; p < matrix->panels; p++) {
            const size_t first = conv_matrix_column(matrix, p),
                         padded = vectors_of(matrix, p) * lanes;
            const size_t columns = conv_matrix_column(matrix, p + 1) - first;
            const bool fills = columns == padded;
            const rows_layer part = {.in = run,
                                     .runs = runs,
                                     .length = length,
                                     .step = in_step,
                                     .out_step = fills ? out_step : padded,
                                     .vectors = (int)vectors_of(matrix, p),
                                     .weights = panel_at(matrix, p),
                                     .bias = bias_of(matrix) + first,
                                     .relu = matrix->relu};
            matrix->kernels->layer(fills ? out + first : apart, &part, count);
            for (size_t r = 0; !fills && r < count; r++) {
                memcpy(out + r * out_step + first, apart + r * padded, columns * sizeof *out);
            }
        }
    }
}

void conv_matrix_row(float *out, const float *in, const float *matrix, size_t step, size_t rows,
                     size_t columns) {
    const rows_table *kernels = rows_chosen();
    const size_t lanes = (size_t)kernels->lanes, whole = columns / lanes;
    kernels->combine(out, NULL, in, rows, matrix, step, 2 * lanes, whole);
    for (size_t j = whole * lanes; j < columns; j++) {
        float sum = 0;
        for (size_t i = 0; i < rows; i++) {
            sum += in[i] * matrix[i * step + j];
        }
        out[j] = sum;
    }
}

void conv_matrix_column_product(float *out, size_t out_step, const float *matrix, size_t step,
                                size_t rows, const float *in, size_t columns) {
    rows_chosen()->dots(out, out_step, matrix, step, rows, in, columns);
}
