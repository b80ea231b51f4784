/* NumPy's .npy files: their header, and their elements as samples. Internal to src/codec.
 *
 * The format (numpy.lib.format): "\x93NUMPY", two bytes of version, the header's length in 2 bytes
 * (version 1) or 4, little-endian; the header, a Python dict with the keys descr, fortran_order and
 * shape, padded by blanks and ended by a newline; the elements. */
#ifndef CT_CODEC_NUMBERS_NPY_H
#define CT_CODEC_NUMBERS_NPY_H

#include "codec/format.h"

enum {
    CODEC_NPY_MAGIC = 10,       /* bytes before a version 1 header */
    CODEC_NPY_HEADER = 1 << 16, /* the longest header that is read */
    CODEC_NPY_DIMENSIONS = 8,   /* the most of any array; images have 3 at most */
};

bool codec_npy_probe(const uint8_t *head, size_t size);

/* One type of elements. */
typedef struct codec_npy_type {
    char code[3]; /* as in descr, behind the byte order: "f4" */
    char letter;  /* the same in one letter, which NumPy reads too */
    uint8_t size; /* bytes */
    codec_sample sample;

    /* Makes samples of elements in the processor's byte order. */
    void (*convert)(const void *from, size_t count, void *samples);

    /* Whether a whole number isn't quite a float; NULL: all are. */
    bool (*loses)(const void *from, size_t count);
} codec_npy_type;

/* NULL: unknown. */
const codec_npy_type *codec_npy_type_of(const char *code, size_t length);

/* Reverses the bytes of each element. */
void codec_npy_swap(void *elements, size_t count, size_t size);

/* The element as a double: for messages, and for what floats can't hold. */
double codec_npy_double(const codec_npy_type *type, const void *elements, size_t i);

typedef struct codec_npy_head {
    const codec_npy_type *type;
    bool swapped; /* the bytes of elements are in the other order than the processor's */
    bool fortran; /* the first index varies fastest, not the last */
    int dimensions;
    uint64_t shape[CODEC_NPY_DIMENSIONS];
} codec_npy_head;

/* Parses the dict. All that is refused is refused here, but for the sizes and, beyond the first
 * CODEC_NPY_DIMENSIONS, which shape keeps, the number of dimensions. */
bool codec_npy_parse(const char *text, size_t size, codec_npy_head *head, ct_error *err);

/* Reads what comes before the elements: the magic bytes, the version, and the dict. */
bool codec_npy_read_head(codec_reader *reader, codec_npy_head *head, ct_error *err);

/* How many elements lie between neighbours of each dimension. The product of all sides fits a
 * size_t. */
void codec_npy_steps(const codec_npy_head *head, size_t steps[CODEC_NPY_DIMENSIONS]);

#endif
