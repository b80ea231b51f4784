/* Whole arrays of numbers as they are, in their own type: what networks take and make. */
#ifndef CT_CODEC_TENSOR_H
#define CT_CODEC_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum { CODEC_TENSOR_DIMENSIONS = 8 };

typedef struct codec_tensor {
    char code[3];   /* NumPy's name of the type: b1 u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8 */
    int dimensions; /* 0 to CODEC_TENSOR_DIMENSIONS; 0: a single number */
    size_t side[CODEC_TENSOR_DIMENSIONS];
    size_t size; /* bytes of an element */
    size_t count;
    void *elements; /* in the processor's byte order, the last index varies fastest */
} codec_tensor;

/* Reads a .npy file's bytes (codec_is_array tells whether they are one); its elements take at most
 * `most` bytes. The caller frees out->elements. False with an error, which doesn't name the file.
 */
bool codec_tensor_read(const void *bytes, size_t size, uint64_t most, codec_tensor *out,
                       ct_error *err);

/* Appends what comes before the elements in such a file. */
bool codec_tensor_head(const codec_tensor *tensor, ct_text *out);

#endif
