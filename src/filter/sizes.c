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
        return ct_fail(err, "expected N or WxH, each from %g to %g, got '%s'", def->low, def->high,
                       text);
    }
    return true;
}
