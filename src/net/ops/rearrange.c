/* DepthToSpace, SpaceToDepth, ReverseSequence, Trilu. ONNX operator specification, opsets 1 to
 * 18. */
#include <string.h>

#include "net/ops/indices.h"
#include "net/ops/local.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* ---- DepthToSpace, SpaceToDepth: [N, b b C, H, W] <-> [N, C, b H, b W] ---- */

static bool take_block(const net_call *call, int64_t *block, ct_error *err) {
    *block = net_int(call->node, "blocksize", 0);
    return (*block >= 1 && *block <= 1 << 15) ||
           ct_fail(err, "blocksize %lld; expected 1 or more", (long long)*block);
}

/* Size i of the output: that of the input times or divided by `by`. */
static bool scale(const net_call *call, net_shape *shape, int i, int64_t times, int64_t by,
                  ct_error *err) {
    bool overflow = false;
    const int64_t size = shape->size[i];
    if (size >= 0 && size % by != 0) {
        return ct_fail(err, "a size of %lld along axis %d doesn't divide by %lld", (long long)size,
                       i, (long long)by);
    }
    shape->size[i] = net_size_affine(call->symbols, size, times, 0, by, &overflow);
    return !overflow || ct_fail(err, "its output has more elements than fit in memory");
}

static bool depth_to_space_shape(const net_call *call, ct_error *err) {
    net_shape out = call->in[0]->shape;
    const char *mode = net_text(call->node, "mode", "DCR");
    int64_t block;
    if (!take_block(call, &block, err) || !net_want_rank(call, 0, 4, 4, err)) {
        return false;
    }
    if (strcmp(mode, "DCR") != 0 && strcmp(mode, "CRD") != 0) {
        return ct_fail(err, "mode '%s'; expected DCR or CRD", mode);
    }
    if (out.rank == 4 &&
        (!scale(call, &out, 1, 1, block * block, err) || !scale(call, &out, 2, block, 1, err) ||
         !scale(call, &out, 3, block, 1, err))) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

static bool space_to_depth_shape(const net_call *call, ct_error *err) {
    net_shape out = call->in[0]->shape;
    int64_t block;
    if (!take_block(call, &block, err) || !net_want_rank(call, 0, 4, 4, err)) {
        return false;
    }
    if (out.rank == 4 &&
        (!scale(call, &out, 1, block * block, 1, err) || !scale(call, &out, 2, 1, block, err) ||
         !scale(call, &out, 3, 1, block, err))) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &out);
    return true;
}

/* Between `deep` of channels (in which the row within a block takes steps of `row`, the column of
 * `column`, and the channel of `channel` planes) and `wide`. */
static void move_blocks(const net_call *call, int64_t block, bool crd, bool to_space) {
    const net_tensor *in = call->in[0];
    const net_shape *deep = to_space ? &in->shape : &call->out[0]->shape;
    const int64_t height = deep->size[2], width = deep->size[3], plane = height * width;
    const int64_t channels = deep->size[1] / (block * block);
    const int64_t row = (crd ? block : block * channels) * plane;
    const int64_t column = (crd ? 1 : channels) * plane;
    const int64_t channel = (crd ? block * block : 1) * plane;
    const struct {
        int64_t size, deep, wide;
    } dims[] = {
        {deep->size[0], deep->size[1] * plane, deep->size[1] * plane},
        {channels, channel, plane * block * block},
        {height, width, block * width * block},
        {block, row, width * block},
        {width, 1, block},
        {block, column, 1},
    };
    net_moves moves = {0};
    for (size_t d = 0; d < sizeof dims / sizeof *dims; d++) {
        const ptrdiff_t apart = (ptrdiff_t)dims[d].wide, beneath = (ptrdiff_t)dims[d].deep;
        net_moves_add(&moves, (size_t)dims[d].size, to_space ? apart : beneath,
                      to_space ? beneath : apart);
    }
    net_move(call->team, call->out[0]->data, in->data, &moves, net_type_size(in->type));
}

static bool depth_to_space_run(const net_call *call, ct_error *err) {
    int64_t block = 0;
    if (!take_block(call, &block, err)) {
        return false;
    }
    move_blocks(call, block, strcmp(net_text(call->node, "mode", "DCR"), "CRD") == 0, true);
    return true;
}

static bool space_to_depth_run(const net_call *call, ct_error *err) {
    int64_t block = 0;
    if (!take_block(call, &block, err)) {
        return false;
    }
    move_blocks(call, block, false, false);
    return true;
}

/* ---- ReverseSequence: the first numbers of each sequence of a batch ---- */

static bool take_axes(const net_call *call, int *time, int *batch, ct_error *err) {
    const int64_t t = net_int(call->node, "time_axis", 0), b = net_int(call->node, "batch_axis", 1);
    *time = t == 1;
    *batch = b == 1;
    return (t == 0 && b == 1) || (t == 1 && b == 0) ||
           ct_fail(err, "time_axis %lld and batch_axis %lld; expected 0 and 1, or 1 and 0",
                   (long long)t, (long long)b);
}

static bool reverse_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *lengths = &call->in[1]->shape;
    int time, batch;
    if (!take_axes(call, &time, &batch, err) || !net_want_indices(call, 1, err) ||
        !net_want_rank(call, 0, 2, NET_MOST_DIMENSIONS, err) ||
        !net_want_rank(call, 1, 1, 1, err)) {
        return false;
    }
    if (in->rank >= 0 && lengths->rank == 1 && in->size[batch] >= 0 && lengths->size[0] >= 0 &&
        in->size[batch] != lengths->size[0]) {
        return ct_fail(err, "%lld lengths for a batch of %lld", (long long)lengths->size[0],
                       (long long)in->size[batch]);
    }
    return net_shape_same(call, err);
}

static bool reverse_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    const net_shape *shape = &in->shape;
    int time = 0, batch = 1;
    if (!take_axes(call, &time, &batch, err)) {
        return false;
    }
    const size_t block = net_shape_product(shape, 2, shape->rank) * net_type_size(in->type);
    const size_t steps[2] = {(size_t)shape->size[1] * block, block};
    char *to = call->out[0]->data;
    const char *from = in->data;
    for (int64_t b = 0; b < shape->size[batch]; b++) {
        const int64_t length = net_whole_at(call->in[1], (size_t)b);
        if (length < 0 || length > shape->size[time]) {
            return ct_fail(err, "a sequence of %lld, where there are %lld", (long long)length,
                           (long long)shape->size[time]);
        }
        for (int64_t t = 0; t < shape->size[time] && block > 0; t++) {
            const size_t at = (size_t)b * steps[batch];
            memcpy(to + at + (size_t)t * steps[time],
                   from + at + (size_t)(t < length ? length - 1 - t : t) * steps[time], block);
        }
    }
    return true;
}

/* ---- Trilu: what lies above (or below) a diagonal, the rest zero ---- */

static bool trilu_shape(const net_call *call, ct_error *err) {
    const net_tensor *k = net_in(call, 1);
    size_t count;
    if (k && net_shape_count(&k->shape, &count) && count != 1) {
        return ct_fail(err, "its diagonal should be one number, and has %zu", count);
    }
    return net_want_rank(call, 0, 2, NET_MOST_DIMENSIONS, err) &&
           net_want_type(call, 1, NET_I64, err) && net_shape_same(call, err);
}

static bool trilu_run(const net_call *call, ct_error *err) {
    (void)err;
    const net_tensor *in = call->in[0], *given = net_in(call, 1);
    const net_shape *shape = &in->shape;
    const bool upper = net_int(call->node, "upper", 1) != 0;
    const int64_t height = shape->size[shape->rank - 2], width = shape->size[shape->rank - 1];
    int64_t k = given ? net_whole_at(given, 0) : 0;
    k = k < -height ? -height : k > width ? width : k;
    const size_t bytes = net_type_size(in->type);
    const size_t planes = net_shape_product(shape, 0, shape->rank - 2);
    const char *from = in->data;
    char *to = call->out[0]->data;
    for (size_t row = 0; row < planes * (size_t)height; row++) {
        /* Columns below `cut` are under the diagonal k, for the lower part up to and with it. */
        int64_t cut = (int64_t)(row % (size_t)height) + k + !upper;
        cut = cut < 0 ? 0 : cut > width ? width : cut;
        const size_t before = (size_t)cut * bytes, after = (size_t)(width - cut) * bytes;
        if (upper) {
            memset(to, 0, before);
            memcpy(to + before, from + before, after);
        } else {
            memcpy(to, from, before);
            memset(to + before, 0, after);
        }
        from += before + after;
        to += before + after;
    }
    return true;
}

#define REARRANGES_BY_ROWS(NAME, SINCE, LEAST, MOST, SHAPE, RUN, ROWS)                             \
    {                                                                                              \
        .name = NAME, .since = SINCE, .least = LEAST, .most = MOST, .outputs = 1, .shape = SHAPE,  \
        .run = RUN, .any_type = true, .rows = ROWS                                                 \
    }

#define REARRANGES(NAME, SINCE, LEAST, MOST, SHAPE, RUN)                                           \
    REARRANGES_BY_ROWS(NAME, SINCE, LEAST, MOST, SHAPE, RUN, NULL)

const net_op net_ops_rearrange[] = {
    REARRANGES_BY_ROWS("DepthToSpace", 1, 1, 1, depth_to_space_shape, depth_to_space_run,
                       net_depth_to_space_rows),
    REARRANGES_BY_ROWS("SpaceToDepth", 1, 1, 1, space_to_depth_shape, space_to_depth_run,
                       net_space_to_depth_rows),
    REARRANGES("ReverseSequence", 10, 2, 2, reverse_shape, reverse_run),
    REARRANGES("Trilu", 14, 1, 2, trilu_shape, trilu_run),
    {0},
};
