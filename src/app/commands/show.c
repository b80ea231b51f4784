/* convtool show: kernels and filters, their numbers and what follows from them. */
#include "app/commands/show.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/call/kernel_file.h"
#include "app/call/message.h"
#include "app/commands/show_as.h"
#include "app/commands/show_bank.h"
#include "app/commands/show_filter.h"
#include "app/commands/show_kernel.h"
#include "app/commands/show_picture.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

/* All names that can be shown. */
static const char *name_at(const void *unused, size_t i) {
    static const filter_list lists[] = {FILTER_STAGES, FILTER_KERNELS, FILTER_BANKS};
    filter_entry entry;
    (void)unused;
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        for (size_t n = 0; filter_entry_at(lists[k], n, &entry); n++) {
            if (i-- == 0) {
                return entry.name;
            }
        }
    }
    return NULL;
}

/* What was meant by a name that isn't a file; where it is a kernel, the error says so already. */
static bool meant_other(const char *spec, filter_meant *meant) {
    filter_entry kernel;
    if (!spec[0] || spec[strspn(spec, NAME_LETTERS)] || access(spec, F_OK) == 0) {
        return false;
    }
    if (filter_meant_elsewhere(spec, meant)) {
        return true;
    }
    const char *near = ct_nearest(spec, name_at, NULL);
    if (!near || filter_entry_find(FILTER_KERNELS, near, &kernel)) {
        return false;
    }
    snprintf(meant->text, sizeof meant->text, "'%s'", near);
    return true;
}

/* For what is neither a kernel nor a filter. */
static void say_unknown(const char *spec, const ct_error *err) {
    const char *end = strrchr(spec, '.');
    filter_meant meant;
    if (end && strcmp(end, ".npy") == 0 && access(spec, F_OK) == 0) {
        app_say(NULL, "show: %s: an array is a bank's: 'convtool show bank:%s'", spec, spec);
    } else if (meant_other(spec, &meant)) {
        app_say(NULL, "show: unknown kernel or filter '%s'; did you mean %s?", spec, meant.text);
    } else {
        app_say(NULL, "show: %s", err->text);
    }
}

static bool show_one(const app_call *call, const filter_kernel *kernel, ct_error *err) {
    const show_kernels cells = {kernel->weights, 1, kernel->width, kernel->height};
    const bool quiet = call->output && !call->json; /* the picture is what was asked for */
    if (call->output && !show_picture(call, call->operands[1], &cells, err)) {
        return false;
    }
    const bool ok = quiet || show_kernel(call, kernel, err);
    if (ok && call->json) {
        putchar('\n');
    }
    return ok;
}

int app_show(const app_call *call, const app_commands *commands) {
    (void)commands;
    ct_error err;
    const char *spec = call->operands[1];
    if (call->as) {
        return app_show_as(call);
    }
    if (show_is_bank(spec) && !call->output) {
        return show_bank(call);
    }
    filter_kernel *kernel = filter_kernel_load(spec, &app_kernel_files, &err);
    if (!kernel && (filter_begins_chain(spec) || show_is_bank(spec))) {
        return show_filter(call);
    }
    if (!kernel) {
        say_unknown(spec, &err);
        return APP_USAGE;
    }
    if (kernel->warning[0]) {
        app_warn(NULL, "show: %s", kernel->warning);
    }
    const bool ok = show_one(call, kernel, &err);
    if (!ok) {
        app_say(NULL, "show: %s", err.text);
    }
    filter_kernel_free(kernel);
    return ok ? APP_OK : APP_FAILED;
}
