/* Einsum, for any number of operands: two at a time, as a product of matrices. */
#include <stdlib.h>

#include "base/checked.h"
#include "net/ops/einsum_view.h"
#include "net/ops/ops.h"
#include "net/ops/product.h"

static bool einsum_shape(const net_call *call, ct_error *err) {
    einsum_equation e;
    for (int i = 0; i < call->node->input_count; i++) {
        if (!call->in[i]) {
            return ct_fail(err, "input %d is missing", i + 1);
        }
        if (!net_want_number(call, i, err) || !net_want_type(call, i, call->in[0]->type, err)) {
            return false;
        }
    }
    if (!einsum_read(call, &e, err)) {
        return false;
    }
    net_shape shape = {.rank = e.out.count};
    for (int i = 0; i < e.out.count; i++) {
        shape.size[i] = e.size[e.out.label[i]];
    }
    net_give(call, 0, call->in[0]->type, &shape);
    return true;
}

typedef struct einsum {
    const net_call *call;
    net_type type;
    const int64_t *size;
    einsum_order out;
    einsum_view now; /* the product of the operands so far */
    void *holds;     /* what `now` lies in, if that is memory of its own */
} einsum;

static void put(einsum_order *order, int label) {
    order->label[order->count++] = label;
}

/* Those of the labels, first in the order of the output, then in that of the alphabet. */
static einsum_order order_of(const einsum *e, einsum_labels labels) {
    einsum_order order = {0};
    for (int i = 0; i < e->out.count; i++) {
        if (einsum_has(labels, e->out.label[i])) {
            put(&order, e->out.label[i]);
            labels &= ~((einsum_labels)1 << e->out.label[i]);
        }
    }
    for (int l = 0; l < EINSUM_LABELS; l++) {
        if (einsum_has(labels, l)) {
            put(&order, l);
        }
    }
    return order;
}

static einsum_order joined(const einsum_order *a, const einsum_order *b, const einsum_order *c) {
    einsum_order order = *a;
    for (int i = 0; i < b->count; i++) {
        put(&order, b->label[i]);
    }
    for (int i = 0; c && i < c->count; i++) {
        put(&order, c->label[i]);
    }
    return order;
}

static void *room_for(const einsum *e, const einsum_order *order, ct_error *err) {
    size_t count, bytes;
    void *room = einsum_count(e->size, order, &count) &&
                         ct_mul(count, net_type_size(e->type), &bytes) && bytes < SIZE_MAX / 2
                     ? malloc(bytes + 1)
                     : NULL;
    if (!room) {
        ct_fail(err, "out of memory");
    }
    return room;
}

/* The view's elements in that order, summed over its other axes; *room holds them, and is the
 * caller's to free. */
static bool arrange(const einsum *e, const einsum_order *order, einsum_view *view, void **room,
                    ct_error *err) {
    void *made = room_for(e, order, err);
    if (made) {
        einsum_copy(e->type, e->size, view, order, made);
        *view = einsum_view_of(made, e->size, order);
        *room = made;
    }
    return made != NULL;
}

/* Whether these axes lie in memory as a single one; its step. */
static bool is_one_axis(const einsum *e, const einsum_view *view, const einsum_order *order,
                        size_t *step) {
    size_t next = 0;
    bool first = true;
    *step = 1;
    for (int i = order->count; i-- > 0;) {
        const int label = order->label[i];
        if (e->size[label] == 1) {
            continue;
        }
        if (first) {
            *step = view->step[label];
        } else if (view->step[label] != next) {
            return false;
        }
        first = false;
        next = view->step[label] * (size_t)e->size[label];
    }
    return true;
}

/* How two operands meet: labels that both and the result have, those of one and the result, and
 * those that are summed. */
typedef struct meeting {
    einsum_order batch, left, right, sum;
} meeting;

static bool multiply(const einsum *e, const meeting *m, einsum_view *a, einsum_view *b, void *out,
                     ct_error *err) {
    net_product p = {.type = e->type};
    void *own_a = NULL, *own_b = NULL;
    const einsum_order a_order = joined(&m->batch, &m->left, &m->sum);
    const einsum_order b_order = joined(&m->batch, &m->sum, &m->right);
    const bool many = m->batch.count > NET_MOST_DIMENSIONS;
    size_t batch;
    bool ok =
        einsum_count(e->size, &m->batch, &batch) && einsum_count(e->size, &m->left, &p.rows) &&
        einsum_count(e->size, &m->sum, &p.depth) && einsum_count(e->size, &m->right, &p.columns);
    ok = ok || ct_fail(err, "out of memory");
    if (ok && (many || !is_one_axis(e, a, &m->left, &p.a_row) ||
               !is_one_axis(e, a, &m->sum, &p.a_column))) {
        ok = arrange(e, &a_order, a, &own_a, err);
        p.a_row = p.depth;
        p.a_column = 1;
    }
    if (ok && (many || !is_one_axis(e, b, &m->sum, &p.b_row) ||
               !is_one_axis(e, b, &m->right, &p.b_column))) {
        ok = arrange(e, &b_order, b, &own_b, err);
        p.b_row = p.columns;
        p.b_column = 1;
    }
    for (int i = 0; i < m->batch.count && !many; i++) {
        const int label = m->batch.label[i];
        p.size[i] = (size_t)e->size[label];
        p.a_step[i] = a->step[label];
        p.b_step[i] = b->step[label];
        p.axes++;
    }
    if (many) {
        p.axes = 1;
        p.size[0] = batch;
        p.a_step[0] = p.rows * p.depth;
        p.b_step[0] = p.depth * p.columns;
    }
    ok = ok && net_product_run(&p, e->call->team, a->data, b->data, out, err);
    free(own_a);
    free(own_b);
    return ok;
}

static bool is_same(const einsum_order *a, const einsum_order *b) {
    bool same = a->count == b->count;
    for (int i = 0; same && i < a->count; i++) {
        same = a->label[i] == b->label[i];
    }
    return same;
}

/* Sums the view over the axes that nothing else has. */
static bool sum_own(const einsum *e, einsum_labels needed, einsum_view *view, void **room,
                    ct_error *err) {
    if (!(view->has & ~needed)) {
        return true;
    }
    const einsum_order order = order_of(e, view->has & needed);
    return arrange(e, &order, view, room, err);
}

/* e->now = its product with another operand, with the axes that are needed later; in the output's
 * memory where it is the last. */
static bool take(einsum *e, einsum_view next, einsum_labels later, bool last, bool *done,
                 ct_error *err) {
    void *own_now = NULL, *own_next = NULL, *made = NULL;
    einsum_view now = e->now;
    bool ok = sum_own(e, later | next.has, &now, &own_now, err) &&
              sum_own(e, later | now.has, &next, &own_next, err);
    meeting m = {.batch = order_of(e, now.has & next.has & later),
                 .left = order_of(e, now.has & ~next.has),
                 .right = order_of(e, next.has & ~now.has),
                 .sum = order_of(e, now.has & next.has & ~later)};
    einsum_order order = joined(&m.batch, &m.left, &m.right);
    einsum_view *a = &now, *b = &next;
    const einsum_order turned = joined(&m.batch, &m.right, &m.left);
    if (last && !is_same(&order, &e->out) && is_same(&turned, &e->out)) {
        const einsum_order left = m.left;
        m.left = m.right;
        m.right = left;
        order = turned;
        a = &next;
        b = &now;
    }
    *done = last && is_same(&order, &e->out);
    if (ok && !*done) {
        made = room_for(e, &order, err);
        ok = made != NULL;
    }
    void *out = *done ? e->call->out[0]->data : made;
    ok = ok && multiply(e, &m, a, b, out, err);
    free(own_now);
    free(own_next);
    if (ok) {
        free(e->holds);
        e->holds = made;
        e->now = einsum_view_of(out, e->size, &order);
    } else {
        free(made);
    }
    return ok;
}

static einsum_view operand(const net_tensor *tensor, const einsum_term *term, const int64_t *size) {
    einsum_view view = {.data = tensor->data};
    size_t step = 1;
    for (int i = term->count; i-- > 0;) {
        const int label = term->label[i];
        view.has |= (einsum_labels)1 << label;
        if (tensor->shape.size[i] == size[label] && size[label] != 1) {
            view.step[label] += step; /* of a label that is there twice: along the diagonal */
        }
        step *= (size_t)tensor->shape.size[i];
    }
    return view;
}

static bool einsum_run(const net_call *call, ct_error *err) {
    einsum_equation equation;
    einsum_term terms[64];
    const int count = call->node->input_count;
    if (count > 64) {
        return ct_fail(err, "it has more than 64 inputs");
    }
    if (!einsum_read(call, &equation, err)) {
        return false;
    }
    einsum e = {.call = call, .type = call->in[0]->type, .size = equation.size};
    einsum_labels later[65] = {0}; /* what is needed after operand i */
    for (int i = 0; i < equation.out.count; i++) {
        put(&e.out, equation.out.label[i]);
        later[count - 1] |= (einsum_labels)1 << equation.out.label[i];
    }
    const char *text = net_text(call->node, "equation", "");
    for (int i = 0; i < count; i++) {
        if (!einsum_next(&text, call->in[i]->shape.rank, &terms[i], err)) {
            return false;
        }
    }
    for (int i = count - 1; i-- > 0;) {
        later[i] = later[i + 1] | operand(call->in[i + 1], &terms[i + 1], e.size).has;
    }
    e.now = operand(call->in[0], &terms[0], e.size);
    bool ok = true, done = false;
    for (int i = 1; ok && i < count; i++) {
        ok =
            take(&e, operand(call->in[i], &terms[i], e.size), later[i], i + 1 == count, &done, err);
    }
    if (ok && !done) {
        einsum_copy(e.type, e.size, &e.now, &e.out, call->out[0]->data);
    }
    free(e.holds);
    return ok;
}

const net_op net_ops_einsum[] = {
    {.name = "Einsum",
     .since = 12,
     .least = 1,
     .outputs = 1,
     .shape = einsum_shape,
     .run = einsum_run},
    {0},
};
