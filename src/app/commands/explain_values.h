/* For explain: the engine's own values after each stage. */
#ifndef CT_APP_COMMANDS_EXPLAIN_VALUES_H
#define CT_APP_COMMANDS_EXPLAIN_VALUES_H

#include <stdbool.h>

#include "base/text.h"
#include "codec/codec.h"
#include "conv/conv.h"
#include "filter/filter.h"

/* An image, the stages made for it, and what the engine makes of it after any of them. */
typedef struct explain_image {
    uint64_t memory; /* bytes that a whole image may take */
    codec_info info;
    void *pixels; /* the input's own samples, rows without gaps */
    filter_program program;
    conv_shape *shapes; /* shapes[i]: the input of stage i; shapes[count]: the output */
    codec_sample out;
    int held; /* `middle` is the image after this many stages; 0: none */
    float *middle;
    conv_stats held_stats;
    int ranged; /* `range` is that of the image after ranged - 1 stages; 0: of none */
    conv_stats range;
} explain_image;

/* Reads all rows; the reader stays the caller's. */
bool explain_image_read(explain_image *image, codec_reader *reader, ct_error *err);

/* After image->program was set: finds the shapes. */
bool explain_image_shapes(explain_image *image, ct_error *err);
void explain_image_free(explain_image *image);

/* Appends what channel c is called after the first `count` stages, behind `before`: a filter's
 * name, or a picture's colour; nothing where it has no name. False: out of memory. */
bool explain_channel_name(ct_text *out, const char *before, const explain_image *image, int count,
                          int c);

/* Row y of what the first `count` stages make, as the engine computes it; `row` holds width x
 * channels samples of the type. */
bool explain_row(explain_image *image, int count, conv_type type, int y, void *row, ct_error *err);

/* The pixel x, y of the same, as floats. */
bool explain_pixel(explain_image *image, int count, int x, int y, float *pixel, ct_error *err);

/* The least and greatest value of the whole image that `count` stages make, without channel alpha
 * (-1: none). */
bool explain_range(explain_image *image, int count, int alpha, float *low, float *high,
                   ct_error *err);

/* The whole image that `count` stages make, as floats without gaps; it stays the image's own, and
 * is valid until the next call. NULL with an error. */
const float *explain_whole(explain_image *image, int count, ct_error *err);

/* The pointwise stage that stage `index`, a CONV_OTSU, becomes, and the threshold found. */
bool explain_otsu(explain_image *image, int index, conv_stage *stage, double *threshold,
                  ct_error *err);

/* ---- one window ---- */

/* What a stage reads for one output pixel. */
typedef struct explain_window {
    int width, height, channels;
    int first_x, first_y; /* the input position of cell 0,0; it may lie outside */
    int step_x, step_y;   /* from one cell to the next, in the input */
    int centre;           /* the cell that lies on the output pixel; -1: none does */
    bool unfilled;        /* cells beyond the edge have no values */
    float *values;        /* height x width x channels */
    bool *beyond;         /* height x width: outside the image */
} explain_window;

/* Where a stage's window lies for output pixel x, y; no values. */
explain_window explain_window_place(const explain_image *image, int stage, int x, int y);

bool explain_window_read(explain_image *image, int stage, int x, int y, explain_window *window,
                         ct_error *err);
void explain_window_free(explain_window *window);

/* The input pixel that a stage's output pixel x, y mainly depends on: the anchor's, for pooling
 * the first inside, for resizing the one in the middle. */
void explain_centre(const explain_image *image, int stage, int *x, int *y);

#endif
