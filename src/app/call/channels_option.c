/* --channels. */
#include <string.h>

#include "app/call/setters.h"
#include "base/number.h"

/* N or N-M; false where it's neither. */
static bool parse_range(const char *text, size_t length, long *first, long *last) {
    const char *dash = length ? memchr(text, '-', length) : NULL;
    const size_t head = dash ? (size_t)(dash - text) : length;
    if (!ct_parse_int(text, head, 0, CODEC_MOST_CHANNELS - 1, first)) {
        return false;
    }
    *last = *first;
    return !dash || (ct_parse_int(dash + 1, length - head - 1, 0, CODEC_MOST_CHANNELS - 1, last) &&
                     *last >= *first);
}

bool app_set_channels(app_call *call, const char *value, ct_error *err) {
    call->channels = value;
    call->pick_count = 0;
    for (const char *at = value;; at++) {
        const size_t length = strcspn(at, ",");
        long first, last;
        if (!parse_range(at, length, &first, &last)) {
            return ct_fail(err,
                           "expected numbers of channels, counted from 0, and ranges of them, as "
                           "in 0,3-5, got '%s'",
                           value);
        }
        for (; first <= last; first++) {
            if (call->pick_count == CODEC_MOST_CHANNELS) {
                return ct_fail(err, "more than %d channels", CODEC_MOST_CHANNELS);
            }
            call->picks[call->pick_count++] = (uint16_t)first;
        }
        at += length;
        if (!*at) {
            return true;
        }
    }
}
