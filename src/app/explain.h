/* convtool explain, in three parts: the engine's own values (explain_values.c), the arithmetic of
 * one stage redone in double precision (explain_stage.c), and tables (explain_table.c). */
#ifndef CT_APP_EXPLAIN_H
#define CT_APP_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "codec/codec.h"
#include "conv/conv.h"
#include "filter/filter.h"

/* ---- values ---- */

/* An image, the stages made for it, and what the engine makes of it after any of them. */
typedef struct explain_image {
    uint64_t memory; /* bytes that a whole image may take */
    codec_info info;
    void *pixels; /* the input's own samples, rows next to each other */
    filter_program program;
    conv_shape *shapes; /* shapes[i]: what stage i gets; shapes[count]: the output */
    codec_sample out;
    int held; /* `middle` is the image after this many stages; 0: none */
    float *middle;
    conv_stats held_stats;
} explain_image;

/* Reads all rows; the reader stays the caller's. */
bool explain_image_read(explain_image *image, codec_reader *reader, ct_error *err);

/* After image->program was set: finds the shapes. */
bool explain_image_shapes(explain_image *image, ct_error *err);
void explain_image_free(explain_image *image);

/* Row y of what the first `count` stages make, as the engine computes it; `row` holds width x
 * channels samples of the type. */
bool explain_row(explain_image *image, int count, conv_type type, int y, void *row, ct_error *err);

/* The pixel x, y of the same, as floats. */
bool explain_pixel(explain_image *image, int count, int x, int y, float *pixel, ct_error *err);

/* The least and greatest value of the whole image that `count` stages make, without channel alpha
 * (-1: none). */
bool explain_range(explain_image *image, int count, int alpha, float *low, float *high,
                   ct_error *err);

/* ---- one window ---- */

/* What a stage sees for one output pixel. */
typedef struct explain_window {
    int width, height, channels;
    int first_x, first_y; /* the input position of cell 0,0; it may lie outside */
    float *values;        /* height x width x channels */
    bool *beyond;         /* height x width: outside the image */
} explain_window;

bool explain_window_read(explain_image *image, int stage, int x, int y, explain_window *window,
                         ct_error *err);
void explain_window_free(explain_window *window);

/* The input pixel that a stage's output pixel x, y mainly looks at: the anchor's, or for pooling
 * the first inside. */
void explain_centre(const explain_image *image, int stage, int *x, int *y);

/* ---- printing ---- */

typedef struct explain_style {
    FILE *out;
    const char *dim, *strong, *plain; /* escape sequences, or "" */
} explain_style;

explain_style explain_style_for(FILE *out);

/* Numbers beside each other: the window's values of one channel (those beyond the edge in
 * brackets), the weights, and the products; within 80 columns. Without weights: the values alone,
 * where `chosen` (-1: none) is the cell to mark with a star. */
void explain_table(const explain_style *style, const explain_window *window, int channel,
                   const double *weights, int chosen);

/* Six digits; a zero has no sign. */
const char *explain_number(double number, char text[32]);

/* Explains a stage with a window at its output pixel x, y, for one channel or all (-1), where the
 * engine made the pixel `made`. *agrees becomes false where the arithmetic shown differs from it.
 * False with an error only when something failed. */
bool explain_window_stage(const explain_style *style, explain_image *image, int index, int x, int y,
                          int channel, const float *made, bool *agrees, ct_error *err);

/* The same for a stage without one, which made `to` of `from`. */
bool explain_point_stage(const explain_style *style, explain_image *image, int index, int channel,
                         const float *from, const float *to, bool *agrees, ct_error *err);

/* What a stage does, in a few words. */
const char *explain_stage_words(const conv_stage *stage);

#endif
