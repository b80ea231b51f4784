#include "app/run/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

app_file app_file_of(const struct stat *info) {
    return (app_file){.device = info->st_dev,
                      .inode = info->st_ino,
                      .mode = info->st_mode,
                      .size = info->st_size,
                      .changed = info->st_mtim};
}

bool app_is_skipped(const app_input *input) {
    struct stat info;
    app_kind kind;
    return input->unread && app_kind_at(input->path, &info, &kind) && kind != APP_IMAGE;
}

static bool grow(app_inputs *inputs) {
    const size_t capacity = inputs->capacity ? 2 * inputs->capacity : 16;
    size_t bytes;
    app_input *list = ct_mul(capacity, sizeof *list, &bytes) ? realloc(inputs->list, bytes) : NULL;
    if (!list) {
        return false;
    }
    inputs->list = list;
    inputs->capacity = capacity;
    return true;
}

app_input *app_inputs_add(app_inputs *inputs, const char *path) {
    if (inputs->count == inputs->capacity && !grow(inputs)) {
        return NULL;
    }
    char *copy = strdup(path);
    if (!copy) {
        return NULL;
    }
    app_input *input = &inputs->list[inputs->count++];
    *input = (app_input){.path = copy, .fd = -1};
    return input;
}

void app_inputs_free(app_inputs *inputs) {
    for (size_t i = 0; i < inputs->count; i++) {
        free(inputs->list[i].path);
    }
    free(inputs->list);
    *inputs = (app_inputs){0};
}
