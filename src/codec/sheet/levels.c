#include "codec/sheet/levels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool codec_levels_start(codec_levels *levels, const codec_info *info,
                        const codec_colormap *colormap, codec_range range, ct_error *err) {
    *levels = (codec_levels){.info = *info};
    levels->colored = colormap && !codec_colormap_is_gray(colormap);
    levels->diverges = colormap && codec_colormap_diverges(colormap);
    if (levels->colored) {
        codec_colormap_fill(colormap, levels->colors);
    }
    levels->ranges = calloc((size_t)info->channels, sizeof *levels->ranges);
    if (!levels->ranges) {
        return ct_fail(err, "out of memory");
    }
    for (int c = 0; c < info->channels; c++) {
        levels->ranges[c] = range;
    }
    return true;
}

void codec_levels_free(codec_levels *levels) {
    free(levels->ranges);
    levels->ranges = NULL;
}

/* ---- ranges ---- */

/* Where the numbers differ by no more than sums of floats are wrong by, or there are none, every
 * number is at the range's low end, or of colours around zero in the middle. */
static codec_range used_range(const codec_levels *levels, codec_range found) {
    const double most = fmax(fabs(found.low), fabs(found.high));
    const double usual = levels->info.plain ? most : fmax(most, codec_info_white(&levels->info));
    if (!(found.low <= found.high)) {
        return (codec_range){0, 0};
    }
    if (levels->diverges) {
        return most > 1e-6 * usual ? (codec_range){-most, most} : (codec_range){0, 0};
    }
    const bool flat = found.high - found.low <= 1e-6 * usual;
    return (codec_range){found.low, flat ? found.low : found.high};
}

static void widen(codec_range *range, double number) {
    if (isfinite(number)) {
        range->low = fmin(range->low, number);
        range->high = fmax(range->high, number);
    }
}

void codec_levels_measure(codec_levels *levels, const uint8_t *image, bool common) {
    const codec_info *info = &levels->info;
    const float *at = (const float *)(const void *)image;
    const size_t pixels = (size_t)info->width * (size_t)info->height;
    codec_range all = {INFINITY, -INFINITY};
    for (int c = 0; c < info->channels; c++) {
        levels->ranges[c] = all;
    }
    for (size_t i = 0; i < pixels; i++) {
        for (int c = 0; c < info->channels; c++) {
            widen(&levels->ranges[c], (double)*at++);
        }
    }
    for (int c = 0; c < info->channels; c++) {
        all.low = fmin(all.low, levels->ranges[c].low);
        all.high = fmax(all.high, levels->ranges[c].high);
    }
    for (int c = 0; c < info->channels; c++) {
        levels->ranges[c] = used_range(levels, common ? all : levels->ranges[c]);
    }
}

/* ---- pixels ---- */

static float number_at(const uint8_t *row, codec_sample sample, size_t i) {
    switch (sample) {
    case CODEC_U8:
        return row[i];
    case CODEC_U16:
        return ((const uint16_t *)(const void *)row)[i];
    case CODEC_F32:
        break;
    }
    return ((const float *)(const void *)row)[i];
}

/* Gray is rounded as --map minmax is; colours share the range evenly, as matplotlib has it. */
static void put_pixel(const codec_levels *levels, codec_range range, double number, uint8_t *out) {
    const double width = range.high - range.low;
    const double part = width > 0 ? (number - range.low) / width : levels->diverges ? 0.5 : 0;
    const double in = part > 0 ? fmin(part, 1) : 0; /* NaN is 0 */
    if (!levels->colored) {
        *out = (uint8_t)lrint(in * (CODEC_LEVELS - 1));
        return;
    }
    const int level = (int)(in * CODEC_LEVELS);
    memcpy(out, levels->colors[level < CODEC_LEVELS ? level : CODEC_LEVELS - 1], 3);
}

void codec_levels_row(const codec_levels *levels, int channel, const uint8_t *row, uint8_t *out) {
    const codec_info *info = &levels->info;
    const size_t channels = (size_t)info->channels, width = (size_t)info->width;
    const size_t size = codec_sample_size(info->sample);
    if (levels->same) {
        for (size_t x = 0; x < width; x++) {
            memcpy(out + x * size, row + (x * channels + (size_t)channel) * size, size);
        }
        return;
    }
    const codec_range range = levels->ranges[channel];
    for (size_t x = 0; x < width; x++) {
        const float number = number_at(row, info->sample, x * channels + (size_t)channel);
        put_pixel(levels, range, (double)number, out + x * (levels->colored ? 3 : 1));
    }
}
