#include "net/ops/stretch.h"

#include <string.h>

#include "base/minmax.h"

enum {
    PART = 1 << 16, /* elements for a thread at a time */
    SHORT = 32,     /* shorter runs are put side by side, in a tile: */
    TILE = 1024     /* elements */
};

/* An input's steps are in bytes; a step of 0 stays. Axes count from the last one. */
typedef struct walk {
    net_kernel *kernel;
    char *out;
    size_t out_bytes; /* of an element */
    int count;
    const char *in[NET_STRETCHED];
    size_t bytes[NET_STRETCHED];
    int rank;
    size_t size[NET_MOST_DIMENSIONS];
    size_t step[NET_MOST_DIMENSIONS][NET_STRETCHED];
    size_t unit; /* elements of the last axis, where its runs are short; it isn't among those above
                  * then; else 1 */
    size_t inner[NET_STRETCHED]; /* its steps */
    size_t total, part;          /* in units */
} walk;

/* The input's size along an axis that is counted from the last one. */
static size_t size_at(const net_shape *shape, int axis) {
    return axis < shape->rank ? (size_t)shape->size[shape->rank - 1 - axis] : 1;
}

/* One axis that continues the one before it, for all inputs, is part of it. */
static void add_axis(walk *w, size_t size, const size_t *step) {
    bool joins = w->rank > 0;
    for (int k = 0; joins && k < w->count; k++) {
        joins = step[k] == w->step[w->rank - 1][k] * w->size[w->rank - 1];
    }
    if (joins) {
        w->size[w->rank - 1] *= size;
        return;
    }
    w->size[w->rank] = size;
    memcpy(w->step[w->rank++], step, sizeof w->step[0]);
}

static void find_axes(walk *w, const net_shape *out, const net_tensor *const *in) {
    size_t stride[NET_STRETCHED];
    memcpy(stride, w->bytes, sizeof stride);
    for (int axis = 0; axis < out->rank; axis++) {
        const size_t size = size_at(out, axis);
        size_t step[NET_STRETCHED] = {0};
        for (int k = 0; k < w->count; k++) {
            const size_t own = size_at(&in[k]->shape, axis);
            step[k] = own == 1 ? 0 : stride[k];
            stride[k] *= own;
        }
        if (size != 1) {
            add_axis(w, size, step);
        }
    }
    if (w->rank == 0) {
        w->rank = 1;
        w->size[0] = 1;
    }
}

static void take_unit(walk *w) {
    w->unit = 1;
    if (w->rank > 1 && w->size[0] < SHORT && w->size[1] > 1) {
        w->unit = w->size[0];
        memcpy(w->inner, w->step[0], sizeof w->inner);
        w->rank--;
        memmove(w->size, w->size + 1, (size_t)w->rank * sizeof w->size[0]);
        memmove(w->step, w->step + 1, (size_t)w->rank * sizeof w->step[0]);
    }
}

/* ---- tiles ---- */

typedef struct tile {
    _Alignas(64) char room[TILE * 8];
    const char *from; /* what is in it, where that can serve again */
    size_t units;
} tile;

/* `units` times the same unit. */
static void repeat(tile *t, const char *from, size_t bytes, size_t units) {
    if (t->from == from && t->units >= units) {
        return;
    }
    t->from = from;
    t->units = units;
    memcpy(t->room, from, bytes);
    for (size_t have = 1; have < units;) {
        const size_t more = ct_min_size(have, units - have);
        memcpy(t->room + have * bytes, t->room, more * bytes);
        have += more;
    }
}

#define SPREAD(type)                                                                               \
    for (size_t u = 0; u < units; u++) {                                                           \
        const type value = *(const type *)(from + u * step);                                       \
        for (size_t i = 0; i < unit; i++) {                                                        \
            ((type *)(void *)t->room)[u * unit + i] = value;                                       \
        }                                                                                          \
    }

/* Units that are each one number. */
static void spread(tile *t, const char *from, size_t bytes, size_t unit, size_t step,
                   size_t units) {
    t->from = NULL;
    switch (bytes) {
    case 1:
        SPREAD(uint8_t)
        break;
    case 2:
        SPREAD(uint16_t)
        break;
    case 4:
        SPREAD(uint32_t)
        break;
    default:
        SPREAD(uint64_t)
        break;
    }
}

/* What the kernel gets for input k: `units` units. */
static const void *laid_out(const walk *w, int k, const char *from, size_t units, tile *t,
                            bool *one) {
    const size_t bytes = w->bytes[k], step = w->step[0][k];
    *one = w->inner[k] == 0 && step == 0;
    if (*one || (w->inner[k] == bytes && step == bytes * w->unit)) {
        return from;
    }
    if (w->inner[k] == 0) {
        spread(t, from, bytes, w->unit, step, units);
    } else if (step == 0) {
        repeat(t, from, bytes * w->unit, units);
    } else { /* rows of something larger; both axes are whole in the input */
        t->from = NULL;
        for (size_t u = 0; u < units; u++) {
            memcpy(t->room + u * bytes * w->unit, from + u * step, bytes * w->unit);
        }
    }
    return t->room;
}

static void run_units(const walk *w, char *out, const char *const *in, size_t units, tile *tiles) {
    const void *at[NET_STRETCHED];
    unsigned ones = 0;
    for (int k = 0; k < w->count; k++) {
        bool one;
        at[k] = laid_out(w, k, in[k], units, &tiles[k], &one);
        ones |= (unsigned)one << k;
    }
    w->kernel(out, at, ones, units * w->unit);
}

static void run_direct(const walk *w, char *out, const char *const *in, size_t n) {
    const void *at[NET_STRETCHED];
    unsigned ones = 0;
    for (int k = 0; k < w->count; k++) {
        at[k] = in[k];
        ones |= (unsigned)(w->step[0][k] == 0) << k;
    }
    w->kernel(out, at, ones, n);
}

/* ---- the walk ---- */

typedef struct place {
    size_t index[NET_MOST_DIMENSIONS];
    const char *in[NET_STRETCHED];
} place;

static void go_to(const walk *w, size_t at, place *p) {
    memcpy(p->in, w->in, sizeof p->in);
    for (int axis = 0; axis < w->rank; axis++) {
        p->index[axis] = at % w->size[axis];
        at /= w->size[axis];
        for (int k = 0; k < w->count; k++) {
            p->in[k] += p->index[axis] * w->step[axis][k];
        }
    }
}

static void advance(const walk *w, size_t n, place *p) {
    p->index[0] += n;
    for (int k = 0; k < w->count; k++) {
        p->in[k] += n * w->step[0][k];
    }
    for (int axis = 0; axis + 1 < w->rank && p->index[axis] == w->size[axis]; axis++) {
        p->index[axis] = 0;
        p->index[axis + 1]++;
        for (int k = 0; k < w->count; k++) {
            p->in[k] +=
                (ptrdiff_t)w->step[axis + 1][k] - (ptrdiff_t)(w->size[axis] * w->step[axis][k]);
        }
    }
}

static void run_part(void *argument, int i) {
    const walk *w = argument;
    tile tiles[NET_STRETCHED];
    const size_t most = w->unit > 1 ? TILE / w->unit : SIZE_MAX;
    size_t at = (size_t)i * w->part;
    const size_t end = ct_min_size(at + w->part, w->total);
    place p;
    for (int k = 0; k < NET_STRETCHED; k++) {
        tiles[k].from = NULL;
    }
    for (go_to(w, at, &p); at < end;) {
        const size_t n = ct_min_size(ct_min_size(w->size[0] - p.index[0], end - at), most);
        char *out = w->out + at * w->unit * w->out_bytes;
        if (w->unit > 1) {
            run_units(w, out, p.in, n, tiles);
        } else {
            run_direct(w, out, p.in, n);
        }
        at += n;
        advance(w, n, &p);
    }
}

void net_stretch(const net_team *team, net_kernel *kernel, const net_tensor *out,
                 const net_tensor *const *in, int count) {
    walk w = {
        .kernel = kernel, .out = out->data, .out_bytes = net_type_size(out->type), .count = count};
    const size_t total = net_count(out);
    if (total == 0) {
        return;
    }
    for (int k = 0; k < count; k++) {
        w.in[k] = in[k]->data;
        w.bytes[k] = net_type_size(in[k]->type);
    }
    find_axes(&w, &out->shape, in);
    take_unit(&w);
    w.total = total / w.unit;
    w.part = PART / w.unit;
    net_each(team, (int)((w.total + w.part - 1) / w.part), run_part, &w);
}

bool net_stretches(const net_shape *from, const net_shape *to) {
    if (from->rank < 0 || to->rank < 0) {
        return true;
    }
    for (int axis = 1; axis <= from->rank; axis++) {
        const int64_t size = from->size[from->rank - axis];
        const int64_t wanted = axis <= to->rank ? to->size[to->rank - axis] : 1;
        if (size >= 0 && size != 1 && wanted >= 0 && size != wanted) {
            return false;
        }
    }
    return true;
}
