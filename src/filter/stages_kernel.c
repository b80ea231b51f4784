/* Stages of one kernel: your own, named ones, means, medians and blurs. */
#include "filter/stage_families.h"

/* In the order of gaussian_weights. */
static const filter_choice weight_choices[] = {
    {"exact", "as the formula gives them"},
    {"fixed", "whole 256ths, for 16 bits 65536ths, as OpenCV's GaussianBlur takes them"},
    {NULL, NULL},
};

/* The formatter would pull the fields apart. */
/* clang-format off */
#define GAUSSIAN_SIZE                                                                              \
    {.name = "size", .kind = ARGUMENT_AUTO_SIZE, .low = 1, .high = CONV_MAX_PRODUCT - 1,           \
     .fallback = "auto",                                                                           \
     .meaning = "size of the kernel; auto takes floor(3 sigma + 0.5) samples on each side of the " \
                "centre, as SciPy does with truncate=3"}
/* clang-format on */

const stage_def kernel_stages[] = {
    {
        .name = "conv",
        .kind = STAGE_CONV,
        .windowed = true,
        .arguments =
            (const argument_def[]){
                {
                    .name = "kernel",
                    .kind = ARGUMENT_KERNEL,
                    .fallback = "the one given by -k",
                    .meaning = "the kernel to apply; convtool help kernels says how to write one",
                },
                {
                    .name = "bias",
                    .kind = ARGUMENT_NUMBER,
                    .low = -1e9,
                    .high = 1e9,
                    .fallback = "0",
                    .meaning = "added to the sum",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "correlation with a kernel given by name, by file, or by -k",
        .formula = "out(x, y) = the sum over all cells (i, j) of the kernel\n"
                   "            of kernel(i, j) * in(x + i - ax, y + j - ay)\n"
                   "(ax, ay) is the anchor, by default the cell in the centre.\n"
                   "bias is added to the sum.",
        .example = "conv:gaussian5",
    },
    {
        .name = "sharpen",
        .kind = STAGE_NAMED,
        .windowed = true,
        .arguments = no_arguments,
        .summary = "sharpens: the image plus its difference from 4 neighbours",
        .formula = "kernel sharpen: 0 -1 0; -1 5 -1; 0 -1 0",
        .example = "sharpen",
    },
    {
        .name = "emboss",
        .kind = STAGE_NAMED,
        .windowed = true,
        .arguments = no_arguments,
        .summary = "relief, lit from the top left",
        .formula = "kernel emboss: -2 -1 0; -1 1 1; 0 1 2",
        .example = "gray,emboss",
    },
    {
        .name = "outline",
        .kind = STAGE_NAMED,
        .windowed = true,
        .arguments = no_arguments,
        .summary = "the difference from the 8 neighbours",
        .formula = "kernel outline: -1 -1 -1; -1 8 -1; -1 -1 -1",
        .example = "outline --map abs",
    },
    {
        .name = "identity",
        .kind = STAGE_NAMED,
        .windowed = true,
        .arguments = no_arguments,
        .summary = "the image unchanged",
        .formula = "out = in",
        .example = "identity --pool nearest:2",
    },
    {
        .name = "unsharp",
        .kind = STAGE_UNSHARP,
        .windowed = true,
        .arguments =
            (const argument_def[]){
                SIGMA_OF("the blur"),
                {
                    .name = "amount",
                    .kind = ARGUMENT_NUMBER,
                    .low = -1000,
                    .high = 1000,
                    .fallback = "1",
                    .meaning = "how much of the difference to add",
                },
                {
                    .name = "threshold",
                    .kind = ARGUMENT_NUMBER,
                    .low = 0,
                    .high = 1e9,
                    .fallback = "0",
                    .meaning = "differences up to this are ignored; in the image's own units",
                },
                GAUSSIAN_SIZE,
                {.kind = ARGUMENT_NONE},
            },
        .summary = "sharpens: adds what a Gaussian blur removes",
        .formula = "d = in - gaussian(in, sigma)\n"
                   "out = in + amount * d where |d| > threshold, else in",
        .example = "unsharp:2:1.5",
    },
    {
        .name = "box",
        .kind = STAGE_BOX,
        .windowed = true,
        .arguments =
            (const argument_def[]){
                {
                    .name = "size",
                    .kind = ARGUMENT_SIZE,
                    .low = 1,
                    .high = MAX_BOX,
                    .fallback = "3",
                    .meaning = "width and height of the box",
                },
                {
                    .name = "edge",
                    .kind = ARGUMENT_NUMBER,
                    .low = 0,
                    .high = 1,
                    .fallback = "1",
                    .meaning = "weight of the outermost cells; those inside have 1",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "mean over a box",
        .formula = "out = the mean of the samples under the box, whose outermost cells\n"
                   "may count less: box:5:0.5 is 4 samples wide",
        .example = "box:9x1",
    },
    {
        .name = "median",
        .kind = STAGE_MEDIAN,
        .windowed = true,
        .arguments =
            (const argument_def[]){
                {
                    .name = "size",
                    .kind = ARGUMENT_ODD_SIZE,
                    .low = 1,
                    .high = CONV_MAX_KERNEL,
                    .fallback = "3",
                    .meaning = "width and height of the window",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "the middle one of the samples in a window: removes specks",
        .formula = "out = the median of the samples under the window, as in SciPy's\n"
                   "median_filter; each channel by itself\n"
                   "8-bit images are fast at any size, others at 3 and 5.",
        .example = "median:5",
    },
    {
        .name = "gaussian",
        .kind = STAGE_GAUSSIAN,
        .windowed = true,
        .arguments =
            (const argument_def[]){
                SIGMA_OF("the Gaussian"),
                GAUSSIAN_SIZE,
                {
                    .name = "weights",
                    .kind = ARGUMENT_CHOICE,
                    .choices = weight_choices,
                    .fallback = "exact",
                    .meaning = "how exact the weights are",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "Gaussian blur",
        .formula = "weight(r) = exp(-r*r / (2 sigma^2)), scaled to a sum of 1",
        .example = "gaussian:4",
    },
    {.name = NULL},
};
