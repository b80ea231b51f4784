#include "codec/y4m/color.h"

#include <math.h>
#include <string.h>

codec_y4m_color codec_y4m_color_of(const codec_y4m_head *head) {
    const bool large = head->width > 1279 || head->height > 576;
    const float unit = head->depth > 8 ? 4 : 1;
    codec_y4m_color color = {
        .deep = head->depth > 8,
        .full = head->video.full,
        .white = head->depth > 8 ? 1023 : 255,
        .kr = large ? 0.2126F : 0.299F,
        .kb = large ? 0.0722F : 0.114F,
    };
    color.kg = 1 - color.kr - color.kb;
    color.luma0 = color.full ? 0 : 16 * unit;
    color.luma = color.full ? color.white : 219 * unit;
    color.chroma0 = 128 * unit;
    color.chroma = color.full ? color.white : 224 * unit;
    return color;
}

/* ---- gray: exact in whole numbers, which the compiler computes many at a time ---- */

/* t * 255 / 219 and v * 219 / 255, rounded to nearest; no result lies halfway. */
static inline uint16_t stretch8(uint16_t t) {
    return (uint16_t)(t + (72 * t + 219) / 438);
}

static inline uint16_t squeeze8(uint16_t v) {
    return (uint16_t)(v - (72 * v + 255) / 510);
}

/* The same for 1023 / 876. */
static inline uint32_t stretch10(uint32_t t) {
    return (2046 * t + 876) / 1752;
}

static inline uint32_t squeeze10(uint32_t v) {
    return (1752 * v + 1023) / 2046;
}

static void to_gray8(const uint8_t *luma, int width, uint8_t *gray) {
    for (int x = 0; x < width; x++) {
        const uint8_t low = luma[x] < 16 ? 16 : luma[x], y = low > 235 ? 235 : low;
        gray[x] = (uint8_t)stretch8((uint16_t)(y - 16));
    }
}

static void to_gray10(const uint16_t *luma, int width, uint16_t *gray) {
    for (int x = 0; x < width; x++) {
        const uint16_t low = luma[x] < 64 ? 64 : luma[x], y = low > 940 ? 940 : low;
        gray[x] = (uint16_t)stretch10((uint32_t)y - 64);
    }
}

/* What 16 bits hold beyond 10 is clamped. */
static void to_gray10_full(const uint16_t *luma, int width, uint16_t *gray) {
    for (int x = 0; x < width; x++) {
        gray[x] = luma[x] > 1023 ? 1023 : luma[x];
    }
}

void codec_y4m_to_gray(const codec_y4m_color *color, const void *luma, int width, void *gray) {
    if (color->deep) {
        (color->full ? to_gray10_full : to_gray10)(luma, width, gray);
    } else if (color->full) {
        memcpy(gray, luma, (size_t)width);
    } else {
        to_gray8(luma, width, gray);
    }
}

static void from_gray8(const uint8_t *gray, int width, uint8_t *luma) {
    for (int x = 0; x < width; x++) {
        luma[x] = (uint8_t)(16 + squeeze8(gray[x]));
    }
}

static void from_gray10(const uint16_t *gray, int width, uint16_t *luma) {
    for (int x = 0; x < width; x++) {
        luma[x] = (uint16_t)(64 + squeeze10(gray[x]));
    }
}

void codec_y4m_from_gray(const codec_y4m_color *color, const void *gray, int width, void *luma) {
    if (color->full) {
        memcpy(luma, gray, (size_t)width * (color->deep ? 2 : 1));
    } else if (color->deep) {
        from_gray10(gray, width, luma);
    } else {
        from_gray8(gray, width, luma);
    }
}

/* ---- RGB ---- */

/* Whole numbers with 18 more bits: exact to a hundredth of a sample, and unlike with floats, the
 * compiler clamps them without branches. */
enum { BITS = 18, HALF = 1 << (BITS - 1) };

static inline int fixed(float v) {
    return (int)lrintf(v * (1 << BITS));
}

static inline int clamp(int v, int white) {
    const int most = v < white ? v : white;
    return most > 0 ? most : 0;
}

/* One function per type: to_rgb, from_rgb, add_sums and end_sums of either. What a loop needs of
 * *c is in variables, which the samples written can't alias. */
#define RGB(bits, sample)                                                                          \
    static void to_rgb##bits(const codec_y4m_color *c, const codec_y4m_row *row, int width,        \
                             sample *restrict rgb) {                                               \
        const sample *luma = row->luma, *cb = row->cb, *cr = row->cr;                              \
        const int white = (int)c->white, luma0 = (int)c->luma0, chroma0 = (int)c->chroma0;         \
        const float part = c->white / c->chroma, red = 2 * part * (1 - c->kr),                     \
                    blue = 2 * part * (1 - c->kb);                                                 \
        const int unit = fixed(c->white / c->luma), r_v = fixed(red), b_u = fixed(blue);           \
        const int g_u = fixed(-blue * c->kb / c->kg), g_v = fixed(-red * c->kr / c->kg);           \
        const int across = row->across;                                                            \
        for (int x = 0, block = 0; x < width; block++) {                                           \
            const int u = clamp(cb[block], white) - chroma0,                                       \
                      v = clamp(cr[block], white) - chroma0;                                       \
            const int r = r_v * v + HALF, g = g_u * u + g_v * v + HALF, b = b_u * u + HALF;        \
            const int end = x + across < width ? x + across : width;                               \
            for (; x < end; x++) {                                                                 \
                const int y = unit * (clamp(luma[x], white) - luma0);                              \
                rgb[3 * x] = (sample)clamp((y + r) >> BITS, white);                                \
                rgb[3 * x + 1] = (sample)clamp((y + g) >> BITS, white);                            \
                rgb[3 * x + 2] = (sample)clamp((y + b) >> BITS, white);                            \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    static void from_rgb##bits(const codec_y4m_color *c, const sample *rgb, int width,             \
                               sample *restrict luma) {                                            \
        const float unit = c->luma / c->white;                                                     \
        const int kr = fixed(c->kr * unit), kg = fixed(c->kg * unit), kb = fixed(c->kb * unit);    \
        const int luma0 = fixed(c->luma0) + HALF;                                                  \
        for (int x = 0; x < width; x++) {                                                          \
            luma[x] =                                                                              \
                (sample)((kr * rgb[3 * x] + kg * rgb[3 * x + 1] + kb * rgb[3 * x + 2] + luma0) >>  \
                         BITS);                                                                    \
        }                                                                                          \
    }                                                                                              \
    static void add_sums##bits(const sample *rgb, int width, int across, int *restrict sums) {     \
        for (int x = 0; x < width; sums += 3) {                                                    \
            const int end = x + across < width ? x + across : width;                               \
            for (; x < end; x++) {                                                                 \
                sums[0] += rgb[3 * x];                                                             \
                sums[1] += rgb[3 * x + 1];                                                         \
                sums[2] += rgb[3 * x + 2];                                                         \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    static void end_sums##bits(const codec_y4m_color *c, const codec_y4m_blocks *blocks,           \
                               int *sums, sample *restrict cb, sample *restrict cr) {              \
        const int across = blocks->across, count = (blocks->width + across - 1) / across;          \
        const int most = (int)c->white;                                                            \
        const float zero = c->chroma0 + 0.5F, kr = c->kr, kg = c->kg, kb = c->kb;                  \
        const float unit = c->chroma / (2 * c->white * (float)blocks->rows);                       \
        const float blue = unit / (1 - kb), red = unit / (1 - kr);                                 \
        for (int i = 0; i < count; i++) {                                                          \
            const int left = blocks->width - i * across;                                           \
            const float share = left >= across ? 1 / (float)across : 1 / (float)left;              \
            const float r = share * (float)sums[3 * i], b = share * (float)sums[3 * i + 2];        \
            const float y = kr * r + kg * share * (float)sums[3 * i + 1] + kb * b;                 \
            cb[i] = (sample)clamp((int)((b - y) * blue + zero), most);                             \
            cr[i] = (sample)clamp((int)((r - y) * red + zero), most);                              \
        }                                                                                          \
        memset(sums, 0, (size_t)count * 3 * sizeof *sums);                                         \
    }

RGB(8, uint8_t)
RGB(10, uint16_t)

void codec_y4m_to_rgb(const codec_y4m_color *color, const codec_y4m_row *row, int width,
                      void *rgb) {
    if (color->deep) {
        to_rgb10(color, row, width, rgb);
    } else {
        to_rgb8(color, row, width, rgb);
    }
}

void codec_y4m_from_rgb(const codec_y4m_color *color, const void *rgb, int width, void *luma) {
    if (color->deep) {
        from_rgb10(color, rgb, width, luma);
    } else {
        from_rgb8(color, rgb, width, luma);
    }
}

void codec_y4m_add_sums(const codec_y4m_color *color, const void *rgb, int width, int across,
                        int *sums) {
    if (color->deep) {
        add_sums10(rgb, width, across, sums);
    } else {
        add_sums8(rgb, width, across, sums);
    }
}

void codec_y4m_end_sums(const codec_y4m_color *color, const codec_y4m_blocks *blocks, int *sums,
                        void *cb, void *cr) {
    if (color->deep) {
        end_sums10(color, blocks, sums, cb, cr);
    } else {
        end_sums8(color, blocks, sums, cb, cr);
    }
}
