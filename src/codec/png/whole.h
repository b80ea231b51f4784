/* Reads a whole PNG, of which stb_image only inflates the image data: for what stb_image's own
 * decoder doesn't tell or accept. Internal to src/codec. */
#ifndef CT_CODEC_PNG_WHOLE_H
#define CT_CODEC_PNG_WHOLE_H

#include "codec/format.h"
#include "codec/png/chunks.h"

/* Gives the reader a decoder for the whole file, and opens the file, which codec_png_walk has
 * checked: `facts` is its result. With limits->lenient, zeros replace missing image data. */
bool codec_png_open_whole(codec_reader *reader, const codec_png_facts *facts, const uint8_t *file,
                          size_t size, ct_error *err);

#endif
