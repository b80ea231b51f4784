/* What RNN, GRU and LSTM have in common (the ONNX operator specification, opsets 7 to 14): for each
 * direction, and each step of a sequence, what comes in and what was made before are multiplied by
 * matrices, and gates decide what becomes of them. */
#ifndef CT_NET_OPS_RECURRENT_H
#define CT_NET_OPS_RECURRENT_H

#include "net/op.h"
#include "net/ops/recurrent_matrix.h"
#include "net/unary.h"

/* A function of a gate. */
typedef struct recurrent_function {
    const net_unary *unary;
    double numbers[2];
    double inner, outer, plus; /* plus + outer f(inner x), as Affine and ScaledTanh have it */
    bool plain;                /* f(x) alone */
    bool unclipped;
} recurrent_function;

enum { RECURRENT_FUNCTIONS = 3 };

struct recurrent;

struct recurrent_way;

/* From sums to states, for one of the batch. */
typedef void recurrent_step(const struct recurrent_way *way, size_t b, const void *from_in);

/* A kind of cell. */
typedef struct recurrent_cell {
    recurrent_step *step[2]; /* for floats, for doubles */
    recurrent_step *late[2]; /* GRU's last gate and state, after another product; or NULL */
    size_t gates;            /* each is `hidden` numbers */
    size_t functions;        /* of each direction */
    bool has_memory;         /* a second state, and peepholes */
    const char *defaults[RECURRENT_FUNCTIONS];
} recurrent_cell;

/* A direction's matrices: of what comes in, and of the state; `last`: GRU's last gate, which isn't
 * in `back`. */
typedef struct recurrent_weights {
    recurrent_matrix in, back, last;
} recurrent_weights;

/* One direction at work. Numbers are floats or doubles. */
typedef struct recurrent_way {
    const struct recurrent *of;
    int direction;
    const recurrent_function *functions;
    const recurrent_weights *weights;
    const void *peephole; /* 3 hidden numbers, or NULL */

    void *from_in; /* of each step and batch: what comes in times its matrix, and biases */
    void *gates;   /* of each of the batch: what was made before times `back`, and then the gates */
    void *last_gate, *extra, *state, *memory; /* `hidden` numbers for each of the batch */
} recurrent_way;

typedef struct recurrent {
    const recurrent_cell *cell;
    const net_call *call;
    net_type type;
    size_t steps, batch, inputs, hidden;
    int directions;
    bool backward[2];
    bool batch_first; /* layout 1 */
    bool couples;     /* LSTM's input_forget */
    bool reset_last;  /* GRU's linear_before_reset */
    double clip;      /* 0: none */
    recurrent_function functions[2][RECURRENT_FUNCTIONS];
} recurrent;

/* The attributes, and, where they're known, the sizes. False with an error. */
bool recurrent_read(const net_call *call, const recurrent_cell *cell, recurrent *out,
                    ct_error *err);
bool recurrent_shape(const net_call *call, const recurrent_cell *cell, ct_error *err);

/* A gate's function on n numbers in place, limited before by the clip. */
void recurrent_apply(const recurrent *r, const recurrent_function *f, void *numbers, size_t n);

#endif
