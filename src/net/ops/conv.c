/* Conv: ONNX operator specification, opsets 1 and 11. Plans may give it a fourth input, which files
 * can't: a tensor of the output's shape that is added. */
#include <stdlib.h>

#include "conv/rows/table.h"
#include "net/ops/conv_product.h"
#include "net/ops/conv_sum.h"
#include "net/ops/local.h"
#include "net/ops/ops.h"
#include "net/unary.h"

static bool conv_shape_rule(const net_call *call, ct_error *err) {
    net_convolution conv;
    net_shape made;
    if (!net_conv_describe(call, &conv, &made, err)) {
        return false;
    }
    net_give(call, 0, call->in[0]->type, &made);
    return true;
}

/* What is prepared: the engine's rows, or where it doesn't take the convolution, a product. */
typedef struct prepared {
    void *images;
    net_conv_product *product;
} prepared;

static void conv_free(void *own) {
    prepared *p = own;
    net_images_drop(p->images);
    net_conv_product_free(p->product);
    free(p);
}

static bool conv_make(const net_call *call, void **own, ct_error *err) {
    net_convolution conv;
    net_shape made;
    prepared *p = calloc(1, sizeof *p);
    if (!p) {
        return ct_fail(err, "out of memory");
    }
    const bool ok = net_images_make(call, &p->images, err) &&
                    (p->images || (net_conv_describe(call, &conv, &made, err) &&
                                   net_conv_product_make(call, &conv, &p->product, err)));
    if (!ok) {
        conv_free(p);
        return false;
    }
    *own = p;
    return true;
}

/* What was joined to it, where the rows don't do that. */
static void finish(const net_call *call) {
    const net_tensor *sum = net_in(call, NET_CONV_SUM);
    net_tensor *out = call->out[0];
    if (sum) {
        rows_chosen()->accumulate(out->data, sum->data, net_count(out));
    }
    if (call->node->relu) {
        net_relu(out);
    }
}

static bool conv_run(const net_call *call, ct_error *err) {
    const prepared *own = call->own;
    net_convolution conv;
    net_shape made;
    bool by_rows = false;
    if (!own || !own->product) {
        net_call images = *call;
        images.own = own ? own->images : NULL;
        if (!net_images_call(&images, &by_rows, err)) {
            return false;
        }
    }
    if (!by_rows) {
        if (!net_conv_describe(call, &conv, &made, err) ||
            !(own && own->product ? net_conv_product_run(call, &conv, own->product, err)
                                  : net_conv_sums(call, &conv, err))) {
            return false;
        }
    }
    if (!by_rows || !net_conv_rows_suffice(call)) {
        finish(call);
    }
    return true;
}

const net_op net_ops_conv[] = {
    {.name = "Conv",
     .since = 1,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .weights = NET_INPUT(1) | NET_INPUT(2),
     .shape = conv_shape_rule,
     .run = conv_run,
     .make = conv_make,
     .free = conv_free,
     .rows = net_conv_rows},
    {0},
};
