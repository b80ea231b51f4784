/* Edge filters: they work on gray and drop alpha. */
#include "filter/stage_families.h"

/* In the order of conv_gradient. */
static const filter_choice gradient_choices[] = {
    {"magnitude", "sqrt(gx*gx + gy*gy), the length of the gradient"},
    {"x", "gx only; use --map signed to see negative values"},
    {"y", "gy only"},
    {"l1", "|gx| + |gy|, easy to work out by hand"},
    {"angle", "direction of (gx, gy): 0 along x, white/4 along y, white for a full turn"},
    {NULL, NULL},
};

/* The formatter would pull the fields apart. */
/* clang-format off */
#define GRADIENT_OUT                                                                               \
    {.name = "out", .kind = ARGUMENT_CHOICE, .choices = gradient_choices,                          \
     .fallback = "magnitude", .meaning = "what to compute from gx and gy"}
/* clang-format on */

/* clang-format off */
#define CANNY_LEVEL(named, usual, automatic, what)                                                 \
    {.name = (named), .kind = ARGUMENT_LEVEL, .low = 0, .high = 1e9, .fallback = (usual),          \
     .choices = (const filter_choice[]){{"auto", automatic}, {NULL, NULL}}, .meaning = (what)}
/* clang-format on */

static const argument_def gradient_arguments[] = {GRADIENT_OUT, {.kind = ARGUMENT_NONE}};

const stage_def edge_stages[] = {
    {
        .name = "sobel",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments =
            (const argument_def[]){
                GRADIENT_OUT,
                {
                    .name = "size",
                    .kind = ARGUMENT_ODD,
                    .low = 3,
                    .high = MAX_SOBEL,
                    .fallback = "3",
                    .meaning = "cells per side of gx and gy; larger ones smooth more",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "gradient with smoothing 1 2 1",
        .formula = "gx = kernel sobel-x: -1 0 1; -2 0 2; -1 0 1\n"
                   "gy = kernel sobel-y: -1 -2 -1; 0 0 0; 1 2 1\n"
                   "out = sqrt(gx*gx + gy*gy)\n"
                   "gx > 0: brighter to the right; gy > 0: brighter downwards\n"
                   "Size 5 is size 3 after a blur with 1 2 1 both ways, and so on: the\n"
                   "kernels of OpenCV's getDerivKernels. Each step multiplies a slope\n"
                   "by 16: --scale 1/128 undoes that of size 5 (8 times 16).",
        .example = "sobel:x --map signed",
    },
    {
        .name = "scharr",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments = gradient_arguments,
        .summary = "gradient with smoothing 3 10 3: nearly equal in all directions",
        .formula = "gx = kernel scharr-x: -3 0 3; -10 0 10; -3 0 3\n"
                   "gy = kernel scharr-y: -3 -10 -3; 0 0 0; 3 10 3\n"
                   "out = sqrt(gx*gx + gy*gy)",
        .example = "scharr --scale 1/4",
    },
    {
        .name = "prewitt",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments = gradient_arguments,
        .summary = "gradient with smoothing 1 1 1",
        .formula = "gx = kernel prewitt-x: -1 0 1; -1 0 1; -1 0 1\n"
                   "gy = kernel prewitt-y: -1 -1 -1; 0 0 0; 1 1 1\n"
                   "out = sqrt(gx*gx + gy*gy)",
        .example = "prewitt:l1",
    },
    {
        .name = "roberts",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments = gradient_arguments,
        .summary = "gradient along the diagonals of 2x2 samples",
        .formula = "gx = kernel roberts-x: 1 0; 0 -1, along one diagonal\n"
                   "gy = kernel roberts-y: 0 1; -1 0, along the other\n"
                   "out = sqrt(gx*gx + gy*gy)",
        .example = "gaussian:1,roberts",
    },
    {
        .name = "kirsch",
        .kind = STAGE_COMPASS,
        .windowed = true,
        .edge = true,
        .arguments = no_arguments,
        .summary = "largest response of 8 compass kernels with weights 5 and -3",
        .formula = "out = the largest of the sums of kernels kirsch-n to kirsch-nw\n"
                   "kirsch-n: 5 5 5; -3 0 -3; -3 -3 -3\n"
                   "The others are this kernel rotated by 45, 90, ... degrees.",
        .example = "kirsch --scale 1/3",
    },
    {
        .name = "robinson",
        .kind = STAGE_COMPASS,
        .windowed = true,
        .edge = true,
        .arguments = no_arguments,
        .summary = "largest response of 8 compass kernels with weights 1 2 1",
        .formula = "out = the largest of the sums of kernels robinson-n to robinson-nw\n"
                   "robinson-n: 1 2 1; 0 0 0; -1 -2 -1\n"
                   "The others are this kernel rotated by 45, 90, ... degrees.",
        .example = "robinson",
    },
    {
        .name = "laplacian",
        .kind = STAGE_LAPLACIAN,
        .windowed = true,
        .edge = true,
        .arguments =
            (const argument_def[]){
                {
                    .name = "neighbours",
                    .kind = ARGUMENT_CHOICE,
                    .choices =
                        (const filter_choice[]){
                            {"4", "0 1 0; 1 -4 1; 0 1 0"},
                            {"8", "1 1 1; 1 -8 1; 1 1 1"},
                            {NULL, NULL},
                        },
                    .fallback = "4",
                    .meaning = "how many neighbours to use",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "second derivative from 4 or 8 neighbours",
        .formula = "out = the sum of the n neighbours - n * in, where n is 4 or 8",
        .example = "laplacian:8 --map signed",
    },
    {
        .name = "log",
        .kind = STAGE_LOG,
        .windowed = true,
        .edge = true,
        .arguments = (const argument_def[]){SIGMA_OF("the Gaussian"), {.kind = ARGUMENT_NONE}},
        .summary = "Laplacian of a Gaussian",
        .formula = "kernel(r) = (r*r - 2 sigma^2) / sigma^4 * gaussian(r)\n"
                   "up to ceil(4 sigma) samples to each side, minus its mean",
        .example = "log:2 --map minmax",
    },
    {
        .name = "dog",
        .kind = STAGE_DOG,
        .windowed = true,
        .edge = true,
        .arguments =
            (const argument_def[]){
                SIGMA_OF("the narrower Gaussian"),
                {
                    .name = "sigma2",
                    .kind = ARGUMENT_NUMBER,
                    .low = 0.01,
                    .high = 2000, /* more than 1.6 times the highest sigma */
                    .fallback = "1.6*sigma",
                    .meaning =
                        "standard deviation of the wider Gaussian; must be greater than sigma",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "difference of two Gaussians: the wider minus the narrower",
        .formula = "kernel(r) = gaussian(r, sigma2) - gaussian(r, sigma)\n"
                   "up to floor(3 sigma2 + 0.5) samples to each side,\n"
                   "minus its mean",
        .example = "dog:1:3 --map minmax",
    },
    {
        .name = "canny",
        .kind = STAGE_CANNY,
        .windowed = true,
        .edge = true,
        .arguments =
            (const argument_def[]){
                CANNY_LEVEL("low", "10%", "half of high",
                            "the least gradient of an edge that is linked to a stronger one"),
                CANNY_LEVEL("high", "2*low", "Otsu's threshold of the image's gradients",
                            "the gradient from which on an edge counts by itself"),
                {
                    .name = "sigma",
                    .kind = ARGUMENT_NUMBER,
                    .low = 0,
                    .high = 1000,
                    .fallback = "1",
                    .meaning = "standard deviation of the Gaussian, in samples; 0: no blur",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "Canny's edges, one sample wide: white lines on black",
        .formula = "1. in is blurred by a Gaussian up to floor(4 sigma + 0.5) samples\n"
                   "   to each side; padding, stride and so on are this one's\n"
                   "2. m = sqrt(gx*gx + gy*gy), the gradient of sobel, in its units:\n"
                   "   for 8 bits 0 to 1140; a step of n has 2.5 n where sigma is 1\n"
                   "3. m counts where it is the greatest along (gx, gy): no less than\n"
                   "   m before and behind, interpolated between two samples each\n"
                   "4. m >= high is an edge; so is m >= low where a chain of such\n"
                   "   samples, at sides or corners, leads to an edge\n"
                   "The same as scikit-image's canny with mode='mirror' and these\n"
                   "thresholds; there are no edges on the image's outermost samples.",
        .example = "canny:10%:25%:1.4",
    },
    {
        .name = "zerocross",
        .kind = STAGE_CROSSINGS,
        .windowed = true,
        .edge = true,
        .arguments =
            (const argument_def[]){
                {
                    .name = "threshold",
                    .kind = ARGUMENT_LEVEL,
                    .low = 0,
                    .high = 1e9,
                    .fallback = "0",
                    .meaning = "the least difference across an edge that counts; must be exceeded",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "white where the sign changes: the edges of log and dog",
        .formula = "out = white where a sample n to the left or right, above or below\n"
                   "has the other sign, |in| <= |n| (if equal: in < 0), and\n"
                   "|in - n| > threshold; and where in = 0 lies between opposite\n"
                   "signs that differ by more than 2 threshold; else 0",
        .example = "log:2,zerocross:1",
    },
    {.name = NULL},
};
