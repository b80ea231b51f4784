/* MaxPool: ONNX operator specification, opsets 1, 8, 10, 11 and 12. A NaN in a window is its
 * greatest number. */
#include <math.h>

#include "net/ops/local.h"
#include "net/ops/ops.h"
#include "net/ops/pool.h"

static bool max_shape(const net_call *call, ct_error *err) {
    net_pooling pooling;
    net_shape made;
    const net_type type = call->in[0]->type;
    if (type != NET_NONE && type != NET_FLOAT && type != NET_DOUBLE && type != NET_I8 &&
        type != NET_U8) {
        return ct_fail(err, "its input is %s, where floats or bytes are expected",
                       net_type_name(type));
    }
    if (!net_pool_describe(call, &pooling, &made, err)) {
        return false;
    }
    net_give(call, 0, type, &made);
    net_give(call, 1, NET_I64, &made);
    return true;
}

typedef struct map {
    const void *from;
    void *to;
    int64_t *index; /* where in the map; NULL: not wanted */
} map;

/* Along axes from the last to the first: storage_order 1 has the first axis vary fastest. */
static int64_t columns_first(const net_pooling *p, size_t at) {
    int64_t index[NET_MOST_AXES], all = 0;
    for (int i = p->window.axes - 1; i >= 0; i--) {
        index[i] = (int64_t)(at % (size_t)p->in[i]);
        at /= (size_t)p->in[i];
    }
    for (int i = p->window.axes - 1; i >= 0; i--) {
        all = all * p->in[i] + index[i];
    }
    return all;
}

#define LINES(type)                                                                                \
    static void greatest_##type(void *argument, size_t coarse, size_t fine, size_t step,           \
                                size_t count) {                                                    \
        const map *m = argument;                                                                   \
        const type *restrict from = (const type *)m->from + fine;                                  \
        type *restrict to = (type *)m->to + coarse;                                                \
        for (size_t i = 0; i < count; i++) {                                                       \
            const type v = from[i * step];                                                         \
            to[i] = v > to[i] || v != v ? v : to[i];                                               \
        }                                                                                          \
    }                                                                                              \
    static void find_##type(void *argument, size_t coarse, size_t fine, size_t step,               \
                            size_t count) {                                                        \
        const map *m = argument;                                                                   \
        const type *restrict from = m->from;                                                       \
        type *restrict to = (type *)m->to + coarse;                                                \
        int64_t *restrict index = m->index + coarse;                                               \
        for (size_t i = 0; i < count; i++) {                                                       \
            const size_t at = fine + i * step;                                                     \
            const type v = from[at];                                                               \
            if (index[i] < 0 || v > to[i] || (v != v && to[i] == to[i])) {                         \
                to[i] = v;                                                                         \
                index[i] = (int64_t)at;                                                            \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    static void start_##type(void *to, size_t count, type least) {                                 \
        type *restrict at = to;                                                                    \
        for (size_t i = 0; i < count; i++) {                                                       \
            at[i] = least;                                                                         \
        }                                                                                          \
    }
LINES(float)
LINES(double)
LINES(int8_t)
LINES(uint8_t)

typedef struct work {
    const net_call *call;
    const net_pooling *pooling;
    net_grids grids;
    size_t coarse, fine;
    bool by_columns;
} work;

static void start(const net_tensor *out, void *to, size_t count) {
    switch (out->type) {
    case NET_FLOAT:
        start_float(to, count, -INFINITY);
        break;
    case NET_DOUBLE:
        start_double(to, count, (double)-INFINITY);
        break;
    case NET_I8:
        start_int8_t(to, count, INT8_MIN);
        break;
    default:
        start_uint8_t(to, count, 0);
        break;
    }
}

static net_line *line_of(net_type type, bool find) {
    switch (type) {
    case NET_FLOAT:
        return find ? find_float : greatest_float;
    case NET_DOUBLE:
        return find ? find_double : greatest_double;
    case NET_I8:
        return find ? find_int8_t : greatest_int8_t;
    default:
        return find ? find_uint8_t : greatest_uint8_t;
    }
}

static void make_map(void *argument, int i) {
    const work *w = argument;
    const net_tensor *x = w->call->in[0], *y = w->call->out[0];
    const net_tensor *indices = w->call->node->output_count > 1 ? w->call->out[1] : NULL;
    const size_t size = net_type_size(x->type), at = (size_t)i;
    map m = {.from = (const char *)x->data + at * w->fine * size,
             .to = (char *)y->data + at * w->coarse * size,
             .index = indices ? (int64_t *)indices->data + at * w->coarse : NULL};
    start(y, m.to, w->coarse);
    for (size_t k = 0; m.index && k < w->coarse; k++) {
        m.index[k] = -1;
    }
    int64_t cell[NET_MOST_AXES] = {0};
    do {
        net_walk_cell(&w->grids, cell, line_of(x->type, m.index != NULL), &m);
    } while (net_next_cell(&w->pooling->window, cell));
    for (size_t k = 0; m.index && k < w->coarse; k++) {
        if (m.index[k] >= 0) {
            const size_t found = (size_t)m.index[k];
            m.index[k] = (int64_t)(at * w->fine) +
                         (w->by_columns ? columns_first(w->pooling, found) : (int64_t)found);
        }
    }
}

static bool max_run(const net_call *call, ct_error *err) {
    net_pooling pooling;
    net_shape made;
    bool done;
    if (!net_images_call(call, &done, err) || done) {
        return done;
    }
    if (!net_pool_describe(call, &pooling, &made, err)) {
        return false;
    }
    work w = {.call = call,
              .pooling = &pooling,
              .grids = {&pooling.window, pooling.out, pooling.in},
              .coarse = net_shape_product(&made, 2, made.rank),
              .fine = net_shape_product(&call->in[0]->shape, 2, made.rank),
              .by_columns = net_int(call->node, "storage_order", 0) != 0};
    if (w.coarse > 0) {
        const double windows = (double)w.coarse * (double)pooling.maps;
        net_each_of(call->team, windows * (double)net_window_cells(&pooling.window),
                    (int)pooling.maps, make_map, &w);
    }
    return true;
}

const net_op net_ops_max_pool[] = {
    {.name = "MaxPool",
     .since = 1,
     .least = 1,
     .most = 1,
     .outputs = 2,
     .shape = max_shape,
     .run = max_run,
     .make = net_images_make,
     .free = net_images_drop,
     .rows = net_max_pool_rows},
    {0},
};
