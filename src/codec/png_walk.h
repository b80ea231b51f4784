/* A look through a whole PNG file before a decoder sees it: chunks, their CRCs and order, sizes and
 * limits, and what travels beside the pixels. Internal to src/codec.
 * PNG specification, third edition: https://www.w3.org/TR/png-3/ */
#ifndef CT_CODEC_PNG_WALK_H
#define CT_CODEC_PNG_WALK_H

#include "codec/codec.h"

typedef struct codec_png_facts {
    codec_info info;     /* without what the ICC profile says */
    int depth, color;    /* as in IHDR */
    bool interlaced;     /* Adam7 */
    int palette;         /* entries of PLTE; 0: none */
    uint64_t compressed; /* bytes in IDAT */
    size_t end;          /* behind IEND: whatever follows isn't of the image */
    const uint8_t *icc;  /* iCCP's zlib stream, within the file; NULL: none */
    size_t icc_size;
} codec_png_facts;

bool codec_png_probe(const uint8_t *head, size_t size);

/* Damage of the pixels or of the file's structure is an error; metadata that breaks its own rules
 * is left out, as libpng does. The meta in facts->info is to be freed in either case. */
bool codec_png_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                    codec_png_facts *facts, ct_error *err);

#endif
