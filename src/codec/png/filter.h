/* Applies PNG's filters (PNG specification, clause 9). Internal to src/codec. */
#ifndef CT_CODEC_PNG_FILTER_H
#define CT_CODEC_PNG_FILTER_H

#include <stddef.h>
#include <stdint.h>

enum { PNG_NONE, PNG_SUB, PNG_UP, PNG_AVERAGE, PNG_PAETH, PNG_FILTERS };

/* So many zeros must come before each row to be filtered, as the pixel left of the first. */
enum { PNG_MARGIN = 8 };

/* Writes the filter's byte and the filtered row, size + 1 bytes. `filters` has a bit for each
 * filter that may be chosen. `above` is NULL where the row above isn't known: then the choice is
 * between none and sub. `pixel`: bytes per pixel, 1 to 8 (1 for smaller ones). */
void codec_png_filter(uint8_t *out, const uint8_t *row, const uint8_t *above, size_t size,
                      int pixel, unsigned filters);

#endif
