/* An operator: one row of a table (see ops/table.c), a rule for shapes and a computation.
 *
 * To add one: a row in a file of ops/, with these two functions. The loader, shape inference,
 * folding of constants, plans and the tests of Debian's ONNX cases read the row. */
#ifndef CT_NET_OP_H
#define CT_NET_OP_H

#include "net/budget.h"
#include "net/graph.h"
#include "net/team.h"

struct net_rows;

/* A node at work. The same for both functions of an operator; both see tensors, not places. */
typedef struct net_call {
    const net_node *node;
    /* node->input_count of them; NULL where one is left out. Their data is NULL where it isn't
     * known: `shape` must be content with that, `run` never sees it. */
    const net_tensor *const *in;
    /* node->output_count of them; NULL where one isn't wanted. `shape` sets type and shape; `run`
     * fills in the data, for which there is room. */
    net_tensor *const *out;

    net_symbols *symbols; /* for `shape`: names for sizes that aren't known; NULL: all are */
    const net_team *team; /* for `run`: threads; NULL: the caller's alone */
    void *own;            /* what `make` made, or NULL */
    const struct net_bodies *bodies; /* for operators with bodies: see net_run_body */
    void *runner;
} net_call;

/* Bits of inputs; none, not even the usual ones. */
#define NET_INPUT(i) (1U << (i))
#define NET_NO_INPUT NET_INPUT(31)

struct net_op {
    const char *name;
    int since, until; /* the opset versions that it is written for; until 0: all later ones too */
    int least, most;  /* inputs that it takes; most 0: as many as there are */
    int outputs;      /* at most; 0: as many as there are */

    /* Inputs whose numbers are weights, of a layer, where they are constant: NET_INPUT(1) |
     * NET_INPUT(2). What else is constant says how it works: sizes, axes, scales, limits. 0: any
     * input that has more than one number. */
    unsigned weights;

    /* Sets type and shape of all outputs, from the inputs' types, shapes and, where they are known,
     * data. A size that can't be known yet is NET_ANY_SIZE or a symbol, a rank -1. Checks all that
     * `run` relies on and that is known; false with an error (without the node's name) where the
     * inputs don't fit. */
    bool (*shape)(const net_call *call, ct_error *err);

    /* Makes the outputs. Inputs and outputs have the shapes that `shape` gave, all known. False
     * with an error: out of memory, or data out of range (an index). */
    bool (*run)(const net_call *call, ct_error *err);

    /* Numbers only move, whatever their type, or `run` knows all types itself. Otherwise halves are
     * made floats before, and floats halves behind. */
    bool any_type;
    bool fickle; /* not the same each time, or with bodies: never folded into a constant */

    /* What is worth preparing once for constant inputs, as weights that are packed; NULL: nothing.
     * Called with all shapes known. May leave *own NULL. */
    bool (*make)(const net_call *call, void **own, ct_error *err);
    void (*free)(void *own);

    /* The node by rows, where the operator is local; NULL: it isn't. See rows.h. */
    bool (*rows)(const net_call *call, struct net_rows *out, ct_error *err);
};

/* ---- help for `shape` ---- */

/* Output i (if wanted) gets a type and a shape. */
void net_give(const net_call *call, int i, net_type type, const net_shape *shape);

/* Input i, or NULL where it is left out. */
const net_tensor *net_in(const net_call *call, int i);

/* The first output is like the first input in type and shape. */
bool net_shape_same(const net_call *call, ct_error *err);

/* False with an error that names the inputs whose type isn't what is wanted; NET_NONE passes, on
 * either side. */
bool net_want_type(const net_call *call, int i, net_type type, ct_error *err);
bool net_want_real(const net_call *call, int i, ct_error *err);
bool net_want_number(const net_call *call, int i, ct_error *err); /* anything but bool */

/* Whether the input's rank is known and lies within least..most; an unknown rank passes. */
bool net_want_rank(const net_call *call, int i, int least, int most, ct_error *err);

/* The shape that both are stretched to, as NumPy broadcasts. */
bool net_broadcast(const net_shape *a, const net_shape *b, net_shape *out, ct_error *err);

/* A list of whole numbers: attribute `name`, or else input i (tensor of int32 or int64). */
typedef enum net_listed { NET_LIST_ABSENT, NET_LIST_KNOWN, NET_LIST_UNKNOWN } net_listed;
enum { NET_MOST_LISTED = 2 * NET_MOST_DIMENSIONS };
typedef struct net_list {
    int count; /* -1: not known either */
    int64_t at[NET_MOST_LISTED];
} net_list;

/* Input -1: there is only the attribute; name NULL: only the input. False with an error where the
 * list is too long. */
bool net_list_of(const net_call *call, const char *name, int i, net_list *list, net_listed *found,
                 ct_error *err);

/* ---- bodies ---- */

/* Runs a body of the node: `in` are the body's inputs in its order; the values that it captures
 * come from the graph that the node stands in. `out` get its outputs: shapes, and data that stays
 * valid until the same body runs again. */
bool net_run_body(const net_call *call, const net_graph *body, const net_tensor *in,
                  net_tensor *out, ct_error *err);

/* Types and shapes of a body's outputs for such inputs, whose data may be unknown. Not for a
 * `shape` that is called when the network runs (call->symbols is NULL): that runs the body. */
bool net_shape_body(const net_call *call, const net_graph *body, const net_tensor *in,
                    net_tensor *out, ct_error *err);

/* What `shape` had to compute when the network ran, for `run`, which follows. net_keep_results
 * takes over `results`, an array of malloc's and data of the budget, even when it fails;
 * net_take_results gives them back, or NULL where there are none. */
bool net_keep_results(const net_call *call, net_tensor *results, int count, ct_error *err);
net_tensor *net_take_results(const net_call *call);
void net_free_results(net_tensor *results, int count);

/* What the run of the whole network may have. */
net_budget *net_budget_of(const net_call *call);

/* Counts one more turn of a loop. False with an error where a run of the whole network has had more
 * of them, in all its loops, than any that ends: a network may say "until", and never come there.
 */
bool net_count_turn(const net_call *call, ct_error *err);
enum { NET_MOST_TURNS = 1 << 22 };

/* What runs bodies: the functions above. */
typedef struct net_bodies {
    bool (*run)(const net_call *call, const net_graph *body, const net_tensor *in, net_tensor *out,
                ct_error *err);
    bool (*shape)(const net_call *call, const net_graph *body, const net_tensor *in,
                  net_tensor *out, ct_error *err);
    bool (*keep)(const net_call *call, net_tensor *results, int count, ct_error *err);
    net_tensor *(*take)(const net_call *call);
    net_budget *(*budget)(const net_call *call);
    bool (*turn)(const net_call *call, ct_error *err);
} net_bodies;

/* The operator of that name and opset version in ONNX's own domain; NULL where there is none. */
const net_op *net_op_find(const char *name, int opset);

/* The i-th row; NULL past the last. */
const net_op *net_op_at(size_t i);

#endif
