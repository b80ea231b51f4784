#include "net/ops/recurrent_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "net/ops/product.h"

static bool new_narrow(recurrent_matrix *matrix, const void *weights, const double *bias) {
    float *narrow = malloc((matrix->columns + 1) * sizeof *narrow);
    if (!narrow || !conv_matrix_new(&matrix->narrow, matrix->depth, matrix->columns)) {
        free(narrow);
        return false;
    }
    for (size_t i = 0; i < matrix->columns; i++) {
        narrow[i] = (float)bias[i];
    }
    conv_matrix_pack(&matrix->narrow, weights, 1, matrix->depth, 1);
    conv_matrix_bias(&matrix->narrow, narrow, 1, 1);
    free(narrow);
    return true;
}

bool recurrent_matrix_new(recurrent_matrix *matrix, net_type type, const void *weights,
                          size_t columns, size_t depth, const double *bias) {
    *matrix = (recurrent_matrix){.type = type, .columns = columns, .depth = depth};
    if (type == NET_FLOAT) {
        return new_narrow(matrix, weights, bias);
    }
    matrix->wide = weights;
    matrix->bias = malloc((columns + 1) * sizeof *matrix->bias);
    if (matrix->bias) {
        memcpy(matrix->bias, bias, columns * sizeof *bias);
    }
    return matrix->bias != NULL;
}

void recurrent_matrix_free(recurrent_matrix *matrix) {
    if (matrix->narrow.packed) {
        conv_matrix_free(&matrix->narrow);
    }
    free(matrix->bias);
}

bool recurrent_matrix_multiply(const recurrent_matrix *matrix, const net_team *team, void *out,
                               const void *in, size_t rows, ct_error *err) {
    if (matrix->type == NET_FLOAT && !team) {
        const conv_matrix *narrow = &matrix->narrow;
        conv_matrix_multiply(narrow, out, matrix->columns, in, matrix->depth, rows, 0,
                             narrow->panels);
        return true;
    }
    const net_product product = {.type = matrix->type,
                                 .rows = rows,
                                 .depth = matrix->depth,
                                 .columns = matrix->columns,
                                 .a_row = matrix->depth,
                                 .a_column = 1,
                                 .b_row = 1,
                                 .b_column = matrix->depth,
                                 .packed = matrix->type == NET_FLOAT ? &matrix->narrow : NULL};
    if (!net_product_run(&product, team, in, matrix->wide, out, err)) {
        return false;
    }
    double *sum = out;
    for (size_t r = 0; matrix->type == NET_DOUBLE && r < rows; r++) {
        for (size_t i = 0; i < matrix->columns; i++) {
            *sum++ += matrix->bias[i];
        }
    }
    return true;
}
