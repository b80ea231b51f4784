#include "app/call/options.h"

#include "app/call/option_families.h"

static const struct {
    const app_option *rows;
    size_t count;
} families[] = {
    {app_image_options, APP_IMAGE_OPTIONS},
    {app_files_options, APP_FILES_OPTIONS},
    {app_run_options, APP_RUN_OPTIONS},
    {app_command_options, APP_COMMAND_OPTIONS},
};

enum {
    OPTION_COUNT = (int)APP_IMAGE_OPTIONS + (int)APP_FILES_OPTIONS + (int)APP_RUN_OPTIONS +
                   (int)APP_COMMAND_OPTIONS
};
_Static_assert((int)OPTION_COUNT <= (int)APP_MOST_OPTIONS, "the call and the parser have room");

const app_option *app_option_at(size_t i) {
    for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
        if (i < families[k].count) {
            return &families[k].rows[i];
        }
        i -= families[k].count;
    }
    return NULL;
}

const char *app_option_name_at(const void *unused, size_t i) {
    (void)unused;
    const app_option *option = app_option_at(i);
    return option ? option->name : NULL;
}

bool app_options_check(const app_call *call, int where, const char *name, ct_error *err) {
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (call->given[i] && !(option->where & where) && option->where != APP_FOR_ALL) {
            return ct_fail(err, "--%s: doesn't apply to %s", option->name, name);
        }
    }
    return true;
}
