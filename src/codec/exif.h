/* Orientation, resolution and size in a TIFF structure, as EXIF has it. Internal to src/codec. */
#ifndef CT_CODEC_EXIF_H
#define CT_CODEC_EXIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether it begins like a TIFF structure. */
bool codec_exif_valid(const uint8_t *exif, size_t size);

/* 1..8; 0 where it isn't there or is none of these. */
int codec_exif_orientation(const uint8_t *exif, size_t size);

/* Pixels per metre, from the tags XResolution, YResolution and ResolutionUnit; false where they
 * don't say. */
bool codec_exif_density(const uint8_t *exif, size_t size, double *x, double *y);

/* Overwrites the orientation, if there is one. */
void codec_exif_set_orientation(uint8_t *exif, size_t size, int orientation);

/* Overwrites the image's size in pixels, where it is told. */
void codec_exif_set_size(uint8_t *exif, size_t size, int width, int height);

#endif
