/* An interlaced PNG, held as its seven passes; its rows are gathered from them. The memory grows
 * only with what the file really has. Internal to src/codec. */
#ifndef CT_CODEC_PNG_ADAM7_H
#define CT_CODEC_PNG_ADAM7_H

#include "codec/png/chunks.h"

typedef struct codec_png_held {
    uint8_t *bytes; /* rows of one pass after another, unfiltered, without gaps; freed by free() */
    size_t size, capacity;
    size_t start[7]; /* where each pass begins */
} codec_png_held;

/* Makes room for `more` bytes and PNG_SLACK after them; false when out of memory. */
bool codec_png_held_grow(codec_png_held *held, const codec_png_facts *facts, size_t more);

/* Row y of the image, as a file without interlacing would have it. */
void codec_png_held_row(const codec_png_held *held, const codec_png_facts *facts, int y,
                        uint8_t *out);

#endif
