/* Blocks of deflate that hold literals alone: bytes in a Huffman code, and no repetitions. Internal
 * to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_LITERALS_H
#define CT_CODEC_PNG_ISAL_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/png/isal_huffman.h"

enum {
    LITERALS_SYMBOLS = 257, /* the bytes, and the block's end */
    LITERALS_HEADER = 512,  /* bytes: less than 3+14+19*3 bits, and 14 for each symbol's length */
};

typedef struct deflate_literals {
    uint32_t code[LITERALS_SYMBOLS]; /* as codec_huffman_codes makes it */
    uint8_t header[LITERALS_HEADER];
    unsigned header_bits;
    unsigned symbols; /* that have a code */
} deflate_literals;

/* Makes the code for these bytes, 1 to 2^30; returns the bits of the block. */
uint64_t codec_literals_plan(deflate_literals *plan, const uint8_t *in, size_t size);

/* Writes the block of the bytes that the plan was made for, and returns how many whole bytes it
 * takes; up to 8 behind them may be overwritten. The stream's `last` block is filled up with zeros;
 * any other is followed by an empty stored one, so that it ends on a whole byte, too. */
size_t codec_literals_put(const deflate_literals *plan, const uint8_t *in, size_t size, bool last,
                          uint8_t *out);

/* Bytes that the empty stored block takes, at most. */
enum { LITERALS_FLUSH = 5 };

#endif
