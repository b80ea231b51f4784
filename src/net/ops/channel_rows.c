/* Operators that move channels, by rows: Concat, DepthToSpace, SpaceToDepth. */
#include <stdlib.h>
#include <string.h>

#include "net/ops/local.h"

/* Few floats at a time: calls of memcpy would cost more. */
static inline void copy(float *restrict to, const float *restrict from, size_t n) {
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i];
    }
}

/* ---- Concat of channels ---- */

static void run_concat(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                       float *out, size_t stride) {
    (void)worker;
    const size_t width = (size_t)rows->out.width, all = (size_t)rows->out.channels;
    for (int y = first; y < end; y++, out += stride) {
        float *to = out;
        for (int k = 0; k < rows->source_count; k++) {
            const size_t channels = (size_t)rows->in[k].channels;
            const float *from = in[k].row(in[k].context, y);
            for (size_t x = 0; x < width; x++) {
                copy(to + x * all, from + x * channels, channels);
            }
            to += channels;
        }
    }
}

bool net_concat_rows(const net_call *call, net_rows *out, ct_error *err) {
    (void)err;
    const int count = call->node->input_count, rank = call->in[0]->shape.rank;
    const int64_t axis = net_int(call->node, "axis", 1);
    net_rows rows = {.source_count = count, .reach = net_same_rows, .run = run_concat};
    if (count > NET_MOST_SOURCES || (axis != 1 && axis != 1 - rank)) {
        return true;
    }
    for (int k = 0; k < count; k++) {
        const net_tensor *in = call->in[k];
        conv_shape *shape = &rows.in[k];
        if (!in || in->type != NET_FLOAT || in->data || in->shape.rank != rank ||
            !net_image_shape(&in->shape, shape) || shape->width != rows.in[0].width ||
            shape->height != rows.in[0].height) {
            return true;
        }
        rows.source[k] = k;
        rows.out.channels += shape->channels;
    }
    rows.out.width = rows.in[0].width;
    rows.out.height = rows.in[0].height;
    if (rows.out.channels <= CONV_MAX_CHANNELS) {
        *out = rows;
    }
    return true;
}

/* ---- DepthToSpace, SpaceToDepth ---- */

typedef struct blocks {
    int side;
    bool crd; /* a block's samples of one channel lie together, not the channels of one sample */
} blocks;

static void free_blocks(net_rows *rows) {
    free(rows->own);
}

static void reach_deep(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)source;
    const int side = ((const blocks *)rows->own)->side;
    *from = first / side;
    *to = first < end ? (end - 1) / side + 1 : *from;
}

static void run_to_space(const net_rows *rows, void *worker, int first, int end,
                         const net_source *in, float *out, size_t stride) {
    (void)worker;
    const blocks *b = rows->own;
    const size_t side = (size_t)b->side, channels = (size_t)rows->out.channels;
    const size_t width = (size_t)rows->in[0].width, deep = (size_t)rows->in[0].channels;
    for (int y = first; y < end; y++, out += stride) {
        const float *from = in[0].row(in[0].context, y / b->side);
        const size_t row = (size_t)(y % b->side);
        float *to = out;
        if (!b->crd) {
            from += row * side * channels;
            for (size_t x = 0; x < width; x++, from += deep, to += side * channels) {
                copy(to, from, side * channels);
            }
            continue;
        }
        from += row * side;
        for (size_t x = 0; x < width; x++, from += deep) {
            for (size_t k = 0; k < side; k++) {
                for (size_t c = 0; c < channels; c++) {
                    *to++ = from[c * side * side + k];
                }
            }
        }
    }
}

static void reach_wide(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)source;
    const int side = ((const blocks *)rows->own)->side;
    *from = first * side;
    *to = end * side;
}

static void run_to_depth(const net_rows *rows, void *worker, int first, int end,
                         const net_source *in, float *out, size_t stride) {
    (void)worker;
    const blocks *b = rows->own;
    const size_t run = (size_t)b->side * (size_t)rows->in[0].channels;
    const size_t width = (size_t)rows->out.width, deep = (size_t)rows->out.channels;
    for (int y = first; y < end; y++, out += stride) {
        for (int k = 0; k < b->side; k++) {
            const float *from = in[0].row(in[0].context, y * b->side + k);
            float *to = out + (size_t)k * run;
            for (size_t x = 0; x < width; x++) {
                copy(to + x * deep, from + x * run, run);
            }
        }
    }
}

static bool make_blocks(const net_call *call, bool to_space, net_rows *out, ct_error *err) {
    conv_shape in, made;
    if (call->in[0]->type != NET_FLOAT || call->in[0]->shape.rank != 4 ||
        !net_image_shape(&call->in[0]->shape, &in) ||
        !net_image_shape(&call->out[0]->shape, &made)) {
        return true;
    }
    blocks *b = malloc(sizeof *b);
    if (!b) {
        return ct_fail(err, "out of memory");
    }
    *b = (blocks){.side = (int)net_int(call->node, "blocksize", 1),
                  .crd = strcmp(net_text(call->node, "mode", "DCR"), "CRD") == 0};
    *out = (net_rows){.out = made,
                      .source_count = 1,
                      .in = {in},
                      .reach = to_space ? reach_deep : reach_wide,
                      .run = to_space ? run_to_space : run_to_depth,
                      .free = free_blocks,
                      .own = b};
    return true;
}

bool net_depth_to_space_rows(const net_call *call, net_rows *out, ct_error *err) {
    return make_blocks(call, true, out, err);
}

bool net_space_to_depth_rows(const net_call *call, net_rows *out, ct_error *err) {
    return make_blocks(call, false, out, err);
}
