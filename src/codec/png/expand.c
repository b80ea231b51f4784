/* Does what stb_image does with each kind of PNG, so that both builds give the same image. */
#include "codec/png/expand.h"

#include <string.h>

#include "codec/bytes.h"

/* Samples of `depth` bits, the first in the high bits, times `scale`. */
static void unpack(const uint8_t *bytes, uint8_t *out, int count, int depth, int scale) {
    const int mask = (1 << depth) - 1;
    for (int i = 0; i < count; i++) {
        const int bit = i * depth;
        out[i] = (uint8_t)((bytes[bit / 8] >> (8 - depth - bit % 8) & mask) * scale);
    }
}

/* What samples of 1, 2 and 4 bits are multiplied by, so that the greatest becomes 255. */
static int gray_scale(int depth) {
    return depth == 1 ? 255 : depth == 2 ? 0x55 : depth == 4 ? 0x11 : 1;
}

/* The unpacked bytes go to the row's end, so that expanding them from its beginning on never
 * overtakes them. */
static const uint8_t *whole_bytes(const codec_png_facts *facts, const uint8_t *bytes, uint8_t *row,
                                  int scale) {
    if (facts->depth == 8) {
        return bytes;
    }
    const int width = facts->info.width;
    uint8_t *end = row + (size_t)width * (size_t)(facts->info.channels - 1);
    unpack(bytes, end, width, facts->depth, scale);
    return end;
}

/* The compiler vectorises it. */
static uint8_t highest_of(const uint8_t *index, size_t count) {
    uint8_t highest = 0;
    for (size_t i = 0; i < count; i++) {
        highest = index[i] > highest ? index[i] : highest;
    }
    return highest;
}

static void expand_palette(const codec_png_facts *facts, const uint8_t *bytes, uint8_t *row,
                           uint8_t *highest) {
    const uint8_t *index = whole_bytes(facts, bytes, row, 1);
    const size_t width = (size_t)facts->info.width;
    if (highest) {
        const uint8_t here = highest_of(index, width);
        *highest = here > *highest ? here : *highest;
    }
    if (facts->info.channels == 4) {
        for (size_t x = 0; x < width; x++) {
            memcpy(row + 4 * x, facts->colors[index[x]], 4);
        }
        return;
    }
    for (size_t x = 0; x < width; x++) {
        memcpy(row + 3 * x, facts->colors[index[x]], 3);
    }
}

static void expand_gray_key(const codec_png_facts *facts, const uint8_t *bytes, uint8_t *row) {
    const int scale = gray_scale(facts->depth);
    const uint8_t key = (uint8_t)((facts->key[0] & 255) * scale);
    const uint8_t *gray = whole_bytes(facts, bytes, row, scale);
    const size_t width = (size_t)facts->info.width;
    for (size_t x = 0; x < width; x++) {
        const uint8_t g = gray[x];
        row[2 * x] = g;
        row[2 * x + 1] = g == key ? 0 : 255;
    }
}

static void expand_rgb_key(const codec_png_facts *facts, const uint8_t *bytes, uint8_t *row) {
    const uint8_t key[3] = {(uint8_t)facts->key[0], (uint8_t)facts->key[1], (uint8_t)facts->key[2]};
    const size_t width = (size_t)facts->info.width;
    for (size_t x = 0; x < width; x++) {
        memcpy(row + 4 * x, bytes + 3 * x, 3);
        row[4 * x + 3] = memcmp(bytes + 3 * x, key, 3) == 0 ? 0 : 255;
    }
}

/* Big-endian pairs to numbers; the compiler vectorises it. */
static void swap16(const uint8_t *restrict bytes, uint16_t *restrict out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        out[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    }
}

static void expand_deep_key(const codec_png_facts *facts, const uint8_t *bytes, uint16_t *row) {
    const size_t width = (size_t)facts->info.width, colors = (size_t)facts->info.channels - 1;
    for (size_t x = 0; x < width; x++) {
        bool same = true;
        for (size_t k = 0; k < colors; k++) {
            const uint16_t sample = (uint16_t)codec_get16(bytes + 2 * (x * colors + k));
            same &= sample == facts->key[k];
            row[x * (colors + 1) + k] = sample;
        }
        row[x * (colors + 1) + colors] = same ? 0 : 65535;
    }
}

void codec_png_expand(const codec_png_facts *facts, const uint8_t *bytes, void *row,
                      uint8_t *highest) {
    const size_t samples = (size_t)facts->info.width * (size_t)facts->info.channels;
    if (facts->color == 3) {
        expand_palette(facts, bytes, row, highest);
    } else if (facts->depth == 16) {
        if (facts->transparent) {
            expand_deep_key(facts, bytes, row);
        } else {
            swap16(bytes, row, samples);
        }
    } else if (facts->transparent) {
        if (facts->color == 2) {
            expand_rgb_key(facts, bytes, row);
        } else {
            expand_gray_key(facts, bytes, row);
        }
    } else if (facts->depth < 8) {
        unpack(bytes, row, facts->info.width, facts->depth, gray_scale(facts->depth));
    } else {
        memcpy(row, bytes, samples);
    }
}
