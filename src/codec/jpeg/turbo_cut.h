/* Some slices of a JPEG as a file of their own, for a decompressor of their own. Internal to the
 * files turbo_*.c. */
#ifndef CT_CODEC_JPEG_TURBO_CUT_H
#define CT_CODEC_JPEG_TURBO_CUT_H

#include "base/text.h"
#include "codec/jpeg/turbo_slices.h"

enum {
    /* Zeros that are put between intervals. Neither a decoder that reads ahead (8 bytes at most)
     * nor one that takes a few bytes too many gets past them unnoticed. */
    TURBO_GAP = 16,
    TURBO_PIECE = 1 << 15,
};

typedef struct turbo_cut {
    struct jpeg_source_mgr pub; /* first */
    const turbo_slices *slices;
    ct_text header;
    size_t height;    /* where its two bytes are in the header */
    uint64_t at, end; /* of the scan's bytes, those that haven't been read yet */
    bool gaps;
    uint8_t gap[TURBO_GAP + 2];
    int restarts;       /* so far */
    size_t begin, have; /* piece[begin..have) comes next */
    uint8_t piece[TURBO_PIECE];
} turbo_cut;

/* The header repeats what `of` has read: tables, frame and scan, but no metadata. False when out of
 * memory. */
bool turbo_cut_open(turbo_cut *cut, const turbo_slices *slices,
                    const struct jpeg_decompress_struct *of, ct_error *err);
void turbo_cut_close(turbo_cut *cut);

/* Begins a file of the slices [from, to), which is said to have `height` rows. Restart markers
 * count from its own beginning, and TURBO_GAP zeros are before each: JWRN_EXTRANEOUS_DATA with just
 * this number then says that the interval before it was neither too short nor too long. Without
 * `gaps`, the coded bytes are as they are. */
void turbo_cut_start(turbo_cut *cut, int from, int to, int height, bool gaps);

#endif
