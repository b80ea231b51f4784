/* Whole arrays of numbers, for what isn't an image: the weights of filters. */
#ifndef CT_CODEC_ARRAY_H
#define CT_CODEC_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { CODEC_ARRAY_DIMENSIONS = 4 };

typedef struct codec_array {
    int dimensions; /* 1 to CODEC_ARRAY_DIMENSIONS */
    size_t side[CODEC_ARRAY_DIMENSIONS];
    double *numbers; /* the last index varies fastest; the caller frees them */
} codec_array;

/* Whether a file that begins with these bytes is one: a .npy file. */
bool codec_is_array(const void *bytes, size_t size);

/* Reads one of at most `most` numbers (a product of sides that may be anything), of any type and
 * order that .npy files of images have, from a file's bytes. All numbers are finite. False with an
 * error, which doesn't name the file. */
bool codec_array_read(const void *bytes, size_t size, size_t most, codec_array *out, ct_error *err);

#endif
