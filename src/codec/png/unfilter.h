/* Undoes PNG's filters (PNG specification, clause 9). Internal to src/codec. */
#ifndef CT_CODEC_PNG_UNFILTER_H
#define CT_CODEC_PNG_UNFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The buffers below have so many bytes after `size`, which may be read and, in `out`, overwritten:
 * pixels are handled eight bytes at a time. */
enum { PNG_SLACK = 8 };

/* out = the row whose filtered bytes are `in`, after the row `previous` (zeros for the first); none
 * overlap. `pixel`: bytes per pixel, 1 to 8 (1 for smaller ones). False: no such filter. */
bool codec_png_unfilter(int filter, uint8_t *out, const uint8_t *in, const uint8_t *previous,
                        size_t size, int pixel);

#endif
