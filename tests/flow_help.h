/* What the tests of the flow share. */
#ifndef CT_TESTS_FLOW_HELP_H
#define CT_TESTS_FLOW_HELP_H

#include "codec/codec.h"
#include "conv/conv.h"

codec_info flow_help_info(conv_shape shape, conv_type type);

/* Sums of 3x3 samples, for every second row. */
extern const conv_stage flow_help_box;

#endif
