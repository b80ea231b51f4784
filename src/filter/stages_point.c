/* Stages that work on single pixels, and normalize, which needs all of them at once. */
#include "filter/stage_families.h"

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
                    .meaning = "the smallest value that becomes white, such as 128 or 50%",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "white where the value is at least N, else black",
        .formula = "out = white where in >= value, else 0\n"
                   "white is 255 in an 8-bit image",
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
