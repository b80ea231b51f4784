/* Independent runs of deflate blocks (RFC 1951): each begins and ends on a whole byte, refers to
 * nothing before it, and isn't the stream's end, so they can be made in any thread and joined.
 * Internal to src/codec. */
#ifndef CT_CODEC_PNG_ISAL_DEFLATE_H
#define CT_CODEC_PNG_ISAL_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How hard to try; a table in isal_write.c says which level of --compression does what. */
typedef enum deflate_effort {
    DEFLATE_STORED,
    DEFLATE_LITERALS, /* only Huffman codes: what filters leave of a photograph repeats little */
    DEFLATE_PROBED,   /* repetitions too, where a sample of the data says that they pay */
    DEFLATE_SMALLER,  /* the smaller of both */
    DEFLATE_BEST,     /* the smaller of literals and libdeflate's level; without it, of ISA-L's */
} deflate_effort;

typedef struct deflate_run deflate_run; /* memory that one thread works in */
deflate_run *codec_deflate_new(void);   /* NULL: out of memory */
void codec_deflate_free(deflate_run *run);

/* The most bytes that a run can take. */
size_t codec_deflate_bound(size_t size);

/* Compresses `size` bytes, at most 2^30, to `out`, which has room for codec_deflate_bound bytes,
 * and 8 more that may be overwritten. Returns how many were written; without memory for a better
 * try, they are just more. `level`: for DEFLATE_BEST. */
size_t codec_deflate(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                     deflate_effort effort, int level);

/* A whole stream of at most DEFLATE_SMALL bytes; the arguments are codec_deflate's. Where ISA-L
 * needs 50 us to try repetitions, whatever the size, libdeflate needs half of that for 4 KB. Only
 * for builds with libdeflate, and efforts that look for repetitions. 0: out of memory. */
enum { DEFLATE_SMALL = 1 << 14 };
bool codec_deflate_has_whole(deflate_effort effort);
size_t codec_deflate_whole(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                           deflate_effort effort, int level);

/* The empty block that ends a stream. */
enum { DEFLATE_END_BYTES = 2 };
extern const uint8_t codec_deflate_end[DEFLATE_END_BYTES];

/* The Adler-32 of two runs of bytes joined, from those of each; the second has `size` bytes (RFC
 * 1950, 8.2, taken modulo 65521). */
uint32_t codec_adler_join(uint32_t first, uint32_t second, uint64_t size);

#endif
