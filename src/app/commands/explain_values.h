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

#endif
