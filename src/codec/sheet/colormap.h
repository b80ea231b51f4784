/* Colour maps: a colour for each of 256 levels. */
#ifndef CT_CODEC_SHEET_COLORMAP_H
#define CT_CODEC_SHEET_COLORMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CODEC_LEVELS = 256 };

typedef struct codec_colormap codec_colormap;

/* The i-th; NULL past the last. The first, gray, has no colours. */
const codec_colormap *codec_colormap_at(size_t i);

/* By name; an error suggests a near miss. */
const codec_colormap *codec_colormap_find(const char *name, ct_error *err);
const char *codec_colormap_name(const codec_colormap *map);
const char *codec_colormap_summary(const codec_colormap *map);

/* Whether it's gray. */
bool codec_colormap_is_gray(const codec_colormap *map);

/* Whether its middle stands for zero, so that ranges are symmetric: coolwarm. */
bool codec_colormap_diverges(const codec_colormap *map);

/* Red, green and blue of each level, 0..255. */
void codec_colormap_fill(const codec_colormap *map, uint8_t table[CODEC_LEVELS][3]);

#endif
