/* What Resize's attributes and inputs say. */
#include <math.h>
#include <string.h>

#include "base/minmax.h"
#include "net/ops/resize_describe.h"

/* ---- words ---- */

typedef struct word {
    const char *text;
    int value;
} word;

static const word interpolations[] = {
    {"nearest", NET_NEAREST}, {"linear", NET_LINEAR},
    {"bilinear", NET_LINEAR}, /* Upsample 1 */
    {"cubic", NET_CUBIC},     {NULL, 0},
};
static const word coordinates[] = {
    {"half_pixel", NET_HALF_PIXEL},
    {"pytorch_half_pixel", NET_PYTORCH_HALF_PIXEL},
    {"asymmetric", NET_ASYMMETRIC},
    {"tf_half_pixel_for_nn", NET_TF_HALF_PIXEL},
    {"align_corners", NET_ALIGN_CORNERS},
    {"tf_crop_and_resize", NET_CROP_AND_RESIZE},
    {NULL, 0},
};
static const word roundings[] = {
    {"round_prefer_floor", NET_ROUND_PREFER_FLOOR},
    {"round_prefer_ceil", NET_ROUND_PREFER_CEIL},
    {"floor", NET_ROUND_DOWN},
    {"ceil", NET_ROUND_UP},
    {NULL, 0},
};
typedef enum policy { STRETCH, NOT_LARGER, NOT_SMALLER } policy;
static const word policies[] = {
    {"stretch", STRETCH},
    {"not_larger", NOT_LARGER},
    {"not_smaller", NOT_SMALLER},
    {NULL, 0},
};

static bool look_up(const net_node *node, const char *name, const char *fallback, const word *words,
                    int *value, ct_error *err) {
    const char *text = net_text(node, name, fallback);
    for (const word *w = words; w->text; w++) {
        if (strcmp(w->text, text) == 0) {
            *value = w->value;
            return true;
        }
    }
    return ct_fail(err, "%s is '%s', which isn't known", name, text);
}

/* ---- inputs: opset by opset ---- */

/* Which inputs there are; -1: none. */
typedef struct places {
    int roi, scales, sizes;
    bool old; /* before opset 11 */
} places;

static places places_of(const net_node *node) {
    if (strcmp(node->type, "Upsample") == 0 || node->opset < 11) {
        return (places){-1, node->input_count > 1 ? 1 : -1, -1, true};
    }
    return (places){1, 2, 3, false};
}

/* Floats of an input or attribute. */
typedef struct numbers {
    int count; /* 0: left out, or empty; -1: not known */
    float at[2 * NET_MOST_DIMENSIONS];
} numbers;

static bool read_floats(const net_call *call, const char *name, int place, numbers *list,
                        ct_error *err) {
    const net_tensor *in = place < 0 ? NULL : net_in(call, place);
    const float *floats;
    list->count = name ? net_floats(call->node, name, &floats) : 0;
    if (list->count > 2 * NET_MOST_DIMENSIONS) {
        return ct_fail(err, "%s lists %d numbers", name, list->count);
    }
    for (int i = 0; i < list->count; i++) {
        list->at[i] = floats[i];
    }
    size_t count;
    if (list->count > 0 || !in) {
        return true;
    }
    list->count = -1;
    if (!net_want_real(call, place, err) || !net_shape_count(&in->shape, &count)) {
        return in->type == NET_NONE || net_type_is_real(in->type);
    }
    if (count > 2 * NET_MOST_DIMENSIONS || in->shape.rank > 1) {
        return ct_fail(err, "input %d should be a list of numbers, one for each axis", place + 1);
    }
    if (in->data || count == 0) {
        list->count = (int)count;
    }
    for (int i = 0; i < list->count; i++) {
        list->at[i] = (float)net_real_at(in, (size_t)i);
    }
    return true;
}

/* ---- axes ---- */

/* The axes that sizes, scales and roi speak of. */
static bool read_axes(const net_call *call, int rank, int *axes, int *count, ct_error *err) {
    const int64_t *listed;
    *count = net_ints(call->node, "axes", &listed);
    if (*count == 0) {
        *count = rank;
        for (int i = 0; i < rank; i++) {
            axes[i] = i;
        }
        return true;
    }
    if (*count > rank) {
        return ct_fail(err, "axes lists %d numbers, and its input has %d dimensions", *count, rank);
    }
    bool seen[NET_MOST_DIMENSIONS] = {false};
    for (int i = 0; i < *count; i++) {
        if (!net_axis(listed[i], rank, &axes[i], err)) {
            return false;
        }
        if (seen[axes[i]]) {
            return ct_fail(err, "axes lists %d twice", axes[i]);
        }
        seen[axes[i]] = true;
    }
    return true;
}

/* floor(size scale), in single precision; symbols stay where the scale is a whole number, or one by
 * a whole number. */
static bool scaled(const net_call *call, int64_t size, float scale, int64_t *out, ct_error *err) {
    if (!(scale > 0) || !isfinite(scale)) {
        return ct_fail(err, "a scale of %g", (double)scale);
    }
    if (size >= 0) {
        const float made = floorf((float)size * scale);
        *out = made < 9e18F ? (int64_t)made : -1;
        return *out >= 0 || ct_fail(err, "its output would be too large");
    }
    const float inverse = 1 / scale;
    bool overflow = false;
    *out = scale < 1e6F && scale == rintf(scale)
               ? net_size_affine(call->symbols, size, (int64_t)scale, 0, 1, &overflow)
           : inverse < 1e6F && inverse == rintf(inverse)
               ? net_size_affine(call->symbols, size, 1, 0, (int64_t)inverse, &overflow)
               : NET_ANY_SIZE;
    return !overflow || ct_fail(err, "its output would be too large");
}

static bool by_scales(const net_call *call, const numbers *scales, const int *axes, int count,
                      net_resize *r, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    if (scales->count != count) {
        return ct_fail(err, "it has %d scales for %d axes", scales->count, count);
    }
    for (int i = 0; i < count; i++) {
        const int a = axes[i];
        r->how[a].scale = scales->at[i];
        r->how[a].length = (float)in->size[a] * scales->at[i];
        if (!scaled(call, in->size[a], scales->at[i], &r->made.size[a], err)) {
            return false;
        }
    }
    return true;
}

static bool by_sizes(const net_call *call, const net_list *sizes, const int *axes, int count,
                     net_resize *r, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    int kept = STRETCH;
    if (sizes->count != count) {
        return ct_fail(err, "it has %d sizes for %d axes", sizes->count, count);
    }
    if (!look_up(call->node, "keep_aspect_ratio_policy", "stretch", policies, &kept, err)) {
        return false;
    }
    float common = 0;
    for (int i = 0; i < count; i++) {
        const int a = axes[i];
        if (sizes->at[i] < 0 || sizes->at[i] > INT32_MAX) {
            return ct_fail(err, "a size of %lld", (long long)sizes->at[i]);
        }
        const float scale = in->size[a] > 0 ? (float)sizes->at[i] / (float)in->size[a] : 1;
        r->how[a].scale = scale;
        r->how[a].length = (float)sizes->at[i];
        r->made.size[a] = sizes->at[i];
        common = i == 0 || (kept == NOT_LARGER ? scale < common : scale > common) ? scale : common;
    }
    for (int i = 0; i < count && kept != STRETCH; i++) {
        const int a = axes[i];
        r->how[a].scale = common;
        r->made.size[a] = in->size[a] < 0
                              ? NET_ANY_SIZE
                              : (int64_t)floor((double)common * (double)in->size[a] + 0.5);
    }
    return true;
}

static bool read_how(const net_call *call, bool old, net_resampling *how, ct_error *err) {
    const net_node *node = call->node;
    int interpolation = NET_NEAREST, where = NET_ASYMMETRIC, rounding = NET_ROUND_SIMPLE;
    if (!look_up(node, "mode", "nearest", interpolations, &interpolation, err) ||
        (!old && !look_up(node, "coordinate_transformation_mode", "half_pixel", coordinates, &where,
                          err)) ||
        (!old && !look_up(node, "nearest_mode", "round_prefer_floor", roundings, &rounding, err))) {
        return false;
    }
    *how = (net_resampling){.interpolation = (net_interpolation)interpolation,
                            .coordinates = (net_coordinates)where,
                            .rounding = (net_rounding)rounding,
                            .cubic = net_float(node, "cubic_coeff_a", -0.75F),
                            .exclude_outside = net_int(node, "exclude_outside", 0) != 0,
                            .antialias = net_int(node, "antialias", 0) != 0,
                            .scale = 1,
                            .end = 1};
    return true;
}

/* ---- all together ---- */

static bool find_sizes(const net_call *call, const places *at, const int *axes, int count,
                       net_resize *r, ct_error *err) {
    numbers scales;
    net_list sizes = {0};
    net_listed found = NET_LIST_ABSENT;
    if (!read_floats(call, at->old ? "scales" : NULL, at->scales, &scales, err) ||
        (at->sizes >= 0 && !net_list_of(call, NULL, at->sizes, &sizes, &found, err))) {
        return false;
    }
    if (scales.count > 0) {
        return by_scales(call, &scales, axes, count, r, err);
    }
    if (found == NET_LIST_KNOWN && sizes.count > 0) {
        return by_sizes(call, &sizes, axes, count, r, err);
    }
    for (int i = 0; i < count; i++) {
        r->made.size[axes[i]] = NET_ANY_SIZE;
    }
    const bool later = scales.count < 0 || found == NET_LIST_UNKNOWN;
    return later || ct_fail(err, "it has neither scales nor sizes");
}

static bool read_crop(const net_call *call, int place, const int *axes, int count, net_resize *r,
                      ct_error *err) {
    numbers roi;
    if (!read_floats(call, NULL, place, &roi, err)) {
        return false;
    }
    if (roi.count >= 0 && roi.count != 2 * count) {
        return ct_fail(err, "roi lists %d numbers, where %d are expected", roi.count, 2 * count);
    }
    for (int i = 0; i < count && roi.count > 0; i++) {
        r->how[axes[i]].begin = roi.at[i];
        r->how[axes[i]].end = roi.at[count + i];
    }
    return true;
}

bool net_resize_describe(const net_call *call, net_resize *r, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    const places at = places_of(call->node);
    net_resampling how;
    int axes[NET_MOST_DIMENSIONS], count;
    *r = (net_resize){.outside = net_float(call->node, "extrapolation_value", 0), .made = *in};
    if (!read_how(call, at.old, &how, err)) {
        return false;
    }
    if (in->rank < 0) {
        return true;
    }
    for (int i = 0; i < in->rank; i++) {
        r->how[i] = how;
    }
    if (!read_axes(call, in->rank, axes, &count, err) ||
        !find_sizes(call, &at, axes, count, r, err) ||
        (how.coordinates == NET_CROP_AND_RESIZE && !read_crop(call, at.roi, axes, count, r, err))) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        r->resampled[axes[i]] = true;
        if (in->size[axes[i]] == 0 && r->made.size[axes[i]] > 0) {
            return ct_fail(err, "it can't make samples of none");
        }
    }
    return true;
}

bool net_resize_taps(const net_resize *r, const net_shape *in, net_taps *taps) {
    for (int i = 0; i < in->rank; i++) {
        taps[i] = (net_taps){0};
    }
    for (int i = 0; i < in->rank; i++) {
        if (!r->resampled[i]) {
            taps[i] = (net_taps){.in = in->size[i], .out = in->size[i], .identity = true};
        } else if (!net_taps_make(&r->how[i], in->size[i], r->made.size[i], &taps[i])) {
            return false;
        }
    }
    return true;
}
