/* Numbers turned into levels, and levels into pixels. Internal to src/codec/sheet. */
#ifndef CT_CODEC_SHEET_LEVELS_H
#define CT_CODEC_SHEET_LEVELS_H

#include "codec/codec.h"
#include "codec/sheet/colormap.h"

typedef struct codec_range {
    double low, high;
} codec_range;

typedef struct codec_levels {
    codec_info info; /* of the rows */
    bool same;       /* samples stay as they are; the caller's choice */
    bool colored, diverges;
    codec_range *ranges; /* of each channel */
    uint8_t colors[CODEC_LEVELS][3];
} codec_levels;

/* Until codec_levels_measure, all ranges are `range`. `colormap` may be NULL: gray.
 * codec_levels_free frees even what wasn't completed. */
bool codec_levels_start(codec_levels *levels, const codec_info *info,
                        const codec_colormap *colormap, codec_range range, ct_error *err);
void codec_levels_free(codec_levels *levels);

/* Sets each channel's range to that of its numbers, or all to that of all: of an image of floats
 * without gaps. Numbers that differ by no more than rounding errors have no range. */
void codec_levels_measure(codec_levels *levels, const uint8_t *image, bool common);

/* Makes the pixels of one channel of a row: one sample, or three bytes. */
void codec_levels_row(const codec_levels *levels, int channel, const uint8_t *row, uint8_t *out);

#endif
