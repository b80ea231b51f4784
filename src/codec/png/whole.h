/* A whole PNG whose image data is inflated by stb_image, and nothing else of it: for what
 * stb_image's own decoder doesn't tell or take. Internal to src/codec. */
#ifndef CT_CODEC_PNG_WHOLE_H
#define CT_CODEC_PNG_WHOLE_H

#include "codec/format.h"
#include "codec/png/chunks.h"

/* Makes codec_png_whole_decoder the reader's decoder, and opens the file, which was walked through:
 * `facts` is what was found. With limits->lenient zeros stand for image data that is missing. */
bool codec_png_open_whole(codec_reader *reader, const codec_png_facts *facts, const uint8_t *file,
                          size_t size, ct_error *err);

extern const codec_decoder codec_png_whole_decoder;

#endif
