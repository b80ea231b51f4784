/* Resampling, axis after axis: [before, in, after] becomes [before, out, after]. Nearest samples
 * are moved, whatever their type; others are summed as floats, or as doubles where they aren't
 * floats. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "net/ops/resize_apply.h"

typedef struct pass {
    const net_taps *taps;
    const void *from;
    void *to;
    size_t after; /* elements */
    size_t size;  /* bytes of an element */
    bool wide;    /* doubles */
} pass;

/* ---- one slice ---- */

static void move_slice(const pass *p, const char *from, char *to) {
    const size_t bytes = p->after * p->size, out = (size_t)p->taps->out;
    const int64_t *index = p->taps->index;
    if (bytes == 4) {
        for (size_t i = 0; i < out; i++) {
            memcpy(to + i * 4, from + (size_t)index[i] * 4, 4);
        }
        return;
    }
    for (size_t i = 0; i < out; i++) {
        memcpy(to + i * bytes, from + (size_t)index[i] * bytes, bytes);
    }
}

#define SUMS(type)                                                                                 \
    static void sum_##type(const pass *p, const type *restrict from, type *restrict to) {          \
        const net_taps *t = p->taps;                                                               \
        const size_t count = (size_t)t->count, after = p->after;                                   \
        for (size_t i = 0; i < (size_t)t->out; i++, to += after) {                                 \
            const int64_t *index = t->index + i * count;                                           \
            const float *weight = t->weight + i * count;                                           \
            if (after == 1) {                                                                      \
                type sum = 0;                                                                      \
                for (size_t k = 0; k < count; k++) {                                               \
                    sum += (type)weight[k] * from[index[k]];                                       \
                }                                                                                  \
                *to = sum;                                                                         \
                continue;                                                                          \
            }                                                                                      \
            for (size_t k = 0; k < count; k++) {                                                   \
                const type w = (type)weight[k];                                                    \
                const type *restrict row = from + (size_t)index[k] * after;                        \
                if (k == 0) {                                                                      \
                    for (size_t x = 0; x < after; x++) {                                           \
                        to[x] = w * row[x];                                                        \
                    }                                                                              \
                } else if (weight[k] != 0) {                                                       \
                    for (size_t x = 0; x < after; x++) {                                           \
                        to[x] += w * row[x];                                                       \
                    }                                                                              \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
SUMS(float)
SUMS(double)

static void run_slice(void *argument, int i) {
    const pass *p = argument;
    const size_t from = (size_t)i * (size_t)p->taps->in * p->after;
    const size_t to = (size_t)i * (size_t)p->taps->out * p->after;
    if (p->taps->count == 1) {
        move_slice(p, (const char *)p->from + from * p->size, (char *)p->to + to * p->size);
    } else if (p->wide) {
        sum_double(p, (const double *)p->from + from, (double *)p->to + to);
    } else {
        sum_float(p, (const float *)p->from + from, (float *)p->to + to);
    }
}

/* ---- numbers of other types ---- */

static void widen(const net_tensor *tensor, double *to) {
    const size_t count = net_count(tensor);
    for (size_t i = 0; i < count; i++) {
        to[i] = net_real_at(tensor, i);
    }
}

/* Towards 0, within the type. */
static void narrow(const double *from, const net_tensor *tensor) {
    const size_t count = net_count(tensor), bits = 8 * net_type_size(tensor->type);
    const bool is_signed = tensor->type == NET_I8 || tensor->type == NET_I16 ||
                           tensor->type == NET_I32 || tensor->type == NET_I64;
    const double most = is_signed ? ldexp(1, (int)bits - 1) : ldexp(1, (int)bits);
    for (size_t i = 0; i < count; i++) {
        double v = trunc(from[i]);
        v = v < (is_signed ? -most : 0) ? (is_signed ? -most : 0) : v;
        const uint64_t whole =
            v >= most ? (is_signed ? (uint64_t)INT64_MAX >> (64 - bits) : UINT64_MAX >> (64 - bits))
            : v < 0   ? (uint64_t)(int64_t)v
                      : (uint64_t)v;
        memcpy((char *)tensor->data + i * (bits / 8), &whole, bits / 8);
    }
}

/* ---- all passes ---- */

typedef struct chain {
    const net_call *call;
    const net_taps *taps;
    int rank;
    size_t size;
    bool wide;
    void *room[2]; /* results between passes */
} chain;

static int passes_of(const chain *c) {
    int passes = 0;
    for (int i = 0; i < c->rank; i++) {
        passes += !c->taps[i].identity;
    }
    return passes;
}

/* The most elements that lie between two passes. */
static bool most_between(const chain *c, size_t *most) {
    net_shape shape = c->call->in[0]->shape;
    *most = 0;
    for (int i = 0; i < c->rank; i++) {
        shape.size[i] = c->taps[i].out;
        size_t count;
        if (!net_shape_count(&shape, &count)) {
            return false;
        }
        *most = count > *most ? count : *most;
    }
    return true;
}

static bool run_passes(chain *c, const void *from, void *to, ct_error *err) {
    net_shape shape = c->call->in[0]->shape;
    int left = passes_of(c);
    for (int i = 0; i < c->rank; i++) {
        if (c->taps[i].identity) {
            continue;
        }
        pass p = {.taps = &c->taps[i],
                  .from = from,
                  .to = --left ? c->room[(left - 1) & 1] : to,
                  .after = net_shape_product(&shape, i + 1, c->rank),
                  .size = c->size,
                  .wide = c->wide};
        const size_t before = net_shape_product(&shape, 0, i);
        if (before > INT32_MAX) {
            return ct_fail(err, "its input is too large");
        }
        const double sums = (double)before * (double)p.after * (double)p.taps->out;
        net_each_of(c->call->team, sums, (int)before, run_slice, &p);
        shape.size[i] = p.taps->out;
        from = p.to;
    }
    return true;
}

/* ---- what lies outside ---- */

static void put(const net_tensor *out, size_t i, double value) {
    net_tensor one = *out;
    one.shape = (net_shape){.rank = 0};
    one.data = (char *)out->data + i * net_type_size(out->type);
    if (out->type == NET_FLOAT) {
        *(float *)one.data = (float)value;
    } else if (out->type == NET_DOUBLE) {
        *(double *)one.data = value;
    } else {
        narrow(&value, &one);
    }
}

static void put_outside(const net_tensor *out, const net_taps *taps, double value) {
    const size_t count = net_count(out);
    const int rank = out->shape.rank;
    int64_t at[NET_MOST_DIMENSIONS] = {0};
    for (size_t i = 0; i < count; i++) {
        bool outside = false;
        for (int a = 0; a < rank; a++) {
            outside = outside || (taps[a].outside && taps[a].outside[at[a]]);
        }
        if (outside) {
            put(out, i, value);
        }
        for (int a = rank - 1; a >= 0 && ++at[a] == out->shape.size[a]; a--) {
            at[a] = 0;
        }
    }
}

bool net_resize_apply(const net_call *call, const net_resize *r, const net_taps *taps,
                      ct_error *err) {
    const net_tensor *x = call->in[0], *y = call->out[0];
    const int rank = x->shape.rank;
    chain c = {.call = call, .taps = taps, .rank = rank, .size = net_type_size(x->type)};
    const bool moves = r->how[0].interpolation == NET_NEAREST || passes_of(&c) == 0;
    c.wide = x->type == NET_DOUBLE;
    const bool converts = !moves && !net_type_is_real(x->type);
    size_t bytes, most;
    if (!net_bytes(y, &bytes) || bytes == 0) {
        return true;
    }
    if (converts) {
        c.wide = true;
        c.size = sizeof(double);
    }
    bool ok = most_between(&c, &most) && ct_mul(most, c.size, &most);
    double *wide[2] = {NULL, NULL};
    for (int i = 0; ok && i < 2; i++) {
        c.room[i] = passes_of(&c) > i + 1 ? malloc(most + 1) : NULL;
        ok = c.room[i] || passes_of(&c) <= i + 1;
        if (ok && converts) {
            wide[i] = malloc((net_count(i == 0 ? x : y) + 1) * sizeof(double));
            ok = wide[i] != NULL;
        }
    }
    ok = ok || ct_fail(err, "out of memory");
    if (ok && passes_of(&c) == 0) {
        memcpy(y->data, x->data, bytes);
    } else if (ok && converts) {
        widen(x, wide[0]);
        ok = run_passes(&c, wide[0], wide[1], err);
        narrow(wide[1], y);
    } else if (ok) {
        ok = run_passes(&c, x->data, y->data, err);
    }
    if (ok && r->how[0].coordinates == NET_CROP_AND_RESIZE) {
        put_outside(y, taps, (double)r->outside);
    }
    for (int i = 0; i < 2; i++) {
        free(c.room[i]);
        free(wide[i]);
    }
    return ok;
}
