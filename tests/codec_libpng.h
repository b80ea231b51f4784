/* PNG files made and read by libpng, for comparison. Not in builds without libpng (cross
 * builds). */
#ifndef CT_TESTS_CODEC_LIBPNG_H
#define CT_TESTS_CODEC_LIBPNG_H

#include "codec_tests.h"

/* A kind of file: everything that PNG lets a writer choose. */
typedef struct libpng_kind {
    int color, depth; /* as in IHDR */
    bool interlaced, transparent;
    int filters; /* libpng's mask: PNG_FILTER_NONE... */
} libpng_kind;

enum { LIBPNG_KINDS = 26 * 2 * 6 };

/* The i-th of all kinds. */
libpng_kind libpng_kind_at(int i);

/* A file of that kind with random pixels. */
void libpng_make(ct_text *file, const libpng_kind *kind, int width, int height, unsigned seed);

/* What libpng reads: the image as a codec_reader would give it. False: libpng found an error. */
bool libpng_read(const void *bytes, size_t size, codec_image *image);

/* The size of the file that libpng makes of the image with its defaults. */
size_t libpng_size(const codec_image *image);

#endif
