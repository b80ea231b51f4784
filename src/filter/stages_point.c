/* Stages that work on single pixels, and normalize, which needs all of them at once. */
#include "filter/stage_families.h"

static const filter_choice norm_choices[] = {
    {"l2", "the square root of the sum of squares, the Euclidean length"},
    {"l1", "the sum of the absolute values"},
    {"linf", "the largest absolute value"},
    {NULL, NULL},
};

/* In the order of conv_rounding. */
static const filter_choice rounding_choices[] = {
    {"even", "the nearest, of two the even one"},
    {"half", "the nearest, of two the greater"},
    {"down", "the next one below"},
    {NULL, NULL},
};

const stage_def point_stages[] = {
    {
        .name = "gray",
        .kind = STAGE_GRAY,
        .arguments = no_arguments,
        .summary = "0.299 R + 0.587 G + 0.114 B",
        .formula = "out = 0.299 R + 0.587 G + 0.114 B; gray images are unchanged",
        .example = "gray",
    },
    {
        .name = "flatten",
        .kind = STAGE_FLATTEN,
        .arguments =
            (const argument_def[]){
                {
                    .name = "background",
                    .kind = ARGUMENT_LEVEL,
                    .low = 0,
                    .high = 1e9,
                    .fallback = "white",
                    .meaning = "what shows where the image is transparent, such as 0 or 50%",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "lays the image on a plain background; alpha is dropped",
        .formula = "out = background + (in - background) * alpha / white\n"
                   "images without alpha are unchanged",
        .example = "sharpen,flatten",
    },
    {
        .name = "abs",
        .kind = STAGE_ABS,
        .arguments = no_arguments,
        .summary = "the absolute value",
        .formula = "out = |in|",
        .example = "sobel:x,abs",
    },
    {
        .name = "invert",
        .kind = STAGE_INVERT,
        .arguments = no_arguments,
        .summary = "white minus the value",
        .formula = "out = white - in; white is 255 in an 8-bit image",
        .example = "sobel,invert",
    },
    {
        .name = "relu",
        .kind = STAGE_RELU,
        .arguments = no_arguments,
        .summary = "negative values become 0",
        .formula = "out = max(in, 0)",
        .example = "laplacian,relu",
    },
    {
        .name = "leaky",
        .kind = STAGE_LEAKY,
        .arguments =
            (const argument_def[]){
                {
                    .name = "slope",
                    .kind = ARGUMENT_NUMBER,
                    .low = -1e9,
                    .high = 1e9,
                    .fallback = "0.01",
                    .meaning = "multiplies negative values",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "negative values become a small share of themselves",
        .formula = "out = in where in > 0, else slope * in (leaky ReLU)",
        .example = "laplacian,leaky:0.2",
    },
    {
        .name = "sigmoid",
        .kind = STAGE_SIGMOID,
        .arguments = no_arguments,
        .summary = "the logistic function: 0.5 at 0, from 0 to 1",
        .formula = "out = 1 / (1 + exp(-in))\n"
                   "sigmoid --scale 255 shows it in an 8-bit image.",
        .example = "scale:1/32:-4,sigmoid --scale 255",
    },
    {
        .name = "tanh",
        .kind = STAGE_TANH,
        .arguments = no_arguments,
        .summary = "the hyperbolic tangent: 0 at 0, from -1 to 1",
        .formula = "out = tanh(in)\n"
                   "tanh --scale 254 --map signed shows it in an 8-bit image.",
        .example = "sobel:x,scale:1/256,tanh --scale 254 --map signed",
    },
    {
        .name = "softmax",
        .kind = STAGE_SOFTMAX,
        .arguments = no_arguments,
        .summary = "the channels of each pixel as shares of 1, the largest favoured",
        .formula = "out(c) = exp(in(c)) / the sum of exp(in(k)) over all channels k\n"
                   "but alpha. Exact for values of any size: the largest is subtracted\n"
                   "from all of them first.",
        .example = "scale:1/64,softmax --scale 255",
    },
    {
        .name = "argmax",
        .kind = STAGE_ARGMAX,
        .arguments = no_arguments,
        .summary = "the number of the channel with the largest value",
        .formula = "out = the c with the largest in(c), counted from 0; of equal ones\n"
                   "the lowest. One channel is left, beside alpha.",
        .example = "argmax --scale 127",
    },
    {
        .name = "norm",
        .kind = STAGE_NORM,
        .arguments =
            (const argument_def[]){
                {
                    .name = "kind",
                    .kind = ARGUMENT_CHOICE,
                    .choices = norm_choices,
                    .fallback = "l2",
                    .meaning = "how to measure a pixel's channels",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "the length of each pixel's channels",
        .formula = "out = sqrt(the sum of in(c)*in(c) over all channels c but alpha)\n"
                   "One channel is left, beside alpha.",
        .example = "norm --scale 1/2",
    },
    {
        .name = "store",
        .kind = STAGE_STORE,
        .arguments =
            (const argument_def[]){
                {
                    .name = "rounding",
                    .kind = ARGUMENT_CHOICE,
                    .choices = rounding_choices,
                    .fallback = "even",
                    .meaning = "which whole number it becomes",
                },
                {
                    .name = "bias",
                    .kind = ARGUMENT_NUMBER,
                    .low = -1e9,
                    .high = 1e9,
                    .fallback = "0",
                    .meaning = "added before rounding",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "rounds and clamps, as an image between two calls would",
        .formula = "out = a whole number from 0 to white\n"
                   "images of floats are unchanged",
        .example = "gaussian:2,store,sobel",
    },
    {
        .name = "scale",
        .kind = STAGE_SCALE,
        .arguments =
            (const argument_def[]){
                {
                    .name = "factor",
                    .kind = ARGUMENT_NUMBER,
                    .low = -1e9,
                    .high = 1e9,
                    .fallback = "1",
                    .meaning = "multiplies each value; may be a fraction such as 1/9",
                },
                {
                    .name = "bias",
                    .kind = ARGUMENT_NUMBER,
                    .low = -1e9,
                    .high = 1e9,
                    .fallback = "0",
                    .meaning = "added to the product",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "value * factor + bias",
        .formula = "out = in * factor + bias",
        .example = "scale:0.5:64",
    },
    {
        .name = "threshold",
        .kind = STAGE_THRESHOLD,
        .arguments =
            (const argument_def[]){
                {
                    .name = "value",
                    .kind = ARGUMENT_LEVEL,
                    .low = -1e9,
                    .high = 1e9,
                    .choices =
                        (const filter_choice[]){
                            {"otsu", "what separates the image's values best; it needs them all"},
                            {NULL, NULL},
                        },
                    .meaning = "the smallest value that becomes white, such as 128 or 50%",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "white where the value is at least N, else black",
        .formula = "out = white where in >= value, else 0\n"
                   "white is 255 in an 8-bit image\n"
                   "otsu: white where in > t, of which -v says the value: of all\n"
                   "ways to split the values into two classes, the one whose classes\n"
                   "differ most between them (Otsu 1979), as in scikit-image's\n"
                   "threshold_otsu; fractions are sorted into 256 bins",
        .example = "gray,threshold:128",
    },
    {
        .name = "normalize",
        .kind = STAGE_NORMALIZE,
        .arguments =
            (const argument_def[]){
                {
                    .name = "low",
                    .kind = ARGUMENT_LEVEL,
                    .low = -1e9,
                    .high = 1e9,
                    .fallback = "0",
                    .meaning = "what the smallest value of the image becomes",
                },
                {
                    .name = "high",
                    .kind = ARGUMENT_LEVEL,
                    .low = -1e9,
                    .high = 1e9,
                    .fallback = "white",
                    .meaning = "what the largest value of the image becomes",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "stretches the image's range of values to low..high",
        .formula = "out = low + (in - min) * (high - low) / (max - min)\n"
                   "min and max are those of the whole image, without alpha",
        .example = "gray,normalize:16:235",
    },
    {.name = NULL},
};
