/* stb_image and stb_image_write, contained: in memory only, sizes checked before they are called
 * (they count in int), memory limited, failures in plain words. Internal to src/codec. */
#ifndef CT_CODEC_STB_H
#define CT_CODEC_STB_H

#include "codec/codec.h"

/* "stb_image 2.27, stb_image_write 1.16": what third_party/ was compiled from. */
extern const char *const codec_stb_library;

/* Owns what a call made; valid until codec_stb_free. */
typedef struct codec_stb codec_stb;
void codec_stb_free(codec_stb *stb);

/* The image in a whole PNG or JPEG file that was checked before: *rows are width x channels samples
 * each, of 16 bits in native order if `deep`. The file's number of channels is kept, except that a
 * JPEG's four become three. */
codec_stb *codec_stb_decode(const uint8_t *file, size_t size, bool deep, uint64_t max_memory,
                            codec_info *info, const void **rows, ct_error *err);

/* Inflates a zlib stream to at most max_memory bytes; *damaged: the stream can't be inflated, which
 * is an error too. */
codec_stb *codec_stb_inflate(const uint8_t *in, size_t size, uint64_t max_memory,
                             const uint8_t **out, size_t *out_size, bool *damaged, ct_error *err);

/* Inflates a zlib stream into a buffer of `room` bytes, of which *out_size are filled; on failure,
 * those made so far are there, and the others unchanged. */
bool codec_stb_inflate_into(const uint8_t *in, size_t size, uint8_t *out, size_t room,
                            size_t *out_size, ct_error *err);

/* Deflates to a zlib stream. */
codec_stb *codec_stb_deflate(const uint8_t *in, size_t size, uint64_t max_memory,
                             const uint8_t **out, size_t *out_size, ct_error *err);

/* A whole PNG or JPEG file from 8-bit rows without gaps; JPEG without alpha, and always of three
 * components (a gray image is stored as YCbCr with empty chroma). */
codec_stb *codec_stb_encode_png(const codec_info *info, const uint8_t *rows, int compression,
                                uint64_t max_memory, const uint8_t **out, size_t *out_size,
                                ct_error *err);
codec_stb *codec_stb_encode_jpeg(const codec_info *info, const uint8_t *rows, int quality,
                                 uint64_t max_memory, const uint8_t **out, size_t *out_size,
                                 ct_error *err);

/* Whether the image is small enough for the encoders. */
bool codec_stb_fits(const codec_info *info);

#endif
