#include "filter/stage_def.h"

const filter_choice no_yes[] = {{"no", NULL}, {"yes", NULL}, {NULL, NULL}};

const argument_def no_arguments[] = {{.kind = ARGUMENT_NONE}};

const argument_def window_arguments[WINDOW_ARGUMENTS] = {
    [WINDOW_PADDING] =
        {
            .name = "padding",
            .kind = ARGUMENT_PADDING,
            .high = CONV_MAX_STEP,
            .fallback = "mirror",
            .meaning = "what lies beyond the edge of the image: convtool help paddings",
        },
    [WINDOW_PAD] =
        {
            .name = "pad",
            .kind = ARGUMENT_SIZE,
            .high = CONV_MAX_STEP,
            .fallback = "what keeps the size",
            .meaning = "samples that are added on each side, as N in --padding MODE:N",
        },
    [WINDOW_STRIDE] =
        {
            .name = "stride",
            .kind = ARGUMENT_SIZE,
            .low = 1,
            .high = CONV_MAX_STEP,
            .fallback = "1",
            .meaning = "step of the kernel over the image: 2 halves the output's sides",
        },
    [WINDOW_DILATION] =
        {
            .name = "dilation",
            .kind = ARGUMENT_SIZE,
            .low = 1,
            .high = CONV_MAX_STEP,
            .fallback = "1",
            .meaning = "distance of the samples under neighbouring cells of the kernel",
        },
    [WINDOW_ANCHOR] =
        {
            .name = "anchor",
            .kind = ARGUMENT_ANCHOR,
            .high = CONV_MAX_PRODUCT - 1,
            .fallback = "(size-1)/2",
            .meaning =
                "cell of the kernel that lies on the output pixel; the option is --anchor X,Y",
        },
    [WINDOW_FLIP] =
        {
            .name = "flip",
            .kind = ARGUMENT_CHOICE,
            .choices = no_yes,
            .fallback = "no",
            .meaning = "whether the kernel is turned by 180 degrees: true convolution; the word "
                       "flip alone is short for flip=yes",
        },
};
