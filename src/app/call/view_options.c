/* --grid, --scaling, --colormap and --view. */
#include <string.h>

#include "app/call/setters.h"
#include "base/number.h"
#include "base/text.h"

bool app_set_grid(app_call *call, const char *value, ct_error *err) {
    const char *x = strchr(value, 'x');
    const size_t length = x ? (size_t)(x - value) : strlen(value);
    long columns, rows = 0;
    if (!ct_parse_int(value, length, 1, CODEC_MOST_CHANNELS, &columns) ||
        (x && !ct_parse_int(x + 1, strlen(x + 1), 1, CODEC_MOST_CHANNELS, &rows))) {
        return ct_fail(err, "expected columns, or columns and rows, as in 8 or 8x4, got '%s'",
                       value);
    }
    call->grid = value;
    call->sheet_grid = (codec_grid){(int)columns, (int)rows};
    return true;
}

static const char fixed[] = "fixed=";

static bool set_range(app_call *call, const char *range, ct_error *err) {
    const char *comma = strchr(range, ',');
    double low, high;
    if (!comma || !ct_parse_number(range, (size_t)(comma - range), &low) ||
        !ct_parse_number(comma + 1, strlen(comma + 1), &high) || low >= high) {
        return ct_fail(err, "expected two numbers, the lower first, as in fixed=-1,1, got '%s%s'",
                       fixed, range);
    }
    call->view.scaling = CODEC_FIXED;
    call->view.low = low;
    call->view.high = high;
    return true;
}

bool app_set_scaling(app_call *call, const char *value, ct_error *err) {
    static const char *const names[] = {"each", "common", "fixed", NULL};
    call->scaling = value;
    if (strncmp(value, fixed, sizeof fixed - 1) == 0) {
        return set_range(call, value + sizeof fixed - 1, err);
    }
    if (strcmp(value, names[0]) == 0 || strcmp(value, names[1]) == 0) {
        call->view.scaling = value[0] == 'e' ? CODEC_EACH : CODEC_COMMON;
        return true;
    }
    const char *near =
        strcmp(value, names[2]) == 0 ? NULL : ct_nearest(value, ct_listed_name_at, names);
    return near ? ct_fail(err, "unknown scaling '%s'; did you mean '%s'?", value, near)
                : ct_fail(err, "expected each, common or fixed=LOW,HIGH, got '%s'", value);
}

bool app_set_colormap(app_call *call, const char *value, ct_error *err) {
    call->view.colormap = codec_colormap_find(value, err);
    return call->view.colormap != NULL;
}

bool app_set_view(app_call *call, const char *value, ct_error *err) {
    call->showing = value ? APP_SHOW_BOTH : APP_SHOW_RESULT;
    return !value || strcmp(value, "both") == 0 ||
           ct_fail(err, "expected nothing, or =both for the input too, got '%s'", value);
}
