#include "app/run/gather.h"

#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/descriptor.h"
#include "app/run/listed.h"
#include "app/run/spread.h"
#include "app/run/tree.h"

static bool add_tree(const app_call *call, const char *path, size_t line, const char *top,
                     app_inputs *inputs) {
    const size_t before = inputs->count, failed = inputs->failed;
    const app_tree tree = {.directory = path,
                           .line = line,
                           .avoid = top,
                           .names_skipped = call->talk == APP_VERBOSE,
                           .threads = app_threads(call)};
    inputs->many = true;
    if (!app_tree_walk(&tree, inputs)) {
        return false;
    }
    if (inputs->count == before && inputs->failed == failed && call->talk != APP_QUIET) {
        app_warn(path, "no images in this directory");
    }
    return true;
}

static bool add_named(const app_call *call, const char *path, size_t line, const char *top,
                      app_inputs *inputs, ct_error *err) {
    app_seen seen;
    if (path[0] == '\0') {
        return ct_fail(err, "an input's name is empty");
    }
    const int fd = app_look(path, STDIN_FILENO, &seen);
    if (call->recursive && fd < 0 && S_ISDIR(seen.file.mode)) {
        return add_tree(call, path, line, top, inputs) || ct_fail(err, "out of memory");
    }
    app_input *input = app_inputs_add(inputs, path);
    if (!input) {
        return ct_fail(err, "out of memory");
    }
    input->line = line;
    input->fd = fd;
    input->file = seen.file;
    return true;
}

static bool add_listed(const app_call *call, const char *top, app_inputs *inputs, ct_error *err) {
    const char *list = app_input_name(call->files_from);
    app_listed listed;
    bool ok = app_listed_read(&listed, call, err);
    size_t names = 0;
    inputs->many = true;
    for (const char *name; ok && (name = app_listed_next(&listed)); names++) {
        ok = add_named(call, name, listed.line, top, inputs, err);
    }
    for (size_t i = 0; ok && listed.fd >= 0 && i < inputs->count; i++) {
        if (inputs->list[i].fd == listed.fd) {
            ok = ct_fail(err, "%s: is read by --files-from; it can't be an image, too",
                         app_input_name(inputs->list[i].path));
        }
    }
    if (ok && names == 0 && call->talk != APP_QUIET) {
        app_warn(list, "this list names no files; nothing to do for it");
    }
    app_listed_free(&listed);
    return ok;
}

bool app_gather(const app_call *call, int operands, const char *top, app_inputs *inputs,
                ct_error *err) {
    *inputs = (app_inputs){0};
    for (int i = 0; i < operands; i++) {
        if (!add_named(call, call->operands[1 + i], 0, top, inputs, err)) {
            return false;
        }
    }
    return !call->files_from || add_listed(call, top, inputs, err);
}
