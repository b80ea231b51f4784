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
    [WINDOW_PADDING] = {"padding",  ARGUMENT_PADDING, 0, CONV_MAX_STEP,       NULL    },
    [WINDOW_PAD] = {"pad",      ARGUMENT_SIZE,    0, CONV_MAX_STEP,       NULL    },
    [WINDOW_STRIDE] = {"stride",   ARGUMENT_SIZE,    1, CONV_MAX_STEP,       NULL    },
    [WINDOW_DILATION] = {"dilation", ARGUMENT_SIZE,    1, CONV_MAX_STEP,       NULL    },
    [WINDOW_ANCHOR] = {"anchor",   ARGUMENT_ANCHOR,  0, CONV_MAX_KERNEL - 1, NULL    },
    [WINDOW_FLIP] = {"flip",     ARGUMENT_CHOICE,  0, 0,                   "no|yes"},
};

const char window_usage[] = "padding, pad, stride, dilation, anchor, flip";

/* To add one: a row here. If its kind is new, add that to stage_kind and a function to the table in
 * lower.c. Parser, list, help, completions and the sweep tests read this table. */
static const stage_def stages[] = {
    {"conv",
     STAGE_CONV,                  0,
     true,                                                  false,
     {{"kernel", ARGUMENT_KERNEL, 0, 0, NULL}},
     "kernel=NAME|FILE",                                                                                    "correlation with a named kernel, a kernel file, or that of -k" },
    {"sobel",
     STAGE_GRADIENT,              0,
     true,                                                  true,
     {GRADIENT_OUT},
     GRADIENT_USAGE,                                                                                        "gradient, smoothing 1 2 1"                                     },
    {"scharr",
     STAGE_GRADIENT,              0,
     true,                                                  true,
     {GRADIENT_OUT},
     GRADIENT_USAGE,                                                                                        "gradient, smoothing 3 10 3: nearly the same in every direction"},
    {"prewitt",
     STAGE_GRADIENT,              0,
     true,                                                  true,
     {GRADIENT_OUT},
     GRADIENT_USAGE,                                                                                        "gradient, smoothing 1 1 1"                                     },
    {"roberts",
     STAGE_GRADIENT,              0,
     true,                                                  true,
     {GRADIENT_OUT},
     GRADIENT_USAGE,                                                                                        "gradient along both diagonals of 2x2 samples"                  },
    {"kirsch",
     STAGE_COMPASS,               0,
     true,                                                  true,
     {{0}},
     "",                                                                                                    "the greatest answer of 8 compass kernels 5 5 5 -3"             },
    {"robinson",
     STAGE_COMPASS,               0,
     true,                                                  true,
     {{0}},
     "",                                                                                                    "the greatest answer of 8 compass kernels 1 2 1"                },
    {"laplacian",
     STAGE_LAPLACIAN,             0,
     true,                                                  true,
     {{"neighbours", ARGUMENT_CHOICE, 0, 0, "4|8"}},
     "neighbours=4|8",                                                                                      "second derivative, from 4 or 8 neighbours"                     },
    {"log",         STAGE_LOG,    0,                 true,  true,  {SIGMA},                      "sigma=1", "Laplacian of a Gaussian"                                       },
    {"dog",
     STAGE_DOG,                   0,
     true,                                                  true,
     {SIGMA, {"sigma2", ARGUMENT_NUMBER, 0.01, 1000, NULL}},
     "sigma=1 sigma2=1.6*sigma",                                                                            "difference of two Gaussians: the wider minus the narrower"     },
    {"sharpen",     STAGE_NAMED,  0,                 true,  false, {{0}},                        "",        "sharper: 5 in the middle of -1"                                },
    {"emboss",      STAGE_NAMED,  0,                 true,  false, {{0}},                        "",        "relief, lit from the top left"                                 },
    {"outline",     STAGE_NAMED,  0,                 true,  false, {{0}},                        "",        "the difference from the 8 neighbours"                          },
    {"identity",    STAGE_NAMED,  0,                 true,  false, {{0}},                        "",        "the image itself"                                              },
    {"unsharp",
     STAGE_UNSHARP,               0,
     true,                                                  false,
     {SIGMA,
      {"amount", ARGUMENT_NUMBER, -1000, 1000, NULL},
      {"threshold", ARGUMENT_NUMBER, 0, 1e9, NULL}},
     "sigma=1 amount=1 threshold=0",                                                                        "sharper: adds what a Gaussian blur takes away"                 },
    {"box",
     STAGE_BOX,                   0,
     true,                                                  false,
     {{"size", ARGUMENT_SIZE, 1, CONV_MAX_KERNEL, NULL}},
     "size=3",                                                                                              "mean of a box"                                                 },
    {"gaussian",
     STAGE_GAUSSIAN,              0,
     true,                                                  false,
     {SIGMA, {"size", ARGUMENT_AUTO_SIZE, 1, CONV_MAX_KERNEL, NULL}},
     "sigma=1 size=auto",                                                                                   "Gaussian blur"                                                 },
    {"maxpool",
     STAGE_POOL,                  CONV_POOL_MAX,
     false,                                                 false,
     {POOL_ARGUMENTS},
     POOL_USAGE,                                                                                            "the greatest sample of each window"                            },
    {"avgpool",
     STAGE_POOL,                  CONV_POOL_AVG,
     false,                                                 false,
     {POOL_ARGUMENTS, {"count_include_pad", ARGUMENT_CHOICE, 0, 0, "no|yes"}},
     POOL_USAGE " count_include_pad=yes|no",
     "the mean of each window"                                                                                                                                              },
    {"minpool",
     STAGE_POOL,                  CONV_POOL_MIN,
     false,                                                 false,
     {POOL_ARGUMENTS},
     POOL_USAGE,                                                                                            "the least sample of each window"                               },
    {"nearestpool",
     STAGE_POOL,                  CONV_POOL_NEAREST,
     false,                                                 false,
     {POOL_ARGUMENTS},
     POOL_USAGE,                                                                                            "the sample in the middle of each window"                       },
    {"gray",        STAGE_GRAY,   0,                 false, false, {{0}},                        "",        "0.299 R + 0.587 G + 0.114 B"                                   },
    {"abs",         STAGE_ABS,    0,                 false, false, {{0}},                        "",        "the absolute value"                                            },
    {"invert",      STAGE_INVERT, 0,                 false, false, {{0}},                        "",        "white minus the value"                                         },
    {"relu",        STAGE_RELU,   0,                 false, false, {{0}},                        "",        "negative values become 0"                                      },
    {"scale",
     STAGE_SCALE,                 0,
     false,                                                 false,
     {{"factor", ARGUMENT_NUMBER, -1e9, 1e9, NULL}, {"bias", ARGUMENT_NUMBER, -1e9, 1e9, NULL}},
     "factor=1 bias=0",                                                                                     "value * factor + bias"                                         },
    {"threshold",
     STAGE_THRESHOLD,             0,
     false,                                                 false,
     {{"value", ARGUMENT_NUMBER, -1e9, 1e9, NULL}},
     "value=N",                                                                                             "white where the value is at least N, else black"               },
    {"normalize",
     STAGE_NORMALIZE,             0,
     false,                                                 false,
     {{"low", ARGUMENT_NUMBER, -1e9, 1e9, NULL}, {"high", ARGUMENT_NUMBER, -1e9, 1e9, NULL}},
     "low=0 high=white",                                                                                    "stretches the image's least and greatest value to low and high"},
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
