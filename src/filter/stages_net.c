/* Trained networks. */
#include "filter/stage_families.h"

static const filter_choice orders[] = {
    {"rgb", "red comes first"}, {"bgr", "blue comes first, as in OpenCV"}, {0}};

static const filter_choice layouts[] = {
    {"chw", "channels come before rows and columns, as PyTorch has them"},
    {"hwc", "channels come last, as TensorFlow has them"},
    {0}};

static const argument_def net_arguments[] = {
    [NET_MODEL] = {.name = "model",
                   .kind = ARGUMENT_FILE,
                   .meaning = "an ONNX file; convtool net FILE shows what is in it"},
    [NET_OUT] = {.name = "out",
                 .kind = ARGUMENT_TEXT,
                 .fallback = "OUTPUT",
                 .meaning = "the value that is wanted, by its name: any layer's; the default is "
                            "the model's output"},
    [NET_RANGE] = {.name = "range",
                   .kind = ARGUMENT_TEXT,
                   .fallback = "0..1",
                   .meaning = "the numbers that black and white are for the network"},
    [NET_MEAN] = {.name = "mean",
                  .kind = ARGUMENT_TEXT,
                  .fallback = "0",
                  .meaning = "taken off, in that range: a number, or R/G/B"},
    [NET_STD] = {.name = "std",
                 .kind = ARGUMENT_TEXT,
                 .fallback = "1",
                 .meaning = "divided by, after that: a number, or R/G/B"},
    [NET_ORDER] = {.name = "order",
                   .kind = ARGUMENT_CHOICE,
                   .choices = orders,
                   .fallback = "rgb",
                   .meaning = "which colour comes first"},
    [NET_LAYOUT] = {.name = "layout",
                    .kind = ARGUMENT_CHOICE,
                    .choices = layouts,
                    .fallback = "chw",
                    .meaning = "the dimensions of the model's input, and output; unless given, hwc "
                               "where the last of the input's is 1, 3 or 4 and the first isn't"},
    [NET_ARGUMENTS] = {.kind = ARGUMENT_NONE},
};

const stage_def net_stages[] = {
    {
        .name = "net",
        .kind = STAGE_NET,
        .arguments = net_arguments,
        .summary = "a trained network, from an ONNX file",
        .formula = "What the network makes of the numbers v of the image, given as\n"
                   "(v / white * (high - low) + low - mean) / std. It comes first in a\n"
                   "chain.\n"
                   "A picture that comes out is in the same range: low is its black,\n"
                   "high its white.\n"
                   "Networks of local operators, as for super-resolution, run in rows;\n"
                   "others hold the whole image.",
        .example = "net:model.onnx",
    },
    {.name = NULL},
};
