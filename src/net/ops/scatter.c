/* Scatter (until opset 10), ScatterElements, ScatterND. ONNX operator specification, opsets 9 to
 * 18. Where several updates go to one place, they do in the order in which they are listed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/ops/indices.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* ---- what an update does to the number that is there ---- */

typedef enum reduction { REPLACE, ADD, MULTIPLY, MOST, LEAST } reduction;

/* Whole numbers wrap, which C does for those without a sign only: W. NaN counts as the greatest and
 * as the least. */
#define UPDATED(X, Y, T, W, IS_NAN)                                                                \
    (how == ADD        ? (T)((W)(X) + (W)(Y))                                                      \
     : how == MULTIPLY ? (T)((W)(X) * (W)(Y))                                                      \
     : how == MOST     ? ((Y) > (X) || IS_NAN(Y) ? (Y) : (X))                                      \
                       : ((Y) < (X) || IS_NAN(Y) ? (Y) : (X)))
#define UPDATES(NAME, T, W, IS_NAN)                                                                \
    static void update_##NAME(reduction how, void *to, const void *from, size_t count) {           \
        T *a = to;                                                                                 \
        const T *b = from;                                                                         \
        for (size_t i = 0; i < count; i++) {                                                       \
            a[i] = UPDATED(a[i], b[i], T, W, IS_NAN);                                              \
        }                                                                                          \
    }
#define NEVER(X) false
UPDATES(float, float, float, isnan)
UPDATES(double, double, double, isnan)
UPDATES(i8, int8_t, uint64_t, NEVER)
UPDATES(i16, int16_t, uint64_t, NEVER)
UPDATES(i32, int32_t, uint64_t, NEVER)
UPDATES(i64, int64_t, uint64_t, NEVER)
UPDATES(u8, uint8_t, uint64_t, NEVER)
UPDATES(u16, uint16_t, uint64_t, NEVER)
UPDATES(u32, uint32_t, uint64_t, NEVER)
UPDATES(u64, uint64_t, uint64_t, NEVER)

typedef void updates(reduction how, void *to, const void *from, size_t count);
static updates *const UPDATE[] = {
    [NET_FLOAT] = update_float, [NET_DOUBLE] = update_double,
    [NET_I8] = update_i8,       [NET_I16] = update_i16,
    [NET_I32] = update_i32,     [NET_I64] = update_i64,
    [NET_U8] = update_u8,       [NET_U16] = update_u16,
    [NET_U32] = update_u32,     [NET_U64] = update_u64,
    [NET_BOOL] = NULL,
};

static bool take_reduction(const net_call *call, reduction *how, ct_error *err) {
    static const char *const names[] = {"none", "add", "mul", "max", "min"};
    const char *name = net_text(call->node, "reduction", "none");
    const net_type type = call->in[0]->type;
    for (int i = 0; i < 5; i++) {
        if (strcmp(name, names[i]) == 0) {
            *how = (reduction)i;
            return *how == REPLACE || type == NET_NONE || UPDATE[type] ||
                   ct_fail(err, "reduction %s of %s", name, net_type_name(type));
        }
    }
    return ct_fail(err, "reduction '%s'; expected none, add, mul, max or min", name);
}

/* ---- for all of them ---- */

typedef struct scattering {
    reduction how;
    updates *update;
    char *to;
    const char *from;
    const size_t *offsets;
    size_t count, last_step, bytes;
} scattering;

static void put(const scattering *s, size_t to, size_t from, size_t count) {
    if (s->how == REPLACE) {
        memcpy(s->to + to * s->bytes, s->from + from * s->bytes, count * s->bytes);
    } else {
        s->update(s->how, s->to + to * s->bytes, s->from + from * s->bytes, count);
    }
}

/* The output is the data; the updates are still to come. */
static bool begin(const net_call *call, scattering *s, ct_error *err) {
    const net_tensor *out = call->out[0];
    *s = (scattering){.to = out->data,
                      .from = call->in[2]->data,
                      .bytes = net_type_size(out->type),
                      .update = UPDATE[out->type]};
    return take_reduction(call, &s->how, err) && net_run_copy(call, err);
}

static bool same_types(const net_call *call, ct_error *err) {
    return net_want_indices(call, 1, err) && net_want_type(call, 2, call->in[0]->type, err);
}

/* ---- ScatterElements ---- */

static bool scatter_elements_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *indices = &call->in[1]->shape,
                    *given = &call->in[2]->shape;
    reduction how = REPLACE;
    int axis = 0;
    if (!same_types(call, err) || !take_reduction(call, &how, err) ||
        !net_want_rank(call, 0, 1, NET_MOST_DIMENSIONS, err) ||
        (in->rank >= 0 && !net_axis(net_int(call->node, "axis", 0), in->rank, &axis, err))) {
        return false;
    }
    const bool known = in->rank >= 0 && indices->rank >= 0 && given->rank >= 0;
    if (known && (in->rank != indices->rank || in->rank != given->rank)) {
        return ct_fail(err, "%d dimensions of data, %d of indices, and %d of updates", in->rank,
                       indices->rank, given->rank);
    }
    for (int i = 0; known && i < in->rank; i++) {
        const int64_t size = indices->size[i];
        if (size >= 0 && given->size[i] >= 0 && size != given->size[i]) {
            return ct_fail(err, "the indices have size %lld along axis %d, the updates %lld",
                           (long long)size, i, (long long)given->size[i]);
        }
        if (i != axis && in->size[i] >= 0 && size > in->size[i]) {
            return ct_fail(err, "the indices have size %lld along axis %d, the data %lld",
                           (long long)size, i, (long long)in->size[i]);
        }
    }
    return net_shape_same(call, err);
}

static void put_line(void *argument, size_t at, size_t data_at) {
    const scattering *s = argument;
    for (size_t i = 0; i < s->count; i++) {
        put(s, data_at + s->offsets[at + i] + i * s->last_step, at + i, 1);
    }
}

static bool scatter_elements_run(const net_call *call, ct_error *err) {
    const net_shape *shape = &call->in[0]->shape;
    const net_tensor *indices = call->in[1];
    const int last = shape->rank - 1;
    scattering s;
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", 0), shape->rank, &axis, err) ||
        !begin(call, &s, err)) {
        return false;
    }
    size_t *offsets =
        net_indices(indices, shape->size[axis], net_around_axis(shape, axis).inner, err);
    if (!offsets) {
        return false;
    }
    s.offsets = offsets;
    s.count = (size_t)indices->shape.size[last];
    s.last_step = axis != last;
    net_each_line(&indices->shape, shape, axis, put_line, &s);
    free(offsets);
    return true;
}

/* ---- ScatterND ---- */

static bool scatter_nd_shape(const net_call *call, ct_error *err) {
    const net_shape *in = &call->in[0]->shape, *indices = &call->in[1]->shape,
                    *given = &call->in[2]->shape;
    reduction how = REPLACE;
    if (!same_types(call, err) || !take_reduction(call, &how, err) ||
        !net_want_rank(call, 0, 1, NET_MOST_DIMENSIONS, err) ||
        !net_want_rank(call, 1, 1, NET_MOST_DIMENSIONS, err)) {
        return false;
    }
    const int64_t depth = indices->rank > 0 ? indices->size[indices->rank - 1] : NET_ANY_SIZE;
    if (in->rank >= 0 && depth > in->rank) {
        return ct_fail(err, "%lld coordinates for %s", (long long)depth,
                       ct_count((uint64_t)in->rank, "dimension").text);
    }
    if (in->rank >= 0 && depth >= 0 && given->rank >= 0) {
        const int before = indices->rank - 1;
        bool ok = given->rank == before + in->rank - (int)depth;
        for (int i = 0; ok && i < given->rank; i++) {
            const int64_t size = i < before ? indices->size[i] : in->size[i - before + (int)depth];
            ok = size < 0 || given->size[i] < 0 || size == given->size[i];
        }
        if (!ok) {
            return ct_fail(err, "the updates don't have the shape that the indices ask for");
        }
    }
    return net_shape_same(call, err);
}

static bool scatter_nd_run(const net_call *call, ct_error *err) {
    const net_shape *shape = &call->in[0]->shape, *indices = &call->in[1]->shape;
    scattering s;
    if (!begin(call, &s, err)) {
        return false;
    }
    size_t *offsets = net_coordinates(call->in[1], shape, 0, err);
    if (!offsets) {
        return false;
    }
    const size_t count = net_shape_product(indices, 0, indices->rank - 1);
    const size_t block =
        net_shape_product(shape, (int)indices->size[indices->rank - 1], shape->rank);
    for (size_t i = 0; block > 0 && i < count; i++) {
        put(&s, offsets[i], i * block, block);
    }
    free(offsets);
    return true;
}

#define SCATTERS(NAME, SINCE, UNTIL, SHAPE, RUN)                                                   \
    {                                                                                              \
        .name = NAME, .since = SINCE, .until = UNTIL, .least = 3, .most = 3, .outputs = 1,         \
        .shape = SHAPE, .run = RUN                                                                 \
    }

const net_op net_ops_scatter[] = {
    SCATTERS("Scatter", 9, 0, scatter_elements_shape, scatter_elements_run),
    SCATTERS("ScatterElements", 11, 0, scatter_elements_shape, scatter_elements_run),
    SCATTERS("ScatterND", 11, 0, scatter_nd_shape, scatter_nd_run),
    {0},
};
