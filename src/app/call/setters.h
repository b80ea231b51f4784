/* What an option does with its argument where keeping it isn't enough. Each refuses an argument
 * with an error that says what was expected; the caller puts the option's name in front. */
#ifndef CT_APP_CALL_SETTERS_H
#define CT_APP_CALL_SETTERS_H

#include "app/call/call.h"

/* False with an error that doesn't name the option. */
typedef bool app_option_set(app_call *call, const char *value, ct_error *err);

app_option_set app_set_like, app_set_pool, app_set_scale, app_set_bias, app_set_color, app_set_map,
    app_set_depth, app_set_format, app_set_max_side, app_set_max_pixels, app_set_max_memory,
    app_set_quiet, app_set_verbose, app_set_at, app_set_shard, app_set_channels, app_set_layout,
    app_set_grid, app_set_scaling, app_set_colormap, app_set_view, app_set_tap, app_set_output,
    app_set_size;

#endif
