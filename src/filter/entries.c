/* What there is, for list, help and completions; and the names of settings. */
#include <string.h>

#include "base/text.h"
#include "filter/kernels.h"
#include "filter/paddings.h"

bool filter_entry_at(filter_list list, size_t i, filter_entry *out) {
    switch (list) {
    case FILTER_STAGES: {
        const stage_def *def = stage_def_at(i);
        if (def) {
            *out = (filter_entry){def->name, def->usage, def->summary,
                                  def->windowed ? window_usage : ""};
        }
        return def != NULL;
    }
    case FILTER_KERNELS: {
        const named_kernel *kernel = named_kernel_at(i);
        if (kernel) {
            *out = (filter_entry){kernel->name, "", kernel->summary, ""};
        }
        return kernel != NULL;
    }
    case FILTER_PADDINGS: {
        const padding_def *def = padding_def_at(i);
        if (def) {
            *out = (filter_entry){def->name, def->also, def->summary, def->pattern};
        }
        return def != NULL;
    }
    }
    return false;
}

const char *filter_named_elsewhere(const char *name) {
    static const char *const words[][2] = {
        {"average", "box"},     {"blur", "gaussian"},   {"convolution", "conv"},
        {"convolve", "conv"},   {"correlate", "conv"},  {"edge", "sobel"},
        {"edges", "sobel"},     {"grayscale", "gray"},  {"greyscale", "gray"},
        {"kernel", "conv"},     {"maximum", "maxpool"}, {"mean", "box"},
        {"minimum", "minpool"}, {"multiply", "scale"},  {"negate", "invert"},
        {"negative", "invert"}, {"pool", "maxpool"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i][0], name) == 0) {
            return words[i][1];
        }
    }
    return NULL;
}

/* In the order of filter_color and filter_map. */
static const char *const colors[] = {"auto", "gray", "each", NULL};
static const char *const maps[] = {"clamp", "abs", "signed", "minmax", NULL};

static bool parse_name(const char *what, const char *const *names, const char *expected,
                       const char *text, int *out, ct_error *err) {
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = (int)i;
            return true;
        }
    }
    const char *near = ct_nearest(text, ct_listed_name_at, names);
    return near ? ct_fail(err, "unknown %s '%s'; did you mean '%s'?", what, text, near)
                : ct_fail(err, "unknown %s '%s'; expected %s", what, text, expected);
}

bool filter_color_parse(const char *text, filter_color *out, ct_error *err) {
    int i = 0;
    if (!parse_name("color mode", colors, "auto, gray or each", text, &i, err)) {
        return false;
    }
    *out = (filter_color)i;
    return true;
}

bool filter_map_parse(const char *text, filter_map *out, ct_error *err) {
    int i = 0;
    if (!parse_name("map", maps, "clamp, abs, signed or minmax", text, &i, err)) {
        return false;
    }
    *out = (filter_map)i;
    return true;
}
