/* Huffman codes as deflate has them (RFC 1951, 3.2.2). Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_HUFFMAN_H
#define CT_CODEC_PNG_ISAL_HUFFMAN_H

#include <stddef.h>
#include <stdint.h>

enum { HUFFMAN_SYMBOLS = 288, HUFFMAN_BITS = 15 }; /* the most of each */

/* The order in which a block's head tells the lengths of its code for lengths: the rarest last
 * (RFC 1951, 3.2.7). */
enum { HUFFMAN_LENGTHS = 19 };
extern const uint8_t codec_huffman_order[HUFFMAN_LENGTHS];

/* The lengths, in bits, of a code for symbols that come so often, of which at least two come; 0 for
 * one that doesn't. The sum of the counts is at most 2^31. Without a limit the code would be the
 * shortest; one longer than `most` bits is cut, which costs little and only where counts differ as
 * much as Fibonacci's numbers. */
void codec_huffman_lengths(const uint32_t *counts, size_t symbols, unsigned most, uint8_t *lengths);

/* The code of such lengths, symbol by symbol: length << 16 | its bits, the first of them lowest. */
void codec_huffman_codes(const uint8_t *lengths, size_t symbols, uint32_t *codes);

#endif
