/* An image made smaller as its rows come: memory is that of the small picture and of some rows. */
#ifndef CT_CODEC_TERMINAL_SMALL_H
#define CT_CODEC_TERMINAL_SMALL_H

#include "codec/codec.h"

/* A picture of 8 bits. */
typedef struct codec_small {
    int width, height;
    uint8_t *rgba; /* height x width x 4, without gaps; alpha isn't multiplied in */
} codec_small;

void codec_small_free(codec_small *small);

/* Whether the channels are a picture's: gray or RGB, with or without alpha. */
bool codec_is_picture(const codec_info *info);

/* Bytes that codec_create_small takes for the small picture and its rows. */
uint64_t codec_small_memory(const codec_info *info, int width, int height);

/* A writer for such an image, which must be a picture. It fills `small`, of width x height pixels,
 * none of them more than the image's: each is the mean over the area of the image that it covers,
 * weighed by alpha, with 0 as black and the image's white as 255. */
codec_writer *codec_create_small(const codec_info *info, int width, int height, codec_small *small,
                                 ct_error *err);

#endif
