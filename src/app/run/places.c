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

/* An output by its place: equal ones have equal hashes. */
typedef struct placed {
    uint64_t hash;
    const app_job *job;
} placed;

/* By the hash, then by the order of the jobs. */
static int by_hash(const void *a, const void *b) {
    const placed *left = a, *right = b;
    return left->hash != right->hash ? (left->hash < right->hash ? -1 : 1)
                                     : (left->job > right->job) - (left->job < right->job);
}

/* 64 bits: were they 32, some among 100,000 places would have the same. */
static uint64_t hash_of(const ct_text *place) {
    uint64_t hash = 0;
    for (size_t i = 0; i < place->length; i++) {
        hash = (hash ^ (uint8_t)place->bytes[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

static bool find_places(app_names *known, const app_jobs *jobs, placed *list, size_t *count) {
    ct_text place = {0};
    bool ok = true;
    *count = 0;
    for (size_t i = 0; ok && i < jobs->count; i++) {
        const app_job *job = &jobs->list[i];
        if (!app_is_direct(job) && !job->shown) {
            place.length = 0;
            ok = add_place(known, job, &place);
            list[(*count)++] = (placed){.hash = ok ? hash_of(&place) : 0, .job = job};
        }
    }
    ct_text_free(&place);
    return ok;
}

/* *same: whether the two are the same file. False: out of memory. */
static bool compare(app_names *known, const app_job *a, const app_job *b, bool *same) {
    ct_text first = {0}, second = {0};
    const bool ok = add_place(known, a, &first) && add_place(known, b, &second);
    *same = ok && strcmp(first.bytes, second.bytes) == 0;
    ct_text_free(&first);
    ct_text_free(&second);
    return ok;
}

/* Of the outputs that are another's, too, the first; *other is the one before it. What will be
 * skipped has no output. False: out of memory. */
static bool find_double(app_names *known, const placed *list, size_t count, const app_job **found,
                        const app_job **other) {
    const placed *last = list;
    *found = NULL;
    for (const placed *at = list + 1; at < list + count; at++) {
        bool same = false;
        if (at->hash == last->hash && !compare(known, last->job, at->job, &same)) {
            return false;
        }
        if (same && app_is_skipped(at->job->from)) {
            continue;
        }
        if (same && (!*found || at->job < *found) && !app_is_skipped(last->job->from)) {
            *found = at->job;
            *other = last->job;
        }
        last = at;
    }
    return true;
}

bool app_places_check(const app_call *call, const app_jobs *jobs, ct_error *err) {
    app_names known = {0};
    size_t count;
    if (jobs->count < 2) {
        return true;
    }
    placed *list = calloc(jobs->count, sizeof *list);
    const app_job *twice = NULL, *other = NULL;
    bool ok = list && find_places(&known, jobs, list, &count);
    if (ok) {
        qsort(list, count, sizeof *list, by_hash);
        ok = find_double(&known, list, count, &twice, &other);
    }
    if (!ok) {
        ct_fail(err, "out of memory");
    } else if (twice) {
        ok = fail_both(call, other, twice, err);
    }
    free(list);
    app_names_free(&known, free);
    return ok;
}
