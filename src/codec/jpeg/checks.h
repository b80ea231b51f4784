/* What both JPEG readers check, and both JPEG writers. Internal to src/codec. */
#ifndef CT_CODEC_JPEG_CHECKS_H
#define CT_CODEC_JPEG_CHECKS_H

#include "codec/codec.h"

/* Whether frames with this SOF marker can be decoded: baseline, extended and progressive Huffman
 * (ITU-T T.81, table B.1). */
bool codec_jpeg_check_process(int marker, ct_error *err);

/* Whether so many blocks of 8x8 coefficients can be in a file of `size` bytes. */
bool codec_jpeg_check_blocks(const codec_info *info, uint64_t blocks, uint64_t size, ct_error *err);

/* Whether a decoder may visit so many blocks, in all scans together, for an image of `blocks` in a
 * file of `size` bytes. */
bool codec_jpeg_check_visits(const codec_info *info, uint64_t blocks, uint64_t visits,
                             uint64_t size, ct_error *err);

/* Whether JPEG holds such samples; at most `most` pixels on a side. */
bool codec_jpeg_check_info(const codec_info *info, int most, ct_error *err);

#endif
