#include "app/call/setters.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "codec/codec.h"

static const char *const pool_kinds[] = {"max", "avg", "min", "nearest", NULL};

/* KIND:SIZE[:STRIDE]; the numbers themselves are checked with the chain. */
bool app_set_pool(app_call *call, const char *value, ct_error *err) {
    const char *colon = strchr(value, ':');
    char kind[16];
    size_t length = colon ? (size_t)(colon - value) : strlen(value);
    if (length >= sizeof kind) {
        length = sizeof kind - 1;
    }
    memcpy(kind, value, length);
    kind[length] = '\0';
    const bool whole = length > 4 && strcmp(kind + length - 4, "pool") == 0; /* as in maxpool */
    const size_t first = whole ? length - 4 : length;
    bool known = false;
    for (size_t i = 0; pool_kinds[i]; i++) {
        known = known || (strncmp(kind, pool_kinds[i], first) == 0 && !pool_kinds[i][first]);
    }
    if (!known) {
        const char *near = ct_nearest(kind, ct_listed_name_at, pool_kinds);
        return near ? ct_fail(err, "unknown pooling '%s'; did you mean '%s'?", kind, near)
                    : ct_fail(err, "unknown pooling '%s'; expected max, avg, min or nearest", kind);
    }
    if (!colon || colon[1] == '\0' || strpbrk(value, ",=\\")) {
        return ct_fail(err, "expected KIND:SIZE or KIND:SIZE:STRIDE, as in max:2, got '%s'", value);
    }
    if (call->pool_count == APP_MAX_POOLS) {
        return ct_fail(err, "given more than %d times; put the stages into the chain",
                       APP_MAX_POOLS);
    }
    call->pools[call->pool_count++] = value;
    return true;
}

/* K=FILE; K is looked at with the chain. */
bool app_set_output(app_call *call, const char *value, ct_error *err) {
    if (call->output_count == APP_MAX_OUTPUTS) {
        return ct_fail(err, "given more than %d times", APP_MAX_OUTPUTS);
    }
    call->outputs[call->output_count++] = value;
    call->output = value;
    return true;
}

bool app_set_tap(app_call *call, const char *value, ct_error *err) {
    if (call->tap_count == APP_MAX_TAPS) {
        return ct_fail(err, "given more than %d times", APP_MAX_TAPS);
    }
    call->taps[call->tap_count++] = value;
    return strchr(value, '=') ||
           ct_fail(err, "expected K=FILE, as in 2=middle.npy, got '%s'", value);
}

static bool set_number(const char **field, const char *value, ct_error *err) {
    double number;
    if (!ct_parse_number(value, strlen(value), &number)) {
        return ct_fail_number(err, value, strlen(value));
    }
    *field = value;
    return true;
}

bool app_set_scale(app_call *call, const char *value, ct_error *err) {
    return set_number(&call->scale, value, err);
}

bool app_set_bias(app_call *call, const char *value, ct_error *err) {
    return set_number(&call->bias, value, err);
}

bool app_set_like(app_call *call, const char *value, ct_error *err) {
    call->defaults.like = value;
    return filter_library_check(value, err);
}

bool app_set_color(app_call *call, const char *value, ct_error *err) {
    return filter_color_parse(value, &call->settings.color, err);
}

bool app_set_map(app_call *call, const char *value, ct_error *err) {
    return filter_map_parse(value, &call->settings.map, err);
}

bool app_set_depth(app_call *call, const char *value, ct_error *err) {
    if (strcmp(value, "8") != 0 && strcmp(value, "16") != 0) {
        return ct_fail(err, "expected 8 or 16, got '%s'", value);
    }
    call->depth = value[0] == '8' ? 8 : 16;
    return true;
}

bool app_set_layout(app_call *call, const char *value, ct_error *err) {
    call->limits.planes = strcmp(value, "chw") == 0;
    return call->limits.planes || strcmp(value, "hwc") == 0 ||
           ct_fail(err, "expected hwc or chw, got '%s'", value);
}

static const char *format_name_at(const void *unused, size_t i) {
    (void)unused;
    const codec_format *format = codec_format_at(i);
    return format ? codec_format_name(format) : NULL;
}

bool app_set_format(app_call *call, const char *value, ct_error *err) {
    call->format = value;
    if (codec_format_by_name(value)) {
        return true;
    }
    const char *near = ct_nearest(value, format_name_at, NULL);
    if (near) {
        return ct_fail(err, "unknown format '%s'; did you mean '%s'?", value, near);
    }
    codec_fail_formats(err);
    return ct_fail_at(err, "unknown format '%s'; expected one of ", value);
}

bool app_set_max_side(app_call *call, const char *value, ct_error *err) {
    uint64_t side;
    if (!ct_parse_count(value, strlen(value), 1, CONV_MAX_SIDE, &side)) {
        return ct_fail(err,
                       "expected a whole number from 1 to 2^24, as in 65535, 64K or 2^16, "
                       "got '%s'",
                       value);
    }
    call->limits.max_side = call->limits.max_plain_side = (int)side;
    return true;
}

bool app_set_max_pixels(app_call *call, const char *value, ct_error *err) {
    const uint64_t most = (uint64_t)CONV_MAX_SIDE * CONV_MAX_SIDE;
    if (!ct_parse_count(value, strlen(value), 1, most, &call->limits.max_pixels)) {
        return ct_fail(err,
                       "expected a whole number from 1 to 2^48, as in 1000000, 256M or 2^28, "
                       "got '%s'",
                       value);
    }
    return true;
}

bool app_set_max_memory(app_call *call, const char *value, ct_error *err) {
    const uint64_t most = UINT64_C(1) << 50;
    if (!ct_parse_count(value, strlen(value), 1, most, &call->limits.max_memory)) {
        return ct_fail(err,
                       "expected a number of bytes from 1 to 2^50, as in 1000000, 512M or 4G, "
                       "got '%s'",
                       value);
    }
    return true;
}

_Static_assert(CONV_MAX_SIDE == 1 << 24, "the messages say 2^24 and 2^48");

bool app_set_quiet(app_call *call, const char *value, ct_error *err) {
    (void)value, (void)err;
    call->talk = APP_QUIET;
    return true;
}

bool app_set_verbose(app_call *call, const char *value, ct_error *err) {
    (void)value, (void)err;
    call->talk = APP_VERBOSE;
    return true;
}

bool app_set_at(app_call *call, const char *value, ct_error *err) {
    const char *comma = strchr(value, ',');
    long x, y;
    if (!comma || !ct_parse_int(value, (size_t)(comma - value), 0, CONV_MAX_SIDE, &x) ||
        !ct_parse_int(comma + 1, strlen(comma + 1), 0, CONV_MAX_SIDE, &y)) {
        return ct_fail(err, "expected X,Y, both counted from 0, got '%s'", value);
    }
    call->at_given = true;
    call->at_x = (int)x;
    call->at_y = (int)y;
    return true;
}

bool app_set_size(app_call *call, const char *value, ct_error *err) {
    const char *x = strchr(value, 'x');
    const size_t length = x ? (size_t)(x - value) : strlen(value);
    long width, height;
    const char *second = x ? x + 1 : value;
    if (!ct_parse_int(value, length, 3, 16, &width) ||
        !ct_parse_int(second, strlen(second), 3, 16, &height)) {
        return ct_fail(err, "expected N or WxH, each from 3 to 16, as in 5x5, got '%s'", value);
    }
    call->size_x = (int)width;
    call->size_y = (int)height;
    return true;
}
