#include "filter/sizes.h"

#include <string.h>

#include "base/number.h"

bool read_whole(const argument_def *def, const char *text, size_t length, int *out) {
    long value;
    if (!ct_parse_int(text, length, (long)def->low, (long)def->high, &value)) {
        return false;
    }
    *out = (int)value;
    return true;
}

bool read_size(const argument_def *def, const char *text, argument *out, ct_error *err) {
    const char *x = strchr(text, 'x');
    const size_t first = x ? (size_t)(x - text) : strlen(text);
    const char *second = x ? x + 1 : text;
    if (!read_whole(def, text, first, &out->x) ||
        !read_whole(def, second, strlen(second), &out->y)) {
        return ct_fail(err, "expected N or WxH, each from %.10g to %.10g, got '%s'", def->low,
                       def->high, text);
    }
    return true;
}

/* More than a hundredfold is a slip. */
static bool read_share(const char *text, size_t length, argument *out) {
    const double least = 0.01, most = 10000;
    out->percent = true;
    const bool ok =
        ct_parse_number(text, length, &out->number) && out->number >= least && out->number <= most;
    out->number /= 100;
    return ok;
}

bool read_extent(const argument_def *def, const char *text, argument *out, ct_error *err) {
    const size_t length = strlen(text);
    const char *x = strchr(text, 'x');
    int side;
    if (length > 0 && text[length - 1] == '%') {
        return read_share(text, length - 1, out) ||
               ct_fail(err, "expected a percentage from 0.01%% to 10000%%, got '%s'", text);
    }
    if (!x && read_whole(def, text, length, &side)) {
        return ct_fail(err,
                       "'%s' is one number; write %sx for a width, x%s for a height, %sx%s for "
                       "both",
                       text, text, text, text, text);
    }
    out->x = out->y = 0;
    if (!x || length < 2 || (x > text && !read_whole(def, text, (size_t)(x - text), &out->x)) ||
        (x[1] && !read_whole(def, x + 1, strlen(x + 1), &out->y))) {
        return ct_fail(err, "expected WxH, Wx, xH, each from %.10g to %.10g, or P%%, got '%s'",
                       def->low, def->high, text);
    }
    return true;
}
