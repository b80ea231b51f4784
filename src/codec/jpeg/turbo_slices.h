/* Where a JPEG can be decoded from: at rows of units that begin a restart interval, where a decoder
 * starts afresh, as at the beginning of the scan (ITU-T T.81, E.1.4). Internal to the files
 * turbo_*.c. */
#ifndef CT_CODEC_JPEG_TURBO_SLICES_H
#define CT_CODEC_JPEG_TURBO_SLICES_H

#include "codec/jpeg/turbo.h"

/* The image is cut into slices at these rows. */
typedef struct turbo_slices {
    codec_input input; /* a view: the scan's first coded byte comes next */
    int count;
    int rows;         /* pixel rows of a slice; the last may have fewer */
    int intervals;    /* restart intervals of a slice; the last may have fewer */
    int restarts;     /* markers between intervals, in all of the scan */
    uint64_t *starts; /* of the slices, in bytes from the scan's first on; at `count` is its end */
} turbo_slices;

/* For a decompressor that has read its header: how slices are cut, if turbo_slices_find finds them.
 * All but `input` and `starts`. False where it doesn't. */
bool turbo_slices_plan(turbo_slices *slices, const struct jpeg_decompress_struct *cinfo);

/* For a decompressor that has read its header from the source, and nothing more. Looks through the
 * scan without taking any of it. False where there aren't at least two slices, where the file isn't
 * known to its end (codec_input_left), or where anything but coded data and the right restart
 * markers is before the end-of-image marker: then rows can only be decoded in order. */
bool turbo_slices_find(turbo_slices *slices, const struct jpeg_decompress_struct *cinfo,
                       const turbo_source *source);

/* Also for `{0}`. */
void turbo_slices_free(turbo_slices *slices);

#endif
