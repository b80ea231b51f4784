/* What follows from a chain's definition alone, however it's computed: how far a result sees, and
 * how many numbers and products each stage has. Counts are doubles: exact to 2^53, and they don't
 * overflow. */
#ifndef CT_CONV_ACCOUNT_H
#define CT_CONV_ACCOUNT_H

#include "conv/conv.h"

/* Of one sample of a stage's output: the input samples that it may depend on, in width and height
 * (the receptive field), and how far apart those of two neighbours begin (the jump). Araujo,
 * Norris, Sim: "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019. */
typedef struct conv_field {
    double width, height;
    double jump_x, jump_y;
    bool whole; /* it depends on the whole image: something was normalized, or pooled as a whole */
} conv_field;

/* Of the input itself: one sample. */
conv_field conv_field_start(void);

/* Widens it by a stage that works on `in`: by (cells - 1) x dilation jumps; a stride multiplies the
 * jump. Resizing has the cells of its middle sample, and a stride that may be a fraction. */
void conv_field_add(conv_field *field, const conv_stage *stage, conv_shape in);

/* The numbers that it's made of: weights of kernels as they are applied (also where a column times
 * a row gives them) and biases; a factor and a bias; a threshold. */
double conv_stage_parameters(const conv_stage *stage, conv_shape in);

/* Products of a weight and a sample, for a whole image: cells x kernels for each output sample, of
 * a layer also x input channels of its group; the samples that a resized one is made of; 3 for each
 * gray pixel, 1 for each sample that is scaled. What a magnitude, a comparison or alpha's weight
 * takes isn't counted. */
double conv_stage_products(const conv_stage *stage, conv_shape in, conv_shape out);

#endif
