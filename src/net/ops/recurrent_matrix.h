/* A matrix of weights of a recurrent operator, of floats (packed) or of doubles. */
#ifndef CT_NET_OPS_RECURRENT_MATRIX_H
#define CT_NET_OPS_RECURRENT_MATRIX_H

#include "conv/matrix.h"
#include "net/op.h"

typedef struct recurrent_matrix {
    net_type type;
    size_t columns, depth;
    conv_matrix narrow; /* of floats; */
    const double *wide; /* of doubles: where the weights lie, and a copy of the biases */
    double *bias;
} recurrent_matrix;

/* Of `columns` rows of `depth` weights, as ONNX stores them: it multiplies from the right, turned.
 * The weights of doubles must stay. bias: `columns` numbers. False: out of memory. */
bool recurrent_matrix_new(recurrent_matrix *matrix, net_type type, const void *weights,
                          size_t columns, size_t depth, const double *bias);
void recurrent_matrix_free(recurrent_matrix *matrix);

/* out (rows x columns) = in (rows x depth) times it, plus its biases. False with an error. */
bool recurrent_matrix_multiply(const recurrent_matrix *matrix, const net_team *team, void *out,
                               const void *in, size_t rows, ct_error *err);

#endif
