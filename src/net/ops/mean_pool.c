/* AveragePool and LpPool: ONNX operator specification, opsets 1, 7, 10 and 11; 1, 2, 11 and 18.
 * Sums are of doubles. */
#include <math.h>
#include <stdlib.h>

#include "net/ops/local.h"
#include "net/ops/ops.h"
#include "net/ops/pool.h"

static bool real_shape(const net_call *call, ct_error *err) {
    return net_want_real(call, 0, err) && net_pool_shape(call, err);
}

static bool norm_shape(const net_call *call, ct_error *err) {
    return net_int(call->node, "p", 2) > 0 ? real_shape(call, err)
                                           : ct_fail(err, "p isn't above 0");
}

typedef struct map {
    const void *from;
    double *sum;
    double power;
} map;

#define LINES(type)                                                                                \
    static void add_##type(void *argument, size_t coarse, size_t fine, size_t step,                \
                           size_t count) {                                                         \
        const map *m = argument;                                                                   \
        const type *restrict from = (const type *)m->from + fine;                                  \
        double *restrict sum = m->sum + coarse;                                                    \
        for (size_t i = 0; i < count; i++) {                                                       \
            sum[i] += (double)from[i * step];                                                      \
        }                                                                                          \
    }                                                                                              \
    static void add_power_##type(void *argument, size_t coarse, size_t fine, size_t step,          \
                                 size_t count) {                                                   \
        const map *m = argument;                                                                   \
        const type *restrict from = (const type *)m->from + fine;                                  \
        double *restrict sum = m->sum + coarse;                                                    \
        for (size_t i = 0; i < count; i++) {                                                       \
            const double v = (double)from[i * step];                                               \
            sum[i] += m->power == 2 ? v * v : pow(fabs(v), m->power);                              \
        }                                                                                          \
    }
LINES(float)
LINES(double)

typedef struct work {
    const net_call *call;
    const net_pooling *pooling;
    net_grids grids;
    size_t coarse, fine;
    double power;   /* 0: a mean */
    double *counts; /* of the window's cells at each point along each axis, one after another */
    double *sums;   /* of each map */
} work;

static void put(const net_tensor *out, size_t i, double value) {
    if (out->type == NET_DOUBLE) {
        ((double *)out->data)[i] = value;
    } else {
        ((float *)out->data)[i] = (float)value;
    }
}

/* The mean of no samples is 0. */
static void divide(const work *w, double *sums) {
    const net_pooling *p = w->pooling;
    int64_t at[NET_MOST_AXES] = {0};
    for (size_t i = 0; i < w->coarse; i++) {
        double count = 1;
        const double *counts = w->counts;
        for (int a = 0; a < p->window.axes; counts += p->out[a++]) {
            count *= counts[at[a]];
        }
        sums[i] = count > 0 ? sums[i] / count : 0;
        for (int a = p->window.axes - 1; a >= 0 && ++at[a] == p->out[a]; a--) {
            at[a] = 0;
        }
    }
}

static void make_map(void *argument, int i) {
    const work *w = argument;
    const net_tensor *x = w->call->in[0];
    const bool wide = x->type == NET_DOUBLE;
    map m = {.from = (const char *)x->data + (size_t)i * w->fine * net_type_size(x->type),
             .sum = w->sums + (size_t)i * w->coarse,
             .power = w->power};
    net_line *line = w->power == 0 ? (wide ? add_double : add_float)
                                   : (wide ? add_power_double : add_power_float);
    int64_t cell[NET_MOST_AXES] = {0};
    do {
        net_walk_cell(&w->grids, cell, line, &m);
    } while (net_next_cell(&w->pooling->window, cell));
    if (w->power == 0) {
        divide(w, m.sum);
    }
    for (size_t k = 0; k < w->coarse; k++) {
        put(w->call->out[0], (size_t)i * w->coarse + k,
            w->power == 0 ? m.sum[k] : pow(m.sum[k], 1 / w->power));
    }
}

static bool make_counts(work *w, bool padding) {
    const net_pooling *p = w->pooling;
    size_t all = 1;
    for (int a = 0; a < p->window.axes; a++) {
        all += (size_t)p->out[a];
    }
    double *count = w->counts = malloc(all * sizeof *count);
    for (int a = 0; count && a < p->window.axes; a++) {
        for (int64_t i = 0; i < p->out[a]; i++) {
            *count++ = (double)net_pool_seen(p, a, i, padding);
        }
    }
    return w->counts != NULL;
}

static bool pool(const net_call *call, double power, ct_error *err) {
    net_pooling pooling;
    net_shape made;
    if (!net_pool_describe(call, &pooling, &made, err)) {
        return false;
    }
    work w = {.call = call,
              .pooling = &pooling,
              .grids = {&pooling.window, pooling.out, pooling.in},
              .coarse = net_shape_product(&made, 2, made.rank),
              .fine = net_shape_product(&call->in[0]->shape, 2, made.rank),
              .power = power};
    const size_t sums = net_count(call->out[0]);
    w.sums = calloc(sums + 1, sizeof *w.sums);
    const bool ok = (w.sums && make_counts(&w, net_int(call->node, "count_include_pad", 0) != 0)) ||
                    ct_fail(err, "out of memory");
    if (ok && sums > 0) {
        net_each_of(call->team, (double)sums * (double)net_window_cells(&pooling.window),
                    (int)pooling.maps, make_map, &w);
    }
    free(w.sums);
    free(w.counts);
    return ok;
}

static bool mean_run(const net_call *call, ct_error *err) {
    bool done;
    if (!net_images_call(call, &done, err) || done) {
        return done;
    }
    return pool(call, 0, err);
}

static bool norm_run(const net_call *call, ct_error *err) {
    return pool(call, (double)net_int(call->node, "p", 2), err);
}

const net_op net_ops_mean_pool[] = {
    {.name = "AveragePool",
     .since = 1,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = real_shape,
     .run = mean_run,
     .make = net_images_make,
     .free = net_images_drop,
     .rows = net_average_pool_rows},
    {.name = "LpPool",
     .since = 1,
     .least = 1,
     .most = 1,
     .outputs = 1,
     .shape = norm_shape,
     .run = norm_run},
    {0},
};
