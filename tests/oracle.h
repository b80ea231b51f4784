/* What the engine should compute, in the simplest way: one loop for each sample of a whole image in
 * double precision. Shares no code with src/conv, only the description of a stage. */
#ifndef CT_TESTS_ORACLE_H
#define CT_TESTS_ORACLE_H

#include "conv/conv.h"

/* height x width x channels numbers. `scale` has one number for each value: the sum of |weight
 * times value| that went into it, which float rounding errors are proportional to. Where a value is
 * at a jump (a threshold, a division by zero), its scale grows to cover both sides. */
typedef struct oracle_image {
    int width, height, channels;
    double *value, *scale;
} oracle_image;

/* The errors that `scale` allows for: values within this share of it may take either side of a
 * jump. */
#define ORACLE_TOLERANCE 1e-4

/* The smallest share that a test allows: this much of the grown scale is a whole jump. */
#define ORACLE_STRICTEST 1e-5

/* From samples in the engine's layout. */
oracle_image oracle_from(conv_shape shape, conv_type type, const void *samples);

/* Every operation of conv_stage, normalizing and wrapping too. The caller frees the result. */
oracle_image oracle_stage(const conv_stage *stage, const oracle_image *in);

/* All stages in order. */
oracle_image oracle_chain(const conv_stage *stages, int count, const oracle_image *in);
void oracle_free(oracle_image *image);

/* What a number becomes as an integer sample: nearest, halves to even, clamped, NaN to 0. */
double oracle_round(double value, double maximum);

/* Resizing and turning (oracle_geometry.c). */
oracle_image oracle_geometry(const conv_stage *stage, const oracle_image *in);

/* Parts of the above that pointwise stages need (oracle_point.c). */
oracle_image oracle_new(int width, int height, int channels);
oracle_image oracle_point(const conv_stage *stage, const oracle_image *in);
oracle_image oracle_normalize(const conv_stage *stage, const oracle_image *in);
oracle_image oracle_global(const conv_stage *stage, const oracle_image *in);

/* Parts that find edges (oracle_edges.c): CONV_SUPPRESS or CONV_CROSSINGS, which make an image of
 * width x height; CONV_OTSU as a threshold of no whole numbers; CONV_LINK. */
oracle_image oracle_edges(const conv_stage *stage, const oracle_image *in, int width, int height);
oracle_image oracle_otsu(const conv_stage *stage, const oracle_image *in);
oracle_image oracle_link(const conv_stage *stage, const oracle_image *in);

/* What lies at x, y, beyond the edges too, and its scale. */
double oracle_sample(const conv_window *w, const oracle_image *in, int x, int y, int c,
                     double *scale);

#endif
