#include "net/ops/einsum_view.h"

#include "base/checked.h"

bool einsum_count(const int64_t *size, const einsum_order *order, size_t *count) {
    *count = 1;
    bool empty = false, fits = true;
    for (int i = 0; i < order->count; i++) {
        const size_t along = (size_t)size[order->label[i]];
        empty = empty || along == 0;
        fits = fits && (along == 0 || ct_mul(*count, along, count));
    }
    *count = empty ? 0 : *count;
    return empty || fits;
}

einsum_view einsum_view_of(const void *data, const int64_t *size, const einsum_order *order) {
    einsum_view view = {.data = data};
    size_t step = 1;
    for (int i = order->count; i-- > 0;) {
        const int label = order->label[i];
        view.has |= (einsum_labels)1 << label;
        view.step[label] = size[label] == 1 ? 0 : step;
        step *= (size_t)size[label];
    }
    return view;
}

/* An index over some axes, and where it lies in the view; the last axis varies fastest. */
typedef struct walk {
    int count;
    size_t size[EINSUM_LABELS], step[EINSUM_LABELS], index[EINSUM_LABELS];
} walk;

static walk walk_over(const int64_t *size, const einsum_view *view, const einsum_order *order) {
    walk w = {0};
    for (int i = 0; i < order->count; i++) {
        const int label = order->label[i];
        w.size[w.count] = (size_t)size[label];
        w.step[w.count] = einsum_has(view->has, label) ? view->step[label] : 0;
        w.index[w.count] = 0;
        w.count += size[label] != 1;
    }
    return w;
}

/* The next index; false behind the last. *at follows. */
static bool walk_on(walk *w, size_t *at) {
    for (int i = w->count; i-- > 0;) {
        *at += w->step[i];
        if (++w->index[i] < w->size[i]) {
            return true;
        }
        *at -= w->step[i] * w->size[i];
        w->index[i] = 0;
    }
    return false;
}

/* An innermost axis of its own, which isn't walked. */
typedef struct inner {
    size_t count, step;
} inner;

static inner take_inner(walk *w) {
    if (w->count == 0) {
        return (inner){1, 0};
    }
    w->count--;
    return (inner){w->size[w->count], w->step[w->count]};
}

#define COPY(name, type, sum_type)                                                                 \
    static void name(walk *over, walk *summed, const void *from, void *to) {                       \
        const type *data = from;                                                                   \
        type *out = to;                                                                            \
        const bool sums = summed->count > 0;                                                       \
        const inner row = take_inner(sums ? summed : over);                                        \
        size_t at = 0;                                                                             \
        do {                                                                                       \
            if (!sums) {                                                                           \
                for (size_t i = 0; i < row.count; i++) {                                           \
                    *out++ = data[at + i * row.step];                                              \
                }                                                                                  \
                continue;                                                                          \
            }                                                                                      \
            sum_type sum = 0;                                                                      \
            size_t start = at;                                                                     \
            do {                                                                                   \
                for (size_t i = 0; i < row.count; i++) {                                           \
                    sum += (sum_type)data[start + i * row.step];                                   \
                }                                                                                  \
            } while (walk_on(summed, &start));                                                     \
            *out++ = (type)sum;                                                                    \
        } while (walk_on(over, &at));                                                              \
    }
COPY(copy_floats, float, double)
COPY(copy_doubles, double, double)
COPY(copy_bytes, uint8_t, uint64_t)
COPY(copy_shorts, uint16_t, uint64_t)
COPY(copy_words, uint32_t, uint64_t)
COPY(copy_longs, uint64_t, uint64_t)
#undef COPY

void einsum_copy(net_type type, const int64_t *size, const einsum_view *view,
                 const einsum_order *order, void *out) {
    einsum_order rest = {0};
    einsum_labels kept = 0;
    size_t count, each;
    for (int i = 0; i < order->count; i++) {
        kept |= (einsum_labels)1 << order->label[i];
    }
    for (int l = 0; l < EINSUM_LABELS; l++) {
        if (einsum_has(view->has & ~kept, l)) {
            rest.label[rest.count++] = l;
        }
    }
    einsum_count(size, order, &count);
    einsum_count(size, &rest, &each);
    walk over = walk_over(size, view, order), summed = walk_over(size, view, &rest);
    if (count == 0) {
        return;
    }
    if (each == 0) { /* empty sums: a zero, stretched */
        over = walk_over(size, &(einsum_view){0}, order);
        summed.count = 0;
    }
    const uint64_t zero = 0;
    const void *from = each == 0 ? &zero : view->data;
    if (type == NET_FLOAT) {
        copy_floats(&over, &summed, from, out);
    } else if (type == NET_DOUBLE) {
        copy_doubles(&over, &summed, from, out);
    } else if (net_type_size(type) == 1) {
        copy_bytes(&over, &summed, from, out);
    } else if (net_type_size(type) == 2) {
        copy_shorts(&over, &summed, from, out);
    } else if (net_type_size(type) == 4) {
        copy_words(&over, &summed, from, out);
    } else {
        copy_longs(&over, &summed, from, out);
    }
}
