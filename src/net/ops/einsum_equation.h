/* Einsum's equations, as NumPy's einsum (the ONNX operator specification, opset 12). */
#ifndef CT_NET_OPS_EINSUM_EQUATION_H
#define CT_NET_OPS_EINSUM_EQUATION_H

#include "net/op.h"

/* Labels: the letters a to z and A to Z, then the axes of an ellipsis, counted from the last. */
enum { EINSUM_LETTERS = 52, EINSUM_LABELS = EINSUM_LETTERS + NET_MOST_DIMENSIONS };

typedef struct einsum_term {
    int count;                      /* -1: not known (an ellipsis of unknown rank) */
    int label[NET_MOST_DIMENSIONS]; /* of each axis */
} einsum_term;

typedef struct einsum_equation {
    einsum_term out;
    int64_t size[EINSUM_LABELS]; /* negative: not known */
} einsum_equation;

/* The next operand's term, whose tensor has that rank (-1: unknown). `text` moves behind it, and
 * the comma. False with an error. */
bool einsum_next(const char **text, int rank, einsum_term *term, ct_error *err);

/* Reads the node's equation: all sizes, and the output's term. False with an error where it doesn't
 * fit the inputs. */
bool einsum_read(const net_call *call, einsum_equation *out, ct_error *err);

#endif
