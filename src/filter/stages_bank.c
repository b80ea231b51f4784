/* Banks: several filters at once. */
#include "filter/stage_families.h"

static const argument_def bank_arguments[] = {
    [BANK_SOURCE] =
        {
            .name = "source",
            .kind = ARGUMENT_BANK,
            .meaning = "the filters: a bank's name, a text file, or a .npy file of shape "
                       "(filters, channels, height, width) or (filters, height, width); convtool "
                       "help banks says more",
        },
    [BANK_SEED] =
        {
            .name = "seed",
            .kind = ARGUMENT_INTEGER,
            .low = 0,
            .high = 999999999,
            .fallback = "1",
            .meaning = "of random: which numbers; the same seed gives the same ones",
        },
    [BANK_FILTERS] =
        {
            .name = "filters",
            .kind = ARGUMENT_INTEGER,
            .low = 1,
            .high = CONV_MAX_CHANNELS,
            .fallback = "16",
            .meaning = "of random: how many",
        },
    [BANK_SIZE] =
        {
            .name = "size",
            .kind = ARGUMENT_SIZE,
            .low = 1,
            .high = CONV_MAX_KERNEL,
            .fallback = "3",
            .meaning = "of random: width and height of the kernels",
        },
    [BANK_ORIENTATIONS] =
        {
            .name = "orientations",
            .kind = ARGUMENT_INTEGER,
            .low = 1,
            .high = 36,
            .fallback = "4",
            .meaning = "of gabor: how many directions share the half circle",
        },
    [BANK_SCALES] =
        {
            .name = "scales",
            .kind = ARGUMENT_INTEGER,
            .low = 1,
            .high = 5,
            .fallback = "2",
            .meaning = "of gabor and dog: how many sizes, each twice the one before",
        },
    [BANK_BIAS] =
        {
            .name = "bias",
            .kind = ARGUMENT_NUMBERS,
            .fallback = "0",
            .meaning = "added to the sums: a number for all filters, or a file (text or .npy) with "
                       "one for each",
        },
    [BANK_GROUPS] =
        {
            .name = "groups",
            .kind = ARGUMENT_INTEGER,
            .low = 1,
            .high = CONV_MAX_CHANNELS,
            .fallback = "1",
            .meaning = "parts of equal size that channels and filters fall into, as in PyTorch's "
                       "conv2d: a filter sees only the channels of its part",
        },
    [BANK_ARGUMENTS] = {.kind = ARGUMENT_NONE},
};

const stage_def bank_stages[] = {
    {
        .name = "bank",
        .kind = STAGE_BANK,
        .windowed = true,
        .arguments = bank_arguments,
        .summary = "several filters at once: one channel of the output for each",
        .formula = "out(x, y, f) = bias(f) + the sum over all channels c and cells\n"
                   "(i, j) of kernel(f, c, i, j) * in(x + i - ax, y + j - ay, c)\n"
                   "It's PyTorch's conv2d. Filters of one channel, as all banks with a\n"
                   "name have but random, work on gray; with --color each, on each\n"
                   "channel: all filters on the first one, then on the next. Alpha is\n"
                   "dropped, unless the weights have a channel for it.",
        .example = "bank:gabor:orientations=3:scales=1 --map abs",
    },
    {.name = NULL},
};
