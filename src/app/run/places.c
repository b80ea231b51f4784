#include "app/run/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/run/descriptor.h"
#include "app/run/directory.h"
#include "app/run/names.h"
#include "base/text.h"

/* The directories met so far: each one's text, and its real path. Thousands of outputs share few
 * directories, and resolving one takes a system call for each of its parts. */
static const char *real_directory(app_names *known, const char *directory);

/* One that doesn't exist yet is a name in its parent. NULL: out of memory. */
static char *find_real(app_names *known, const char *directory) {
    char *real = realpath(directory, NULL);
    if (real || errno == ENOMEM) {
        return real;
    }
    size_t length = strlen(directory);
    while (length > 1 && directory[length - 1] == '/') {
        length--;
    }
    size_t name = length;
    while (name > 0 && directory[name - 1] != '/') {
        name--;
    }
    if (name == length || strcmp(directory, ".") == 0) { /* it has no parent, or was deleted */
        return strdup(directory);
    }
    char *parent = name ? strndup(directory, name) : strdup(".");
    const char *above = parent ? real_directory(known, parent) : NULL;
    ct_text path = {0};
    if (above && !ct_text_print(&path, "%s/%.*s", above, (int)(length - name), directory + name)) {
        ct_text_free(&path);
    }
    free(parent);
    return path.bytes;
}

/* NULL: out of memory. */
static const char *real_directory(app_names *known, const char *directory) {
    app_name *entry = app_names_entry(known, directory);
    if (entry && entry->about) {
        return entry->about;
    }
    char *real = entry ? find_real(known, directory) : NULL;
    entry = real ? app_names_entry(known, directory) : NULL; /* the table may have grown */
    if (!entry) {
        free(real);
        return NULL;
    }
    entry->about = real;
    return real;
}

/* Appends the path that all spellings of the output share. */
static bool add_place(app_names *known, const app_job *job, ct_text *place) {
    char *whole = job->before.link ? realpath(job->output, NULL) : NULL;
    if (job->before.link && !whole && errno == ENOMEM) {
        return false;
    }
    if (whole) {
        const bool added = ct_text_print(place, "%s", whole);
        free(whole);
        return added;
    }
    const char *slash = strrchr(job->output, '/');
    char *directory = app_directory_of(job->output);
    const char *real = directory ? real_directory(known, directory) : NULL;
    const bool added = real && ct_text_print(place, "%s/%s", real, slash ? slash + 1 : job->output);
    free(directory);
    return added;
}

/* " (lines 3 and 7 of FILE)": where a list names the two. */
static bool list_lines(const app_call *call, const app_job *a, const app_job *b, ct_text *text) {
    const char *item = call->null_names ? "name" : "line", *list = call->files_from;
    const size_t first = a->from->line, second = b->from->line;
    if (first && second) {
        return ct_text_print(text, " (%ss %zu and %zu of %s)", item, first, second,
                             app_input_name(list));
    }
    return !second || ct_text_print(text, " (%s %zu of %s)", item, second, app_input_name(list));
}

static bool fail_both(const app_call *call, const app_job *a, const app_job *b, ct_error *err) {
    ct_text lines = {0};
    if (!list_lines(call, a, b, &lines)) {
        ct_fail(err, "out of memory");
    } else if (a->from == b->from) {
        ct_fail(err, "%s: would be two outputs of %s; give them different names", b->output,
                app_input_name(b->input));
    } else if (strcmp(a->input, b->input) == 0) {
        ct_fail(err, "%s: is named twice%s", b->input, lines.bytes ? lines.bytes : "");
    } else {
        ct_fail(err,
                "%s: would be the output of both %s and %s%s; give the outputs different names",
                b->output, a->input, b->input, lines.bytes ? lines.bytes : "");
    }
    ct_text_free(&lines);
    return false;
}

static bool check_job(const app_call *call, app_names *known, app_names *taken, const app_job *job,
                      ct_text *place, ct_error *err) {
    place->length = 0;
    app_name *entry = add_place(known, job, place) ? app_names_entry(taken, place->bytes) : NULL;
    if (!entry) {
        return ct_fail(err, "out of memory");
    }
    const app_job *other = entry->about;
    entry->about = (void *)(uintptr_t)job;
    return !other || fail_both(call, other, job, err);
}

bool app_places_check(const app_call *call, const app_jobs *jobs, ct_error *err) {
    app_names known = {0}, taken = {0};
    ct_text place = {0};
    bool ok = true;
    for (size_t i = 0; ok && jobs->count > 1 && i < jobs->count; i++) {
        ok = app_is_direct(&jobs->list[i]) || jobs->list[i].shown ||
             check_job(call, &known, &taken, &jobs->list[i], &place, err);
    }
    ct_text_free(&place);
    app_names_free(&taken, NULL);
    app_names_free(&known, free);
    return ok;
}
