/* Deflate streams made runs of. Internal to isal_deflate_best.c. */
#ifndef CT_CODEC_PNG_ISAL_DEFLATE_REOPEN_H
#define CT_CODEC_PNG_ISAL_DEFLATE_REOPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes of a whole deflate stream of `size` bytes, which is known to be right, a run: its last
 * block isn't the last any more, and an empty stored block ends it on a whole byte. `stream` has 8
 * bytes more. Returns the run's length. */
size_t codec_deflate_reopen(uint8_t *stream, size_t size);

#endif
