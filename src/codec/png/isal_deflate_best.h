/* Runs from libdeflate, which are smaller than ISA-L's and take longer. Internal to
 * isal_deflate.c. */
#ifndef CT_CODEC_PNG_ISAL_DEFLATE_BEST_H
#define CT_CODEC_PNG_ISAL_DEFLATE_BEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct deflate_best deflate_best; /* memory that one thread works in */
void codec_deflate_best_free(deflate_best *best);

bool codec_deflate_has_best(void); /* whether this build has libdeflate */

/* A run like codec_deflate's, of less than `most` bytes, at libdeflate's level (1 to 12); 0 where
 * it doesn't fit or when out of memory. *best may be NULL at first. 8 bytes after `most` may be
 * overwritten. */
size_t codec_deflate_best(deflate_best **best, const uint8_t *in, size_t size, uint8_t *out,
                          size_t most, int level);

/* The same, but a whole stream: its last block says so. */
size_t codec_deflate_best_whole(deflate_best **best, const uint8_t *in, size_t size, uint8_t *out,
                                size_t most, int level);

#endif
