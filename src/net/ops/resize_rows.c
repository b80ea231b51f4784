/* Resize and Upsample by rows, where only height and width change. */
#include <stdlib.h>
#include <string.h>

#include "net/ops/local.h"
#include "net/ops/resize_describe.h"

typedef struct both {
    net_taps down, along;
} both;

static void free_both(net_rows *rows) {
    both *b = rows->own;
    net_taps_free(&b->down);
    net_taps_free(&b->along);
    free(b);
}

/* The input samples [*from, *to) that output sample i is made of. */
static void span(const net_taps *t, int i, int *from, int *to) {
    if (t->identity) {
        *from = i;
        *to = i + 1;
        return;
    }
    const int64_t *index = t->index + (size_t)i * (size_t)t->count;
    *from = (int)index[0];
    *to = (int)index[t->count - 1] + 1;
}

static void reach(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)source;
    const both *b = rows->own;
    int spare;
    *from = *to = 0;
    if (first < end) {
        span(&b->down, first, from, &spare);
        span(&b->down, end - 1, &spare, to);
    }
}

/* ---- sums of rows and of pixels ---- */

static const float *sum_rows(const net_taps *t, int y, const net_source *in, size_t n,
                             float *restrict scratch) {
    if (t->count == 1 || t->identity) {
        return in->row(in->context, t->identity ? y : (int)t->index[y]);
    }
    const int64_t *index = t->index + (size_t)y * (size_t)t->count;
    const float *weight = t->weight + (size_t)y * (size_t)t->count;
    for (int k = 0; k < t->count; k++) {
        const float *restrict row = in->row(in->context, (int)index[k]);
        const float w = weight[k];
        if (k == 0) {
            for (size_t i = 0; i < n; i++) {
                scratch[i] = w * row[i];
            }
        } else if (w != 0) {
            for (size_t i = 0; i < n; i++) {
                scratch[i] += w * row[i];
            }
        }
    }
    return scratch;
}

static inline void copy_pixel(float *restrict to, const float *restrict from, size_t channels) {
    for (size_t c = 0; c < channels; c++) {
        to[c] = from[c];
    }
}

static void move_pixels(const net_taps *t, const float *restrict row, float *restrict out,
                        size_t channels) {
    for (size_t x = 0; x < (size_t)t->out; x++, out += channels) {
        copy_pixel(out, row + (size_t)t->index[x] * channels, channels);
    }
}

static void sum_pixels(const net_taps *t, const float *restrict row, float *restrict out,
                       size_t channels) {
    const int64_t *index = t->index;
    const float *weight = t->weight;
    for (size_t x = 0; x < (size_t)t->out; x++, out += channels) {
        for (int k = 0; k < t->count; k++, index++, weight++) {
            const float *restrict from = row + (size_t)*index * channels;
            const float w = *weight;
            if (k == 0) {
                for (size_t c = 0; c < channels; c++) {
                    out[c] = w * from[c];
                }
            } else {
                for (size_t c = 0; c < channels; c++) {
                    out[c] += w * from[c];
                }
            }
        }
    }
}

static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    const both *b = rows->own;
    const size_t channels = (size_t)rows->out.channels, n = (size_t)rows->in[0].width * channels;
    for (int y = first; y < end; y++, out += stride) {
        const float *row = sum_rows(&b->down, y, in, n, worker);
        if (b->along.identity) {
            memcpy(out, row, n * sizeof *out);
        } else if (b->along.count == 1) {
            move_pixels(&b->along, row, out, channels);
        } else {
            sum_pixels(&b->along, row, out, channels);
        }
    }
}

/* ---- making ---- */

/* Whether output samples are made of input samples in the same order, all inside. */
static bool goes_on(const net_taps *t) {
    for (int64_t i = 0; t->index && i < t->out; i++) {
        const int64_t *index = t->index + i * t->count;
        if ((t->outside && t->outside[i]) ||
            (i > 0 && (index[0] < index[-t->count] || index[t->count - 1] < index[-1]))) {
            return false;
        }
    }
    return true;
}

bool net_resize_rows(const net_call *call, net_rows *out, ct_error *err) {
    const net_shape *x = &call->in[0]->shape;
    net_resize r;
    net_taps taps[NET_MOST_DIMENSIONS];
    conv_shape in, made;
    if (call->in[0]->type != NET_FLOAT || !net_image_shape(x, &in)) {
        return true;
    }
    if (!net_resize_describe(call, &r, err)) {
        return false;
    }
    both *b = calloc(1, sizeof *b);
    const bool known = net_image_shape(&r.made, &made) && made.channels == in.channels;
    const bool ok = b && (!known || net_resize_taps(&r, x, taps));
    bool local = ok && known && taps[0].identity && taps[1].identity;
    if (local) {
        const int last = x->rank - 1;
        b->along = taps[last];
        taps[last] = (net_taps){0};
        b->down = (net_taps){.in = 1, .out = 1, .identity = true};
        if (x->rank == 4) {
            b->down = taps[2];
            taps[2] = (net_taps){0};
        }
        local = goes_on(&b->down) && goes_on(&b->along);
    }
    for (int i = 0; b && known && i < x->rank; i++) {
        net_taps_free(&taps[i]);
    }
    out->own = b;
    if (!local) {
        if (b) {
            free_both(out);
        }
        return ok || ct_fail(err, "out of memory");
    }
    *out = (net_rows){.out = made,
                      .source_count = 1,
                      .in = {in},
                      .reach = reach,
                      .run = run,
                      .enter = net_enter_memory,
                      .leave = net_leave_memory,
                      .worker_bytes = (size_t)in.width * (size_t)in.channels * sizeof(float),
                      .free = free_both,
                      .own = b};
    return true;
}
