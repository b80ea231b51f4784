/* The output: rounding, and its statistics. */
#include "conv/plan/sink.h"

#include <float.h>
#include <math.h>
#include <string.h>

void conv_stats_none(conv_stats *stats) {
    *stats = (conv_stats){.min = FLT_MAX, .max = -FLT_MAX};
}

void conv_stats_add(conv_stats *total, const conv_stats *more) {
    total->samples += more->samples;
    total->negative += more->negative;
    total->above += more->above;
    total->nan += more->nan;
    total->infinite += more->infinite;
    total->min = more->min < total->min ? more->min : total->min;
    total->max = more->max > total->max ? more->max : total->max;
}

/* Copies `block` without channel `alpha` to `spare`; returns how many floats are left. */
static size_t without_alpha(const float *block, size_t pixels, size_t channels, int alpha,
                            float *spare) {
    size_t n = 0;
    for (size_t x = 0; x < pixels; x++) {
        for (size_t c = 0; c < channels; c++) {
            if (c != (size_t)alpha) {
                spare[n++] = block[x * channels + c];
            }
        }
    }
    return n;
}

static void round_block(const conv_plan *plan, const float *block, size_t n, void *to,
                        conv_stats *stats) {
    switch (plan->out_type) {
    case CONV_U8:
        plan->rows->to_u8(to, block, n, &stats->negative, &stats->above);
        break;
    case CONV_U16:
        plan->rows->to_u16(to, block, n, &stats->negative, &stats->above);
        break;
    case CONV_F32:
        if (plan->stream && (uintptr_t)to % sizeof(float) == 0) {
            plan->rows->stream(to, block, n);
        } else if (block != to) {
            memcpy(to, block, n * sizeof *block);
        }
        break;
    }
}

size_t conv_row_bytes(conv_shape shape, conv_type type) {
    return (size_t)shape.width * (size_t)shape.channels * conv_type_size(type);
}

size_t conv_type_size(conv_type type) {
    return type == CONV_U8 ? 1 : type == CONV_U16 ? 2 : 4;
}

static void *sink_place(const row_sink *sink, int r, int x) {
    return sink->out + sink->stride * (size_t)r +
           (size_t)x * sink->channels * conv_type_size(sink->plan->out_type);
}

/* The caller's floats; NULL where they aren't floats or aren't aligned. */
static float *caller_floats(const row_sink *sink, int r, int x) {
    void *place = sink_place(sink, r, x);
    const bool floats = sink->plan->out_type == CONV_F32 && (uintptr_t)place % sizeof(float) == 0;
    return floats ? place : NULL;
}

float *sink_floats(const row_sink *sink, int r, int x, bool exact) {
    if (sink->rows) {
        return sink->rows[r] + (size_t)x * sink->channels;
    }
    return exact && (!sink->plan->stream || !sink->stats) ? caller_floats(sink, r, x) : NULL;
}

/* Counts those that aren't finite, which are rare. */
static void count_unfinite(const conv_plan *plan, const float *block, size_t n, conv_stats *stats) {
    for (size_t i = 0; i < n; i++) {
        const bool nan = isnan(block[i]);
        stats->nan += nan;
        stats->negative -= nan && plan->out_type != CONV_F32;
        stats->infinite += isinf(block[i]) && plan->out_type == CONV_F32;
    }
}

/* Counts n samples of the block as they were before rounding, which counted NaN as negative. */
static void count_block(const row_sink *sink, const float *block, size_t n) {
    const conv_plan *plan = sink->plan;
    conv_stats *stats = sink->stats;
    stats->samples += n;
    if (plan->out_type == CONV_F32 || sink->measure) {
        plan->rows->range(block, n, &stats->min, &stats->max);
    }
    if (!plan->finite && plan->rows->unfinite(block, n) > 0) {
        count_unfinite(plan, block, n, stats);
    }
}

void sink_put(const row_sink *sink, int r, int x, int pixels, const float *block) {
    if (sink->rows) {
        float *to = sink_floats(sink, r, x, true);
        if (block != to) {
            memcpy(to, block, (size_t)pixels * sink->channels * sizeof *to);
        }
        return;
    }
    const conv_plan *plan = sink->plan;
    size_t n = (size_t)pixels * sink->channels;
    void *to = sink_place(sink, r, x);
    if (!sink->stats) {
        if (block != to) {
            memcpy(to, block, n * sizeof *block);
        }
        return;
    }
    if (sink->alpha >= 0) { /* rounded twice: the second time only for the statistics */
        conv_stats ignored;
        conv_stats_none(&ignored);
        round_block(plan, block, n, to, &ignored);
        n = without_alpha(block, (size_t)pixels, sink->channels, sink->alpha, sink->spare);
        block = sink->spare;
        to = sink->spare + plan->scratch;
    }
    round_block(plan, block, n, to, sink->stats);
    count_block(sink, block, n);
}
