/* JPEG's application segments: JFIF's density, Exif, ICC profiles. Internal to src/codec. */
#ifndef CT_CODEC_JPEG_META_H
#define CT_CODEC_JPEG_META_H

#include "codec/codec.h"

/* The pieces of an ICC profile, which may come in any order; copies. Start from `{0}`. */
typedef struct codec_jpeg_icc {
    uint8_t *piece[256]; /* by their number, from 1 */
    size_t size[256];
    int count;      /* of pieces, as they say; 0: there are none */
    char wrong[64]; /* why they aren't a profile; empty: nothing wrong yet */
} codec_jpeg_icc;

void codec_jpeg_free_icc(codec_jpeg_icc *icc);

/* JFIF's density; unit 1 is per inch, 2 per centimetre, 0 only an aspect ratio. */
void codec_jpeg_take_density(int unit, uint32_t x, uint32_t y, codec_meta *meta);

/* Takes an APPn segment's data, without its length. False when out of memory. */
bool codec_jpeg_take_app(int number, const uint8_t *data, size_t size, codec_meta *meta,
                         codec_jpeg_icc *icc, ct_error *err);

/* After the last segment: joins the profile, or warns why it's left out; takes the density from
 * Exif where JFIF has none. False when out of memory. */
bool codec_jpeg_end_meta(codec_jpeg_icc *icc, codec_meta *meta, codec_warnings *warnings,
                         ct_error *err);

#endif
