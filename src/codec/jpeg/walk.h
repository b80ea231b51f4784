/* Checks a whole JPEG file before a decoder sees it: markers, sizes and limits, restart intervals,
 * the end; and takes its metadata. Internal to src/codec. ITU-T T.81; JFIF 1.02; Exif 2.3, 4.7;
 * ICC.1:2010, annex B.4. */
#ifndef CT_CODEC_JPEG_WALK_H
#define CT_CODEC_JPEG_WALK_H

#include "codec/codec.h"

enum { CODEC_JPEG_COMPONENTS = 4 };

typedef struct codec_jpeg_facts {
    codec_info info; /* channels: 1 or 3, as decoded */
    bool progressive;
    int components; /* in the file: 1, 3 or 4 (CMYK) */
    struct {
        int id, h, v;     /* its number, and sampling factors */
        int quantization; /* the table's number */
    } component[CODEC_JPEG_COMPONENTS];
    int h_most, v_most;
    codec_warnings warnings;
    int scans;
    size_t end; /* after EOI: what follows isn't part of the image */
} codec_jpeg_facts;

bool codec_jpeg_probe(const uint8_t *head, size_t size);

/* Damage to the structure is an error; metadata that breaks its own rules is left out. Free the
 * meta in facts->info in either case. */
bool codec_jpeg_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                     codec_jpeg_facts *facts, ct_error *err);

#endif
