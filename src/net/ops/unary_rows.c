/* Functions of one number, by rows. */
#include <stdlib.h>

#include "net/ops/local.h"
#include "net/unary.h"

typedef struct unary {
    const net_unary *f;
    double numbers[2];
} unary;

static void free_own(net_rows *rows) {
    free(rows->own);
}

static void run(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride) {
    (void)worker;
    const unary *u = rows->own;
    const size_t n = (size_t)rows->out.width * (size_t)rows->out.channels;
    for (int y = first; y < end; y++, out += stride) {
        net_unary_floats(u->f, u->numbers, out, in[0].row(in[0].context, y), n);
    }
}

bool net_unary_rows(const net_call *call, net_rows *out, ct_error *err) {
    conv_shape shape;
    unary made = {NULL, {0, 0}};
    if (call->in[0]->type != NET_FLOAT || !net_image_shape(&call->in[0]->shape, &shape) ||
        !(made.f = net_unary_of(call->node, call->in, made.numbers))) {
        return true;
    }
    unary *own = malloc(sizeof *own);
    if (!own) {
        return ct_fail(err, "out of memory");
    }
    *own = made;
    *out = (net_rows){.out = shape,
                      .source_count = 1,
                      .in = {shape},
                      .reach = net_same_rows,
                      .run = run,
                      .free = free_own,
                      .own = own,
                      .pointwise = true};
    return true;
}
