#include "codec/y4m/color.h"

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

static inline float clamp(float v, float white) {
    return v < 0 ? 0 : v > white ? white : v;
}

/* One function per type: to_rgb, from_rgb, add_sums and end_sums of either. */
#define RGB(bits, sample)                                                                          \
    static void to_rgb##bits(const codec_y4m_color *c, const codec_y4m_row *row, int width,        \
                             sample *rgb) {                                                        \
        const sample *luma = row->luma, *cb = row->cb, *cr = row->cr;                              \
        const float unit = c->white / c->luma, part = c->white / c->chroma;                        \
        const float r_v = part * 2 * (1 - c->kr), b_u = part * 2 * (1 - c->kb);                    \
        const float g_u = -b_u * c->kb / c->kg, g_v = -r_v * c->kr / c->kg;                        \
        const int shift = row->across - 1;                                                         \
        for (int x = 0; x < width; x++) {                                                          \
            const float y = unit * ((float)luma[x] - c->luma0) + 0.5F;                             \
            const float u = (float)cb[x >> shift] - c->chroma0;                                    \
            const float v = (float)cr[x >> shift] - c->chroma0;                                    \
            rgb[3 * x] = (sample)clamp(y + r_v * v, c->white);                                     \
            rgb[3 * x + 1] = (sample)clamp(y + g_u * u + g_v * v, c->white);                       \
            rgb[3 * x + 2] = (sample)clamp(y + b_u * u, c->white);                                 \
        }                                                                                          \
    }                                                                                              \
    static void from_rgb##bits(const codec_y4m_color *c, const sample *rgb, int width,             \
                               sample *luma) {                                                     \
        const float unit = c->luma / c->white;                                                     \
        const float kr = c->kr * unit, kg = c->kg * unit, kb = c->kb * unit;                       \
        for (int x = 0; x < width; x++) {                                                          \
            luma[x] = (sample)(kr * (float)rgb[3 * x] + kg * (float)rgb[3 * x + 1] +               \
                               kb * (float)rgb[3 * x + 2] + c->luma0 + 0.5F);                      \
        }                                                                                          \
    }                                                                                              \
    static void add_sums##bits(const sample *rgb, int width, int across, float *sums) {            \
        const int shift = across - 1;                                                              \
        for (int x = 0; x < width; x++) {                                                          \
            for (int i = 0; i < 3; i++) {                                                          \
                sums[3 * (x >> shift) + i] += (float)rgb[3 * x + i];                               \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    static void end_sums##bits(const codec_y4m_color *c, const codec_y4m_blocks *blocks,           \
                               float *sums, sample *cb, sample *cr) {                              \
        const int count = (blocks->width + blocks->across - 1) / blocks->across;                   \
        const float most = c->deep ? 1023 : 255;                                                   \
        for (int i = 0; i < count; i++) {                                                          \
            const int left = blocks->width - i * blocks->across;                                   \
            const int pixels = (left < blocks->across ? left : blocks->across) * blocks->rows;     \
            const float r = sums[3 * i], b = sums[3 * i + 2];                                      \
            const float y = c->kr * r + c->kg * sums[3 * i + 1] + c->kb * b;                       \
            const float unit = c->chroma / (c->white * 2 * (float)pixels);                         \
            cb[i] = (sample)clamp((b - y) * unit / (1 - c->kb) + c->chroma0 + 0.5F, most);         \
            cr[i] = (sample)clamp((r - y) * unit / (1 - c->kr) + c->chroma0 + 0.5F, most);         \
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
                        float *sums) {
    if (color->deep) {
        add_sums10(rgb, width, across, sums);
    } else {
        add_sums8(rgb, width, across, sums);
    }
}

void codec_y4m_end_sums(const codec_y4m_color *color, const codec_y4m_blocks *blocks, float *sums,
                        void *cb, void *cr) {
    if (color->deep) {
        end_sums10(color, blocks, sums, cb, cr);
    } else {
        end_sums8(color, blocks, sums, cb, cr);
    }
}
