/* Stages that change an image's size or where its pixels are. */
#include "filter/stage_families.h"

/* In the order of conv_resample. */
static const filter_choice resamples[] = {
    {"lanczos", "sharpest: sinc(x) sinc(x/3), 3 samples to each side"},
    {"area", "the mean of what lies under the new pixel"},
    {"bilinear", "a triangle, 1 sample to each side"},
    {"bicubic", "Keys' cubic with a = -1/2, 2 samples to each side"},
    {"nearest", "the pixel that lies under the new pixel's centre"},
    {NULL, NULL},
};

/* By quarter turns less one. */
static const filter_choice turns[] = {
    {"90", "a quarter turn clockwise"},
    {"180", "upside down"},
    {"270", "a quarter turn counterclockwise"},
    {NULL, NULL},
};

const stage_def geometry_stages[] = {
    {
        .name = "resize",
        .kind = STAGE_RESIZE,
        .arguments =
            (const argument_def[]){
                {
                    .name = "size",
                    .kind = ARGUMENT_EXTENT,
                    .low = 1,
                    .high = CONV_MAX_SIDE,
                    .meaning = "the new width and height; of one alone, as in 800x or x600, the "
                               "other follows, and so do both of a share, as in 50%",
                },
                {
                    .name = "filter",
                    .kind = ARGUMENT_CHOICE,
                    .choices = resamples,
                    .fallback = "lanczos",
                    .meaning = "how samples are weighted; when reducing, it widens by as much",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "a smaller or larger image, antialiased",
        .formula = "out(i) = the sum over k of w(k) * in(k), along x, then along y\n"
                   "w(k) = f((k + 1/2 - c) / max(r, 1)), scaled to a sum of 1,\n"
                   "where r = old size / new size, c = (i + 1/2) * r\n"
                   "Nothing lies beyond the edge: weights there are left out.",
        .example = "resize:400x",
    },
    {
        .name = "crop",
        .kind = STAGE_CROP,
        .arguments =
            (const argument_def[]){
                {
                    .name = "size",
                    .kind = ARGUMENT_SIZE,
                    .low = 1,
                    .high = CONV_MAX_SIDE,
                    .meaning = "width and height of the part",
                },
                {
                    .name = "x",
                    .kind = ARGUMENT_INTEGER,
                    .high = CONV_MAX_SIDE,
                    .fallback = "centred",
                    .meaning = "the column where it begins, counted from 0",
                },
                {
                    .name = "y",
                    .kind = ARGUMENT_INTEGER,
                    .high = CONV_MAX_SIDE,
                    .fallback = "centred",
                    .meaning = "the row where it begins, counted from 0",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "a part of the image",
        .formula = "out(i, j) = in(x + i, y + j)",
        .example = "crop:64x48:10:20",
    },
    {
        .name = "rotate",
        .kind = STAGE_ROTATE,
        .arguments =
            (const argument_def[]){
                {
                    .name = "angle",
                    .kind = ARGUMENT_CHOICE,
                    .choices = turns,
                    .fallback = "90",
                    .meaning = "how far, in degrees, clockwise",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "turns the image clockwise by 90, 180 or 270 degrees",
        .formula = "90:  out(i, j) = in(j, height - 1 - i)\n"
                   "180: out(i, j) = in(width - 1 - i, height - 1 - j)\n"
                   "270: out(i, j) = in(width - 1 - j, i)\n"
                   "The whole image is held in memory.",
        .example = "rotate:90",
    },
    {.name = NULL},
};
