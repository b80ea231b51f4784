/* Pooling. */
#include "filter/stage_families.h"

/* The formatter would pull the fields apart. */
/* clang-format off */
#define POOL_SIZE(of_kind, means)                                                                  \
    {.name = "size", .kind = of_kind, .low = 1, .high = CONV_MAX_POOL, .fallback = "2",            \
     .meaning = means}
#define POOL_ARGUMENTS                                                                             \
    {.name = "stride", .kind = ARGUMENT_SIZE, .low = 1, .high = CONV_MAX_STEP, .fallback = "size", \
     .meaning = "step from one window to the next"},                                               \
    {.name = "padding", .kind = ARGUMENT_SIZE, .low = 0, .high = CONV_MAX_POOL, .fallback = "0", \
     .meaning = "how far windows may reach beyond each edge, at most half their size"},            \
    {.name = "ceil", .kind = ARGUMENT_CHOICE, .choices = no_yes, .fallback = "no",                 \
     .meaning = "whether to keep a last window that only partly covers the image"}
/* clang-format on */

#define WHOLE_SIZE                                                                                 \
    POOL_SIZE(ARGUMENT_POOL_SIZE,                                                                  \
              "width and height of the window, or all: one window as large as the image")

static const argument_def pool_arguments[] = {WHOLE_SIZE, POOL_ARGUMENTS, {.kind = ARGUMENT_NONE}};

const stage_def pool_stages[] = {
    {
        .name = "maxpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_MAX,
        .arguments = pool_arguments,
        .summary = "the largest sample of each window",
        .formula = "out(x, y) = the largest sample of the window whose top left is at\n"
                   "            (x * stride - padding, y * stride - padding)\n"
                   "maxpool:all leaves one pixel, of the whole image.",
        .example = "maxpool:3:1:1",
    },
    {
        .name = "avgpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_AVG,
        .arguments =
            (const argument_def[]){
                WHOLE_SIZE,
                POOL_ARGUMENTS,
                {
                    .name = "count_include_pad",
                    .kind = ARGUMENT_CHOICE,
                    .choices = no_yes,
                    .fallback = "yes",
                    .meaning = "whether padding counts as zeros in the mean",
                },
                {.kind = ARGUMENT_NONE},
            },
        .summary = "the mean of each window",
        .formula = "out(x, y) = the mean of the window whose top left is at\n"
                   "            (x * stride - padding, y * stride - padding)\n"
                   "avgpool:all leaves one pixel, the mean of the whole image.",
        .example = "avgpool:4",
    },
    {
        .name = "minpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_MIN,
        .arguments = pool_arguments,
        .summary = "the smallest sample of each window",
        .formula = "out(x, y) = the smallest sample of the window whose top left is at\n"
                   "            (x * stride - padding, y * stride - padding)\n"
                   "minpool:all leaves one pixel, of the whole image.",
        .example = "minpool:3:stride=1:padding=1",
    },
    {
        .name = "nearestpool",
        .kind = STAGE_POOL,
        .pool = CONV_POOL_NEAREST,
        .arguments =
            (const argument_def[]){
                POOL_SIZE(ARGUMENT_SIZE, "width and height of the window"),
                POOL_ARGUMENTS,
                {.kind = ARGUMENT_NONE},
            },
        .summary = "the centre sample of each window",
        .formula = "out(x, y) = in(x * stride - padding + (width - 1) / 2,\n"
                   "               y * stride - padding + (height - 1) / 2)",
        .example = "nearestpool:8",
    },
    {.name = NULL},
};
