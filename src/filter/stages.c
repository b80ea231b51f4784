/* The catalogue of stages. */
#include "filter/stages.h"

#include <string.h>

#define GRADIENT_USAGE "out=magnitude|x|y|l1|angle"
#define GRADIENT_OUT                                                                               \
    { "out", ARGUMENT_CHOICE, 0, 0, "magnitude|x|y|l1|angle" }
#define SIGMA                                                                                      \
    { "sigma", ARGUMENT_NUMBER, 0.01, 1000, NULL }
#define POOL_ARGUMENTS                                                                             \
    {"size", ARGUMENT_SIZE, 1, CONV_MAX_KERNEL, NULL},                                             \
        {"stride", ARGUMENT_SIZE, 1, CONV_MAX_STEP, NULL},                                         \
        {"padding", ARGUMENT_SIZE, 0, CONV_MAX_KERNEL, NULL}, {                                    \
        "ceil", ARGUMENT_CHOICE, 0, 0, "no|yes"                                                    \
    }
#define POOL_USAGE "size=2 stride=size padding=0 ceil=no|yes"

const argument_def window_arguments[WINDOW_ARGUMENTS] = {
    [WINDOW_PADDING] = {"padding", ARGUMENT_PADDING, 0, CONV_MAX_STEP, NULL},
    [WINDOW_PAD] = {"pad", ARGUMENT_SIZE, 0, CONV_MAX_STEP, NULL},
    [WINDOW_STRIDE] = {"stride", ARGUMENT_SIZE, 1, CONV_MAX_STEP, NULL},
    [WINDOW_DILATION] = {"dilation", ARGUMENT_SIZE, 1, CONV_MAX_STEP, NULL},
    [WINDOW_ANCHOR] = {"anchor", ARGUMENT_ANCHOR, 0, CONV_MAX_KERNEL - 1, NULL},
    [WINDOW_FLIP] = {"flip", ARGUMENT_CHOICE, 0, 0, "no|yes"},
};

const char window_usage[] = "padding, pad, stride, dilation, anchor, flip";

/* To add one: a row here. If its kind is new, add that to stage_kind and a function to the table in
 * lower.c. Parser, list, help, completions and the sweep tests read this table. */
static const stage_def stages[] = {
    {
        .name = "conv",
        .kind = STAGE_CONV,
        .windowed = true,
        .arguments = {{"kernel", ARGUMENT_KERNEL, 0, 0, NULL}},
        .usage = "kernel=NAME|FILE",
        .summary = "correlation with a named kernel, a kernel file, or that of -k",
    },
    {
        .name = "sobel",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments = {GRADIENT_OUT},
        .usage = GRADIENT_USAGE,
        .summary = "gradient, smoothing 1 2 1",
    },
    {
        .name = "scharr",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments = {GRADIENT_OUT},
        .usage = GRADIENT_USAGE,
        .summary = "gradient, smoothing 3 10 3: nearly the same in every direction",
    },
    {
        .name = "prewitt",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments = {GRADIENT_OUT},
        .usage = GRADIENT_USAGE,
        .summary = "gradient, smoothing 1 1 1",
    },
    {
        .name = "roberts",
        .kind = STAGE_GRADIENT,
        .windowed = true,
        .edge = true,
        .arguments = {GRADIENT_OUT},
        .usage = GRADIENT_USAGE,
        .summary = "gradient along both diagonals of 2x2 samples",
    },
    {
        .name = "kirsch",
        .kind = STAGE_COMPASS,
        .windowed = true,
        .edge = true,
        .usage = "",
        .summary = "the greatest answer of 8 compass kernels 5 5 5 -3",
    },
    {
        .name = "robinson",
        .kind = STAGE_COMPASS,
        .windowed = true,
        .edge = true,
        .usage = "",
        .summary = "the greatest answer of 8 compass kernels 1 2 1",
    },
    {
        .name = "laplacian",
        .kind = STAGE_LAPLACIAN,
        .windowed = true,
        .edge = true,
        .arguments = {{"neighbours", ARGUMENT_CHOICE, 0, 0, "4|8"}},
        .usage = "neighbours=4|8",
        .summary = "second derivative, from 4 or 8 neighbours",
    },
    {
        .name = "log",
        .kind = STAGE_LOG,
        .windowed = true,
        .edge = true,
        .arguments = {SIGMA},
        .usage = "sigma=1",
        .summary = "Laplacian of a Gaussian",
    },
    {
        .name = "dog",
        .kind = STAGE_DOG,
        .windowed = true,
        .edge = true,
        .arguments = {SIGMA, {"sigma2", ARGUMENT_NUMBER, 0.01, 1000, NULL}},
        .usage = "sigma=1 sigma2=1.6*sigma",
        .summary = "difference of two Gaussians: the wider minus the narrower",
    },
    {
        .name = "sharpen",
        .kind = STAGE_NAMED,
        .windowed = true,
        .usage = "",
        .summary = "sharper: 5 in the middle of -1",
    },
    {
        .name = "emboss",
        .kind = STAGE_NAMED,
        .windowed = true,
        .usage = "",
        .summary = "relief, lit from the top left",
    },
    {
        .name = "outline",
        .kind = STAGE_NAMED,
        .windowed = true,
        .usage = "",
        .summary = "the difference from the 8 neighbours",
    },
    {
        .name = "identity",
        .kind = STAGE_NAMED,
        .windowed = true,
        .usage = "",
        .summary = "the image itself",
    },
    {
        .name = "unsharp",
        .kind = STAGE_UNSHARP,
        .windowed = true,
        .arguments = {SIGMA,
                      {"amount", ARGUMENT_NUMBER, -1000, 1000, NULL},
                      {"threshold", ARGUMENT_NUMBER, 0, 1e9, NULL}},
        .usage = "sigma=1 amount=1 threshold=0",
        .summary = "sharper: adds what a Gaussian blur takes away",
    },
    {
        .name = "box",
        .kind = STAGE_BOX,
        .windowed = true,
        .arguments = {{"size", ARGUMENT_SIZE, 1, CONV_MAX_KERNEL, NULL}},
        .usage = "size=3",
        .summary = "mean of a box",
    },
    {
        .name = "gaussian",
        .kind = STAGE_GAUSSIAN,
        .windowed = true,
        .arguments = {SIGMA, {"size", ARGUMENT_AUTO_SIZE, 1, CONV_MAX_KERNEL, NULL}},
        .usage = "sigma=1 size=auto",
        .summary = "Gaussian blur",
    },
    {
        .name = "maxpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_MAX,
        .arguments = {POOL_ARGUMENTS},
        .usage = POOL_USAGE,
        .summary = "the greatest sample of each window",
    },
    {
        .name = "avgpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_AVG,
        .arguments = {POOL_ARGUMENTS, {"count_include_pad", ARGUMENT_CHOICE, 0, 0, "no|yes"}},
        .usage = POOL_USAGE " count_include_pad=yes|no",
        .summary = "the mean of each window",
    },
    {
        .name = "minpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_MIN,
        .arguments = {POOL_ARGUMENTS},
        .usage = POOL_USAGE,
        .summary = "the least sample of each window",
    },
    {
        .name = "nearestpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_NEAREST,
        .arguments = {POOL_ARGUMENTS},
        .usage = POOL_USAGE,
        .summary = "the sample in the middle of each window",
    },
    {
        .name = "gray",
        .kind = STAGE_GRAY,
        .usage = "",
        .summary = "0.299 R + 0.587 G + 0.114 B",
    },
    {
        .name = "abs",
        .kind = STAGE_ABS,
        .usage = "",
        .summary = "the absolute value",
    },
    {
        .name = "invert",
        .kind = STAGE_INVERT,
        .usage = "",
        .summary = "white minus the value",
    },
    {
        .name = "relu",
        .kind = STAGE_RELU,
        .usage = "",
        .summary = "negative values become 0",
    },
    {
        .name = "scale",
        .kind = STAGE_SCALE,
        .arguments = {{"factor", ARGUMENT_NUMBER, -1e9, 1e9, NULL},
                      {"bias", ARGUMENT_NUMBER, -1e9, 1e9, NULL}},
        .usage = "factor=1 bias=0",
        .summary = "value * factor + bias",
    },
    {
        .name = "threshold",
        .kind = STAGE_THRESHOLD,
        .arguments = {{"value", ARGUMENT_LEVEL, -1e9, 1e9, NULL}},
        .usage = "value=N",
        .summary = "white where the value is at least N, else black",
    },
    {
        .name = "normalize",
        .kind = STAGE_NORMALIZE,
        .arguments = {{"low", ARGUMENT_LEVEL, -1e9, 1e9, NULL},
                      {"high", ARGUMENT_LEVEL, -1e9, 1e9, NULL}},
        .usage = "low=0 high=white",
        .summary = "stretches the image's least and greatest value to low and high",
    },
};

const stage_def *stage_def_at(size_t i) {
    return i < sizeof stages / sizeof stages[0] ? &stages[i] : NULL;
}

const stage_def *stage_def_find(const char *name) {
    for (size_t i = 0; stage_def_at(i); i++) {
        if (strcmp(stages[i].name, name) == 0) {
            return &stages[i];
        }
    }
    return NULL;
}
