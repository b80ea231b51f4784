#include "conv/plan/input.h"

#include <string.h>

#include "conv/plan/points.h"

/* Rows mostly lie one after the other in memory. While a batch is computed, the rows to be read a
 * little later come into the L2 cache; where they lie elsewhere, little is lost. A worker in
 * borrowed memory reads rows of rings, which lie elsewhere. */
static void prefetch_later(const void *row, size_t from, size_t bytes, size_t row_bytes) {
    enum { ROWS_AHEAD = 8, LINE = 64 };
    const uintptr_t start = (uintptr_t)row + ROWS_AHEAD * row_bytes + from;
    for (size_t i = 0; i < bytes; i += LINE) {
        __builtin_prefetch((const void *)(start + i), 0, 2);
    }
}

const void *input_row(const conv_worker *worker, int y) {
    const conv_plan *plan = worker->plan;
    const char *row = worker->source(worker->context, y + plan->top);
    return row + (size_t)plan->left * (size_t)plan->in.channels * conv_type_size(plan->in_type);
}

/* A block of the input at pixel x of `row`, converted, after the leading pointwise stages. */
static const float *input_block(conv_worker *worker, const void *row, int x, int pixels,
                                float *out) {
    const conv_plan *plan = worker->plan;
    const size_t channels = (size_t)plan->in.channels;
    const size_t n = (size_t)pixels * channels, at = (size_t)x * channels;
    const size_t sample = conv_type_size(plan->in_type);
    if (plan->step_count && !worker->borrowed) { /* without steps, nothing is computed meanwhile */
        prefetch_later(row, at * sample, n * sample, (size_t)plan->in.width * channels * sample);
    }
    if (plan->gray_bytes) {
        float *gray = plan->point_count > 1 || !out ? worker->points[1] : out;
        plan->rows->gray_u8(gray, (const uint8_t *)row + at, (size_t)pixels);
        return points_run_all(plan->rows, plan->points, 1, plan->point_count,
                              (conv_shape){pixels, 1, 1}, gray, out, worker->points);
    }
    float *first = plan->point_count || !out ? worker->points[0] : out;
    switch (plan->in_type) {
    case CONV_U8:
        plan->rows->from_u8(first, (const uint8_t *)row + at, n);
        break;
    case CONV_U16:
        plan->rows->from_u16(first, (const uint16_t *)row + at, n);
        break;
    case CONV_F32:
        memcpy(first, (const float *)row + at, n * sizeof *first);
        break;
    }
    return points_run_all(plan->rows, plan->points, 0, plan->point_count,
                          (conv_shape){pixels, 1, plan->in.channels}, first, out, worker->points);
}

static void make_row(conv_worker *worker, int y, const row_sink *sink, int r) {
    const conv_plan *plan = worker->plan;
    const void *row = input_row(worker, y);
    for (int x = 0; x < plan->seen.width; x += plan->block) {
        const int left = plan->seen.width - x, pixels = left < plan->block ? left : plan->block;
        float *to = sink_floats(sink, r, x, true);
        sink_put(sink, r, x, pixels, input_block(worker, row, x, pixels, to));
    }
}

void input_rows(conv_worker *worker, int y, int count, const row_sink *sink) {
    for (int r = 0; r < count; r++) {
        make_row(worker, y + r, sink, r);
    }
}

void input_bytes(conv_worker *worker, int y, int count, void *const *slots) {
    const conv_plan *plan = worker->plan;
    const size_t channels = (size_t)plan->in.channels;
    const size_t bytes = (size_t)plan->seen.width * channels;
    for (int r = 0; r < count; r++) {
        const void *row = input_row(worker, y + r);
        prefetch_later(row, 0, bytes, (size_t)plan->in.width * channels);
        memcpy(slots[r], row, bytes);
    }
}
