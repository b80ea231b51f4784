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
            .meaning = "what lies beyond the edge of the image; see convtool help paddings",
        },
    [WINDOW_PAD] =
        {
            .name = "pad",
            .kind = ARGUMENT_SIZE,
            .high = CONV_MAX_STEP,
            .fallback = "as needed to keep the size",
            .meaning = "samples added on each side, like N in --padding MODE:N",
        },
    [WINDOW_STRIDE] =
        {
            .name = "stride",
            .kind = ARGUMENT_SIZE,
            .low = 1,
            .high = CONV_MAX_STEP,
            .fallback = "1",
            .meaning = "step of the kernel across the image; 2 halves width and height",
        },
    [WINDOW_DILATION] =
        {
            .name = "dilation",
            .kind = ARGUMENT_SIZE,
            .low = 1,
            .high = CONV_MAX_STEP,
            .fallback = "1",
            .meaning = "distance between the samples under neighbouring kernel cells",
        },
    [WINDOW_ANCHOR] =
        {
            .name = "anchor",
            .kind = ARGUMENT_ANCHOR,
            .high = CONV_MAX_PRODUCT - 1,
            .fallback = "(size-1)/2",
            .meaning = "kernel cell that lies on the output pixel; the option is --anchor X,Y",
        },
    [WINDOW_FLIP] =
        {
            .name = "flip",
            .kind = ARGUMENT_CHOICE,
            .choices = no_yes,
            .fallback = "no",
            .meaning = "whether to rotate the kernel by 180 degrees (true convolution); flip alone "
                       "means flip=yes",
        },
};
