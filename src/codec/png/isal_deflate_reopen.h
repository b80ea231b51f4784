/* Turns deflate streams into runs. Internal to isal_deflate_best.c. */
#ifndef CT_CODEC_PNG_ISAL_DEFLATE_REOPEN_H
#define CT_CODEC_PNG_ISAL_DEFLATE_REOPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Turns a whole deflate stream of `size` bytes, known to be valid, into a run: its last block is no
 * longer marked as the last, and an empty stored block ends it on a whole byte. `stream` has room
 * for 8 more bytes. Returns the run's length. */
size_t codec_deflate_reopen(uint8_t *stream, size_t size);

#endif
