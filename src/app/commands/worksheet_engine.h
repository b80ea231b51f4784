/* For worksheet: random numbers, and the engine on small images of them. */
#ifndef CT_APP_COMMANDS_WORKSHEET_ENGINE_H
#define CT_APP_COMMANDS_WORKSHEET_ENGINE_H

#include "conv/conv.h"

typedef struct sheet_random {
    uint64_t state;
} sheet_random;

/* A whole number of low..high, the same on every machine for the same seed. */
int sheet_draw(sheet_random *random, int low, int high);

/* What the stages make of the image, of floats; the caller frees it. NULL with an error. */
float *sheet_run(const conv_stage *stages, int count, conv_shape in, const float *values,
                 conv_shape *out, ct_error *err);

/* A layer of `filters` sums over the channels of one pixel: the numbers of a fully connected layer
 * for `inputs` numbers. weights: filters x inputs; bias may be NULL. False with an error. */
bool sheet_dense(const double *weights, const double *bias, int filters, int inputs, bool relu,
                 const float *in, float *out, ct_error *err);

/* A function of one number, as the engine has it. */
bool sheet_point(conv_point point, float in, float *out, ct_error *err);

/* A window that moves by 1, without padding. */
conv_window sheet_plain_window(int width, int height);

/* The same with its anchor in the middle, and mirrored padding that keeps the size. */
conv_window sheet_centred_window(int width, int height);

/* The cells of the window that a stage reads for output x, y: their place in the image (-1: the
 * constant), row by row. */
void sheet_window(const conv_window *window, conv_shape in, int x, int y, int *columns, int *rows);

#endif
