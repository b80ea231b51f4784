#include "flow_help.h"

static codec_sample sample_of(conv_type type) {
    return type == CONV_U8 ? CODEC_U8 : type == CONV_U16 ? CODEC_U16 : CODEC_F32;
}

codec_info flow_help_info(conv_shape shape, conv_type type) {
    return (codec_info){.width = shape.width,
                        .height = shape.height,
                        .channels = shape.channels,
                        .sample = sample_of(type)};
}

const conv_stage flow_help_box = {
    .op = CONV_CORRELATE,
    .kernels = 1,
    .weights = (const double[]){1, 1, 1, 1, 1, 1, 1, 1, 1},
    .window = {.width = 3,
               .height = 3,
               .stride_x = 1,
               .stride_y = 2,
               .dilation_x = 1,
               .dilation_y = 1,
               .left = 1,
               .right = 1,
               .anchor_x = 1,
               .anchor_y = 1,
               .alpha = -1},
};
