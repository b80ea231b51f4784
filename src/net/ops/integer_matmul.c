/* Products of matrices of 8-bit numbers, exact in 32 bits (ONNX: MatMulInteger, QLinearMatMul). */
#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "net/ops/matrix_shape.h"
#include "net/ops/ops.h"
#include "net/ops/scales.h"

enum { COLUMNS = 256 }; /* at a time */

/* Where the inputs stand: those of QLinearMatMul that MatMulInteger doesn't have are -1. */
typedef struct places {
    int a, a_scale, a_point, b, b_scale, b_point, y_scale, y_point;
} places;

static const places INTEGER = {0, -1, 2, 1, -1, 3, -1, -1};
static const places LINEAR = {0, 1, 2, 3, 4, 5, 6, 7};

/* Scales and zero points: one number, one for each row (left) or column (right) of all matrices, or
 * of each. */
static bool want_points(const net_call *call, int i, const net_shape *matrix, bool left,
                        ct_error *err) {
    const int64_t many = matrix->size[matrix->rank - (left ? 2 : 1)];
    const net_shape batch = net_batch_of(matrix);
    const net_tensor *in = i < 0 ? NULL : net_in(call, i);
    size_t count, matrices;
    if (!in || many < 0 || !net_shape_count(&batch, &matrices) ||
        !net_shape_count(&in->shape, &count) || count == matrices * (size_t)many) {
        return true;
    }
    return net_want_numbers(call, i, many, err);
}

/* The shape of the product, as NumPy's matmul; rank -1: not known yet. */
static bool product_shape(const net_call *call, const places *at, net_shape *out, ct_error *err) {
    const net_tensor *a = call->in[at->a], *b = call->in[at->b];
    *out = (net_shape){.rank = -1};
    if (!net_want_byte(call, at->a, err) || !net_want_byte(call, at->b, err) ||
        !net_want_rank(call, at->a, 1, NET_MOST_DIMENSIONS, err) ||
        !net_want_rank(call, at->b, 1, NET_MOST_DIMENSIONS, err) ||
        !net_want_type(call, at->a_point, a->type, err) ||
        !net_want_type(call, at->b_point, b->type, err)) {
        return false;
    }
    if (a->shape.rank < 0 || b->shape.rank < 0) {
        return true;
    }
    const net_shape left = net_matrix_of(&a->shape, true), right = net_matrix_of(&b->shape, false);
    return net_matmul_shape(&a->shape, &b->shape, out, err) &&
           want_points(call, at->a_point, &left, true, err) &&
           want_points(call, at->a_scale, &left, true, err) &&
           want_points(call, at->b_point, &right, false, err) &&
           want_points(call, at->b_scale, &right, false, err);
}

static bool integer_shape(const net_call *call, ct_error *err) {
    net_shape out;
    if (!product_shape(call, &INTEGER, &out, err)) {
        return false;
    }
    net_give(call, 0, NET_I32, &out);
    return true;
}

static bool linear_shape(const net_call *call, ct_error *err) {
    net_shape out;
    if (!net_want_type(call, 1, NET_FLOAT, err) || !net_want_type(call, 4, NET_FLOAT, err) ||
        !net_want_type(call, 6, NET_FLOAT, err) || !net_want_byte(call, 7, err) ||
        !net_want_numbers(call, 6, 1, err) || !net_want_numbers(call, 7, 1, err) ||
        !product_shape(call, &LINEAR, &out, err)) {
        return false;
    }
    net_give(call, 0, call->in[7]->type, &out);
    return true;
}

/* ---- run ---- */

/* Matrices of one input. */
typedef struct side {
    net_shape shape;
    size_t rows, columns, many; /* many: of them, rows (left) or columns (right) */
    const net_tensor *points, *scales;
    int16_t *wide; /* all elements less their zero points */
} side;

/* Which of the scales or zero points is that of row or column i of a matrix. */
static size_t place_of(const net_tensor *points, const side *s, size_t matrix, size_t i) {
    const size_t count = points ? net_count(points) : 1;
    return count == 1 ? 0 : count == s->many ? i : matrix * s->many + i;
}

static bool widen(side *s, const net_tensor *in, bool left, ct_error *err) {
    const size_t count = net_count(in), size = s->rows * s->columns;
    const uint8_t *plain = in->data;
    size_t bytes;
    s->wide = ct_mul(count + 1, sizeof *s->wide, &bytes) ? malloc(bytes) : NULL;
    if (!s->wide) {
        return ct_fail(err, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        s->wide[i] = in->type == NET_U8 ? plain[i] : (int8_t)plain[i];
    }
    for (size_t at = 0; s->points && at < count; at += s->columns) {
        const size_t matrix = at / size, row = at % size / s->columns;
        for (size_t k = 0; k < s->columns; k++) {
            const size_t place = place_of(s->points, s, matrix, left ? row : k);
            s->wide[at + k] = (int16_t)(s->wide[at + k] - net_whole_at(s->points, place));
        }
    }
    return true;
}

typedef struct product {
    const net_call *call;
    side a, b;
    net_shape batch;
    const net_tensor *y_scale, *y_point; /* NULL: the sums are the output */
} product;

/* Which matrix of an input belongs to one of the output. */
static size_t matrix_at(const product *p, const side *s, size_t index) {
    size_t at = 0, step = 1;
    for (int axis = 0; axis < p->batch.rank; axis++) {
        const size_t size = (size_t)p->batch.size[p->batch.rank - 1 - axis];
        if (axis < s->shape.rank - 2) {
            const size_t own = (size_t)s->shape.size[s->shape.rank - 3 - axis];
            at += own == 1 ? 0 : index % size * step;
            step *= own;
        }
        index /= size;
    }
    return at;
}

/* sums[j] = the sum over k of row[k] columns[k][j], modulo 2^32. */
static void sum(uint32_t *sums, const int16_t *row, const int16_t *columns, size_t depth,
                size_t step, size_t n) {
    for (size_t j = 0; j < n; j++) {
        sums[j] = 0;
    }
    for (size_t k = 0; k < depth; k++) {
        const int16_t x = row[k], *restrict y = columns + k * step;
        for (size_t j = 0; j < n; j++) {
            sums[j] += (uint32_t)((int32_t)x * (int32_t)y[j]);
        }
    }
}

static void put(const product *p, size_t at, const uint32_t *sums, size_t n, float scale,
                size_t matrix, size_t column) {
    const net_tensor *out = p->call->out[0];
    if (!p->y_scale) {
        for (size_t j = 0; j < n; j++) {
            ((int32_t *)out->data)[at + j] = (int32_t)sums[j];
        }
        return;
    }
    const float by = net_scale_at(p->y_scale, 0), point = (float)net_point_at(p->y_point, 0);
    for (size_t j = 0; j < n; j++) {
        const size_t place = place_of(p->b.scales, &p->b, matrix, column + j);
        const float value =
            (float)(int32_t)sums[j] * (scale * (float)net_real_at(p->b.scales, place) / by);
        if (out->type == NET_U8) {
            ((uint8_t *)out->data)[at + j] = (uint8_t)net_quantised(value, point, 0, 255);
        } else {
            ((int8_t *)out->data)[at + j] = (int8_t)net_quantised(value, point, -128, 127);
        }
    }
}

static void run_row(void *argument, int i) {
    const product *p = argument;
    const side *a = &p->a, *b = &p->b;
    const size_t index = (size_t)i / a->rows, row = (size_t)i % a->rows;
    const size_t left = matrix_at(p, a, index), right = matrix_at(p, b, index);
    const int16_t *from = a->wide + (left * a->rows + row) * a->columns;
    const float scale =
        a->scales ? (float)net_real_at(a->scales, place_of(a->scales, a, left, row)) : 1;
    for (size_t column = 0; column < b->columns; column += COLUMNS) {
        uint32_t sums[COLUMNS];
        const size_t n = ct_min_size(COLUMNS, b->columns - column);
        sum(sums, from, b->wide + right * b->rows * b->columns + column, a->columns, b->columns, n);
        put(p, (size_t)i * b->columns + column, sums, n, scale, right, column);
    }
}

static side side_of(const net_call *call, int i, int scales, int points, bool left) {
    side s = {.shape = net_matrix_of(&call->in[i]->shape, left),
              .points = net_in(call, points),
              .scales = scales < 0 ? NULL : call->in[scales]};
    s.rows = (size_t)s.shape.size[s.shape.rank - 2];
    s.columns = (size_t)s.shape.size[s.shape.rank - 1];
    s.many = left ? s.rows : s.columns;
    return s;
}

static bool product_run(const net_call *call, const places *at, ct_error *err) {
    product p = {.call = call,
                 .a = side_of(call, at->a, at->a_scale, at->a_point, true),
                 .b = side_of(call, at->b, at->b_scale, at->b_point, false),
                 .y_scale = at->y_scale < 0 ? NULL : call->in[at->y_scale],
                 .y_point = at->y_point < 0 ? NULL : call->in[at->y_point]};
    const net_shape left = net_batch_of(&p.a.shape), right = net_batch_of(&p.b.shape);
    const size_t count = net_count(call->out[0]);
    if (count == 0 || !net_broadcast(&left, &right, &p.batch, err)) {
        return count == 0;
    }
    if (count / p.b.columns > INT32_MAX) {
        return ct_fail(err, "it has too many rows");
    }
    const bool ok =
        widen(&p.a, call->in[at->a], true, err) && widen(&p.b, call->in[at->b], false, err);
    if (ok) {
        net_each_of(call->team, (double)count * (double)p.a.columns, (int)(count / p.b.columns),
                    run_row, &p);
    }
    free(p.a.wide);
    free(p.b.wide);
    return ok;
}

static bool integer_run(const net_call *call, ct_error *err) {
    return product_run(call, &INTEGER, err);
}

static bool linear_run(const net_call *call, ct_error *err) {
    return product_run(call, &LINEAR, err);
}

const net_op net_ops_integer_matmul[] = {
    {.name = "MatMulInteger",
     .since = 10,
     .least = 2,
     .most = 4,
     .outputs = 1,
     .weights = NET_INPUT(0) | NET_INPUT(1),
     .shape = integer_shape,
     .run = integer_run},
    {.name = "QLinearMatMul",
     .since = 10,
     .least = 8,
     .most = 8,
     .outputs = 1,
     .weights = NET_INPUT(0) | NET_INPUT(3),
     .shape = linear_shape,
     .run = linear_run},
    {0},
};
