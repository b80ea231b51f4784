#include "filter/unknown.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "filter/kernels.h"
#include "filter/stages.h"

static const char *kernel_name_at(size_t i) {
    const named_kernel *kernel = named_kernel_at(i);
    return kernel ? kernel->name : NULL;
}

/* Stages, then kernels. */
static const char *name_at(const void *unused, size_t i) {
    (void)unused;
    size_t stages = 0;
    while (stages <= i && stage_def_at(stages)) {
        stages++;
    }
    return i < stages ? stage_def_at(i)->name : kernel_name_at(i - stages);
}

/* The stage that has the kernel as one of its outputs, as in sobel-x, and the output's name. */
static const stage_def *find_gradient(const char *kernel, const char **out) {
    const char *dash = strrchr(kernel, '-');
    char name[64];
    if (!dash || (size_t)(dash - kernel) >= sizeof name) {
        return NULL;
    }
    snprintf(name, sizeof name, "%.*s", (int)(dash - kernel), kernel);
    const stage_def *def = stage_def_find(name);
    *out = dash + 1;
    return def && def->kind == STAGE_GRADIENT ? def : NULL;
}

/* A kernel was named in place of a filter. */
static bool fail_kernel(const char *typed, const char *kernel, ct_error *err) {
    const char *out, *which = strcmp(typed, kernel) == 0 ? ", which is a kernel" : "";
    const stage_def *gradient = find_gradient(kernel, &out);
    return gradient ? ct_fail(err, "unknown filter '%s'%s; did you mean 'conv:%s' or '%s:%s'?",
                              typed, which, kernel, gradient->name, out)
                    : ct_fail(err, "unknown filter '%s'%s; did you mean 'conv:%s'?", typed, which,
                              kernel);
}

/* Whether something that isn't ':' or ',' follows a filter's name: 'sobel gray', 'sobel=x'. */
static bool goes_on(const char *name) {
    char first[64];
    const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    if (!name[length] || length >= sizeof first) {
        return false;
    }
    memcpy(first, name, length);
    first[length] = '\0';
    return stage_def_find(first) != NULL;
}

bool filter_is_like_any(const char *name) {
    filter_meant meant;
    return goes_on(name) || filter_meant_elsewhere(name, &meant) ||
           ct_nearest(name, name_at, NULL) != NULL;
}

bool unknown_filter(const char *name, ct_error *err) {
    if (!*name) {
        return ct_fail(err, "no filter's name before a ':'; see 'convtool list'");
    }
    if (goes_on(name)) {
        return ct_fail(err,
                       "unknown filter '%s'; separate filters with commas, and put a colon before "
                       "each argument",
                       name);
    }
    filter_meant meant;
    if (filter_meant_elsewhere(name, &meant)) {
        return ct_fail(err, "unknown filter '%s'; did you mean %s?", name, meant.text);
    }
    const char *near = ct_nearest(name, name_at, NULL);
    if (!near) {
        return ct_fail(err, "unknown filter '%s'; see 'convtool list'", name);
    }
    return stage_def_find(near)
               ? ct_fail(err, "unknown filter '%s'; did you mean '%s'?", name, near)
               : fail_kernel(name, near, err);
}
