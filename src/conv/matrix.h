/* Products of matrices of floats, on the kernels of a CNN's layers: a layer with windows of one
 * pixel is a product of (pixels x channels) and (channels x filters).
 *
 * The right-hand matrix is packed once and may then serve many products. The last digits of a sum
 * don't depend on how rows and panels are cut into calls, but for calls with one or two rows, which
 * go at the memory's pace: who cuts rows for threads does it alike for any number of them. */
#ifndef CT_CONV_MATRIX_H
#define CT_CONV_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

/* A packed matrix: panels of one or two vectors of columns, one after the other. */
typedef struct conv_matrix {
    size_t rows, columns;
    size_t vectors; /* of columns; zeros fill up the last one */
    size_t panels;  /* how many; a product may be made of some of them at a time */
    float *packed;  /* the panels, then a bias for each column */
    bool relu;      /* what is below 0 in a product becomes 0 */
    const struct rows_table *kernels;
} conv_matrix;

/* Room for a matrix, without biases. False: out of memory, or too large; nothing is to be freed. */
bool conv_matrix_new(conv_matrix *matrix, size_t rows, size_t columns);
void conv_matrix_free(conv_matrix *matrix);

/* Element (i, j) becomes factor * from[i * row_step + j * column_step]. */
void conv_matrix_pack(conv_matrix *matrix, const float *from, size_t row_step, size_t column_step,
                      float factor);

/* What is added to each column: factor * bias[j * step]; NULL: nothing. */
void conv_matrix_bias(conv_matrix *matrix, const float *bias, size_t step, float factor);

/* The first of a panel's columns; that of panel `panels` is the number of columns. */
size_t conv_matrix_column(const conv_matrix *matrix, size_t panel);

/* out = in times the matrix, plus its biases: `rows` rows of `in`, of matrix->rows contiguous
 * floats and in_step floats apart, become rows that are out_step floats apart, in the columns of
 * panels [first, end). Writes nothing else. */
void conv_matrix_multiply(const conv_matrix *matrix, float *out, size_t out_step, const float *in,
                          size_t in_step, size_t rows, size_t first, size_t end);

/* The same for all columns, of rows that are windows of an image: row i is `runs` runs of
 * contiguous floats, matrix->rows of them in all; the first begins at in + i * in_step, each
 * further one run_step floats later. At most CONV_MATRIX_RUNS runs. */
enum { CONV_MATRIX_RUNS = 64 };
void conv_matrix_multiply_runs(const conv_matrix *matrix, float *out, size_t out_step,
                               const float *in, size_t run_step, size_t runs, size_t in_step,
                               size_t rows);

/* The same for one row and a matrix that isn't packed: contiguous rows, `step` floats apart. */
void conv_matrix_row(float *out, const float *in, const float *matrix, size_t step, size_t rows,
                     size_t columns);

/* A matrix that isn't packed, times one column of `columns` contiguous floats. */
void conv_matrix_column_product(float *out, size_t out_step, const float *matrix, size_t step,
                                size_t rows, const float *in, size_t columns);

#endif
