/* What inflating needs, whatever the image: a keeper may have it for the next. Internal to the
 * files isal_*.c. */
#ifndef CT_CODEC_PNG_ISAL_TOOLS_H
#define CT_CODEC_PNG_ISAL_TOOLS_H

#include <isa-l/igzip_lib.h>

#include "codec/keeper.h"

enum { PNG_PACKED = 1 << 16 }; /* compressed bytes inflated at once */

/* libdeflate's decompressor; never made in builds without it. */
struct libdeflate_decompressor;

typedef struct codec_png_tools {
    struct inflate_state inflate;
    struct libdeflate_decompressor *whole; /* NULL: not needed so far */
    uint8_t packed[PNG_PACKED];            /* what `inflate` reads */
} codec_png_tools;

/* From the keeper, or new ones; `inflate` is ready for a stream without zlib's header, whose
 * Adler-32 it checks. NULL: out of memory. */
codec_png_tools *codec_png_tools_take(codec_keeper *keeper);
void codec_png_tools_give(codec_keeper *keeper, codec_png_tools *tools);

/* Inflates a whole stream of `size` bytes and checks the Adler-32 that ends it, where this build
 * has libdeflate, which makes its tables faster than ISA-L: that is a tenth of a small job's time.
 * False, with anything in `to`, unless all is right and gives exactly `most` bytes; ISA-L will find
 * out what is wrong. PNG_INFLATE_ROOM bytes after `most` may be overwritten: far from the end,
 * libdeflate checks less. */
enum { PNG_INFLATE_ROOM = 512 };
bool codec_png_inflate_whole(codec_png_tools *tools, const uint8_t *stream, size_t size,
                             uint8_t *to, size_t most);

#endif
