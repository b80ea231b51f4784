/* What other programs call things. */
#include <string.h>

#include "filter/filter.h"

const char *filter_named_elsewhere(const char *name) {
    static const char *const words[][2] = {
        {"average", "box"},      {"blur", "gaussian"},   {"convolution", "conv"},
        {"convolve", "conv"},    {"correlate", "conv"},  {"correlation", "conv"},
        {"edge", "sobel"},       {"edges", "sobel"},     {"grayscale", "gray"},
        {"greyscale", "gray"},   {"kernel", "conv"},     {"maximum", "maxpool"},
        {"mean", "box"},         {"minimum", "minpool"}, {"multiply", "scale"},
        {"negate", "invert"},    {"negative", "invert"}, {"pool", "maxpool"},
        {"pooling", "maxpool"},  {"rescale", "resize"},  {"shrink", "resize"},
        {"thumbnail", "resize"}, {"turn", "rotate"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i][0], name) == 0) {
            return words[i][1];
        }
    }
    return NULL;
}
