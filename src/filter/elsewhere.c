/* What other programs call things. */
#include <stdio.h>
#include <string.h>

#include "filter/filter.h"

/* To add one: a row, with the likeliest stage first. */
static const struct {
    const char *name, *here[FILTER_ELSEWHERE];
} words[] = {
    {"average", {"box"}},
    {"binarize", {"threshold"}},
    {"blur", {"gaussian", "box"}},
    {"brightness", {"scale"}},
    {"contrast", {"normalize", "scale"}},
    {"convolution", {"conv"}},
    {"convolve", {"conv"}},
    {"correlate", {"conv"}},
    {"correlation", {"conv"}},
    {"denoise", {"median", "gaussian"}},
    {"despeckle", {"median"}},
    {"edge", {"sobel", "canny"}},
    {"edges", {"sobel", "canny"}},
    {"grayscale", {"gray"}},
    {"grey", {"gray"}},
    {"greyscale", {"gray"}},
    {"kernel", {"conv"}},
    {"maximum", {"maxpool"}},
    {"mean", {"box"}},
    {"minimum", {"minpool"}},
    {"multiply", {"scale"}},
    {"negate", {"invert"}},
    {"negative", {"invert"}},
    {"pool", {"maxpool", "avgpool"}},
    {"pooling", {"maxpool", "avgpool"}},
    {"rescale", {"resize"}},
    {"shrink", {"resize"}},
    {"smooth", {"gaussian", "box"}},
    {"smoothing", {"gaussian", "box"}},
    {"thumbnail", {"resize"}},
    {"turn", {"rotate"}},
};

const char *filter_named_elsewhere(const char *name, size_t i) {
    for (size_t k = 0; i < FILTER_ELSEWHERE && k < sizeof words / sizeof words[0]; k++) {
        if (strcmp(words[k].name, name) == 0) {
            return words[k].here[i];
        }
    }
    return NULL;
}

bool filter_meant_elsewhere(const char *name, filter_meant *meant) {
    const char *first = filter_named_elsewhere(name, 0), *second = filter_named_elsewhere(name, 1);
    if (first && second) {
        snprintf(meant->text, sizeof meant->text, "'%s' or '%s'", first, second);
    } else if (first) {
        snprintf(meant->text, sizeof meant->text, "'%s'", first);
    }
    return first != NULL;
}
