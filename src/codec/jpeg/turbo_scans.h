/* How much work a JPEG of several scans asks for. Internal to the files turbo_*.c. */
#ifndef CT_CODEC_JPEG_TURBO_SCANS_H
#define CT_CODEC_JPEG_TURBO_SCANS_H

#include "codec/jpeg/turbo.h"

/* The image's blocks of 8x8 coefficients, in all components. */
uint64_t turbo_blocks(const struct jpeg_decompress_struct *cinfo);

/* The blocks that the current scan visits. */
uint64_t turbo_scan_visits(const struct jpeg_decompress_struct *cinfo);

/* The blocks that all scans together visit: looks ahead to the file's end, without decoding. The
 * header must have been read, and the input be known to its end (codec_input_left). */
uint64_t turbo_all_visits(const struct jpeg_decompress_struct *cinfo, const turbo_source *source);

#endif
