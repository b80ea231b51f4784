/* Runs of rows, each compressed as a JPEG file of its own, by any number of threads at once.
 * Internal to src/codec.
 *
 * Every row of units (8 or 16 pixels high) ends a restart interval, after which a decoder starts
 * afresh, as at the beginning of a file (ITU-T T.81, E.1.4). So the coded rows of one file can
 * follow those of another, and an image's bytes don't depend on how it was cut. */
#ifndef CT_CODEC_JPEG_TURBO_ENCODE_H
#define CT_CODEC_JPEG_TURBO_ENCODE_H

#include "codec/codec.h"

/* What one thread needs to compress one run after another. */
typedef struct turbo_encoder turbo_encoder;
turbo_encoder *turbo_encoder_new(const codec_info *info, int quality, ct_error *err);
void turbo_encoder_free(turbo_encoder *encoder);

/* Pixels from one row of units to the next: runs begin at multiples of this, and all but the last
 * end there. */
int turbo_encoder_step(const codec_info *info, int quality);

/* Compresses the image's rows [first, first + count). The file has no end-of-image marker; its
 * restart markers count from the image's top, and the two bytes before its coded rows, which belong
 * to its header, are the marker before them in the image (except in the first run). The caller
 * frees *bytes. */
bool turbo_encode(turbo_encoder *encoder, int first, int count, const uint8_t *rows, size_t stride,
                  uint8_t **bytes, size_t *size, ct_error *err);

/* Where in such a file the coded rows begin; *height: where the two bytes of the height are. */
size_t turbo_header_size(const uint8_t *bytes, size_t size, size_t *height);

#endif
