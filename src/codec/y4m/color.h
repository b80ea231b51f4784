/* Y'CbCr <-> gray and RGB, row by row. Internal to src/codec.
 *
 * Gray is Y', stretched to 0..white where its range is limited. RGB is that of ITU-R BT.601-7 (2.5)
 * up to 1279x576 and of BT.709-6 (3.2 to 3.5) for larger frames, as players choose where a file
 * doesn't say: R = Y' + 2 (1 - Kr) Cr, B = Y' + 2 (1 - Kb) Cb, and Y' = Kr R + Kg G + Kb B gives G.
 * Limited range has Y' from 16 to 235 and Cb, Cr from 16 to 240 around 128, in 10 bits times 4. */
#ifndef CT_CODEC_Y4M_COLOR_H
#define CT_CODEC_Y4M_COLOR_H

#include "codec/y4m/head.h"

typedef struct codec_y4m_color {
    bool deep; /* samples have 10 bits, in uint16_t; else 8 */
    bool full;
    float white;           /* of gray and RGB */
    float luma0, luma;     /* Y' = luma0 + luma times 0..1 */
    float chroma0, chroma; /* Cb, Cr = chroma0 + chroma times -0.5..0.5 */
    float kr, kg, kb;
} codec_y4m_color;

codec_y4m_color codec_y4m_color_of(const codec_y4m_head *head);

/* A row of `width` samples of luma to gray, and back. */
void codec_y4m_to_gray(const codec_y4m_color *color, const void *luma, int width, void *gray);
void codec_y4m_from_gray(const codec_y4m_color *color, const void *gray, int width, void *luma);

/* A row to RGB. Each sample of chroma belongs to `across` pixels. */
typedef struct codec_y4m_row {
    const void *luma, *cb, *cr;
    int across;
} codec_y4m_row;
void codec_y4m_to_rgb(const codec_y4m_color *color, const codec_y4m_row *row, int width, void *rgb);

/* A row of RGB to luma. Adds each pixel to the sums (3 for each block of `across`) of its block. */
void codec_y4m_from_rgb(const codec_y4m_color *color, const void *rgb, int width, void *luma);
void codec_y4m_add_sums(const codec_y4m_color *color, const void *rgb, int width, int across,
                        int *sums);

/* The chroma of blocks that hold `rows` rows of `across` pixels, of which the last block may have
 * fewer: from the sums, which become 0. */
typedef struct codec_y4m_blocks {
    int width, across, rows;
} codec_y4m_blocks;
void codec_y4m_end_sums(const codec_y4m_color *color, const codec_y4m_blocks *blocks, int *sums,
                        void *cb, void *cr);

#endif
