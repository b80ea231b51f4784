/* A result of any numbers and channels as pictures: a sheet of all channels, or a picture of each.
 *
 * A writer around writers: it takes the result's rows, and what it makes of them goes to the
 * writers of the pictures. */
#ifndef CT_CODEC_SHEET_VIEW_H
#define CT_CODEC_SHEET_VIEW_H

#include "codec/codec.h"
#include "codec/sheet/colormap.h"
#include "codec/sheet/sheet.h"

typedef enum codec_scaling {
    CODEC_UNSCALED, /* 0 is the lowest level and white the highest; of a colour map that diverges
                     * -white is the lowest */
    CODEC_EACH,     /* each map's smallest number is the lowest level, its largest the highest */
    CODEC_COMMON,   /* those of all maps are */
    CODEC_FIXED,    /* low and high are */
} codec_scaling;

/* How numbers become levels, and levels pixels. The ranges of each and common are symmetric around
 * 0 where the colour map diverges; NaN becomes the lowest level. */
typedef struct codec_view {
    codec_scaling scaling;
    double low, high;               /* CODEC_FIXED: low < high */
    const codec_colormap *colormap; /* NULL: gray */
} codec_view;

/* Whether the view needs the result's numbers, as floats that were neither scaled nor clamped; else
 * it takes any samples. */
bool codec_view_wants_floats(const codec_view *view);

/* What a picture of one channel of such a result is: the samples stay where the view changes
 * nothing, else there are 8 bits, of 1 or 3 channels. Without metadata. */
codec_info codec_view_picture(const codec_view *view, const codec_info *result);

/* Bytes that the view's own writer holds at most beside those of the pictures. */
uint64_t codec_view_memory(const codec_view *view, const codec_info *result, bool sheet);

/* A writer for the result, which passes what it makes on to `pictures`: the writer of a sheet that
 * has a cell of the result's size for each channel (8 bits, the channels of codec_view_picture);
 * or, where `sheet` is NULL, a writer for each channel's codec_view_picture. A sheet, and a view
 * that is held, are written by codec_finish; the others as rows come. It finishes the pictures;
 * they and the sheet must outlive it, and stay the caller's. */
codec_writer *codec_create_view(const codec_view *view, const codec_info *result,
                                const codec_sheet *sheet, codec_writer *const *pictures,
                                uint64_t max_memory, ct_error *err);

#endif
