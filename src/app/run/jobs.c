#include "app/run/jobs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/run/descriptor.h"
#include "app/run/directory.h"
#include "app/run/gather.h"
#include "app/run/maps.h"
#include "app/run/names.h"
#include "app/run/naming.h"
#include "app/run/shard.h"
#include "app/run/spread.h"
#include "app/run/taps.h"
#include "app/run/template.h"
#include "base/text.h"

static const codec_format *asked_format(const app_call *call) {
    return call->format ? codec_format_by_name(call->format) : NULL;
}

/* Whether two paths end in the same extension. */
static bool same_extension(const char *a, const char *b) {
    const char *of_a = ct_extension(a), *of_b = ct_extension(b);
    return of_a && of_b && strcmp(of_a, of_b) == 0;
}

/* The format that a name asks for. Descriptors, devices and pipes have none, and so get the input's
 * own; with `inherited`, so do names that don't tell. */
static bool choose_format(const app_call *call, app_job *job, bool inherited, ct_error *err) {
    const mode_t mode = job->before.file.mode;
    job->format = asked_format(call);
    if (job->shown && !job->format) {
        job->format = codec_format_by_name("png"); /* the picture that would be written */
    }
    if (job->format || call->in_place || job->output_fd >= 0 ||
        (mode != 0 && !S_ISREG(mode) && !S_ISDIR(mode))) {
        return true;
    }
    job->format = codec_format_by_path(job->output);
    if (job->format || inherited) {
        return true;
    }
    const bool extension = ct_extension(job->output) != NULL;
    codec_fail_formats(err);
    return ct_fail_at(err, "%s: %s; %schoose a format with --format: ", job->output,
                      extension ? "unknown extension" : "no extension to tell the format",
                      call->mkdir && !extension ? "end a directory's name with '/', or " : "");
}

/* DIRECTORY/NAME, where NAME is the input's, with the extension of --format if that is given; from
 * a tree it keeps its directory there. */
static char *name_in_directory(const char *directory, const app_named *named, ct_error *err) {
    if (strcmp(named->input, "-") == 0) {
        ct_fail(err, "standard input has no name; name its output with -o");
        return NULL;
    }
    const bool below = named->root && strchr(named->input + named->root, '/');
    const bool ext = named->ext || ct_extension(named->input);
    const char *pattern = below ? ext ? "{dir}/{stem}.{ext}" : "{dir}/{stem}"
                          : ext ? "{stem}.{ext}"
                                : "{stem}";
    char *name = app_template(pattern, named, err);
    if (!name) {
        return NULL;
    }
    ct_text path = {0};
    bool slash = directory[strlen(directory) - 1] == '/';
    if (!ct_text_print(&path, "%s%s%s", directory, slash ? "" : "/", name)) {
        ct_text_free(&path);
        ct_fail(err, "out of memory");
    }
    free(name);
    return path.bytes;
}

static char *make_name(const app_naming *naming, const app_named *named, ct_error *err) {
    char *name = NULL;
    switch (naming->how) {
    case APP_NAME_ONE:
        name = strdup(naming->target);
        break;
    case APP_NAME_IN_PLACE:
        name = strdup(named->input);
        break;
    case APP_NAME_NONE:
        name = strdup("-");
        break;
    case APP_NAME_DIRECTORY:
        return name_in_directory(naming->target, named, err);
    case APP_NAME_TEMPLATE:
        name = app_template(naming->target, named, err);
        if (!name) {
            ct_fail_at(err, "--output: ");
        }
        return name;
    }
    if (!name) {
        ct_fail(err, "out of memory");
    }
    return name;
}

static bool name_job(const app_call *call, const app_naming *naming, app_job *job, size_t n,
                     ct_error *err) {
    const codec_format *format = asked_format(call);
    job->n = n;
    job->ext = format ? codec_format_extensions(format) : NULL;
    const app_named named = app_job_named(job, -1);
    char *name = make_name(naming, &named, err);
    if (!name) {
        return false;
    }
    job->output = strdup(name); /* in no more memory than it needs */
    job->shown = naming->how == APP_NAME_NONE;
    if (naming->how == APP_NAME_TEMPLATE && app_template_has_map(naming->target)) {
        job->template = naming->target;
    }
    free(name);
    return job->output || ct_fail(err, "out of memory");
}

/* Outputs that are worth a look at their directories first. */
enum { WORTH_A_DIRECTORY = 64 };

static bool is_file(const app_job *job) {
    return !job->template && !job->shown && strcmp(job->output, "-") != 0;
}

/* Whether the two outputs are in the same directory, by its name. */
static bool are_beside(const app_job *a, const app_job *b) {
    const size_t length = app_directory_length(a->output);
    return length == app_directory_length(b->output) && memcmp(a->output, b->output, length) == 0;
}

/* Notes which outputs aren't there because nothing is in their directory, as at a first run: that
 * saves a look at each. Those of one directory come one after the other, as a rule. */
static bool note_absent(app_jobs *jobs) {
    static char empty, used;
    app_names known = {0};
    const app_job *last = NULL;
    bool ok = true;
    for (size_t i = 0; ok && i < jobs->count; i++) {
        app_job *job = &jobs->list[i];
        if (!is_file(job)) {
            continue;
        }
        if (last && are_beside(job, last)) {
            job->before.absent = last->before.absent;
            continue;
        }
        char *path = app_directory_of(job->output);
        app_name *entry = path ? app_names_entry(&known, path) : NULL;
        ok = entry != NULL;
        if (ok && !entry->about) {
            entry->about = app_directory_is_empty(path) ? &empty : &used;
        }
        job->before.absent = ok && entry->about == &empty;
        free(path);
        last = job;
    }
    app_names_free(&known, NULL);
    return ok;
}

/* The names of maps are looked at when they are known; what is only shown has none. */
static void look(void *context, size_t i) {
    const app_jobs *jobs = context;
    app_job *job = &jobs->list[i];
    if (job->template || job->shown || job->before.absent) {
        job->output_fd = -1;
        job->before = (app_seen){.absent = true};
    } else {
        job->output_fd = app_look(job->output, STDOUT_FILENO, &job->before);
    }
}

static bool choose_formats(const app_call *call, const app_naming *naming, app_jobs *jobs,
                           ct_error *err) {
    for (size_t i = 0; i < jobs->count; i++) {
        app_job *job = &jobs->list[i];
        const bool inherited =
            naming->how == APP_NAME_DIRECTORY ||
            (naming->how == APP_NAME_TEMPLATE && same_extension(job->input, job->output));
        if (!choose_format(call, job, inherited, err)) {
            return false;
        }
    }
    return true;
}

static bool make_all(const app_call *call, const app_naming *naming, app_jobs *jobs,
                     ct_error *err) {
    const app_inputs *inputs = &jobs->inputs;
    jobs->list = calloc(inputs->count ? inputs->count : 1, sizeof *jobs->list);
    if (!jobs->list) {
        return ct_fail(err, "out of memory");
    }
    for (size_t i = 0; i < inputs->count; i++) {
        app_job *job = &jobs->list[jobs->count++];
        job->from = &inputs->list[i];
        job->input = job->from->path;
        job->input_fd = job->from->fd;
        if (!name_job(call, naming, job, i + 1, err)) {
            return false;
        }
    }
    if (jobs->count >= WORTH_A_DIRECTORY && !note_absent(jobs)) {
        return ct_fail(err, "out of memory");
    }
    app_spread(app_threads(call), jobs->count, look, jobs);
    return choose_formats(call, naming, jobs, err);
}

/* Checks every output, those of --tap too; which may replace what exists is asked once it's known
 * which jobs are ours. */
static bool check_all(const app_call *call, const filter_chain *chain, app_jobs *jobs,
                      bool existing, ct_error *err) {
    if (!jobs->tap_count) {
        return existing ? app_maps_existing_check(call, chain, jobs, err)
                        : app_maps_check(call, jobs, err);
    }
    app_jobs all;
    if (!app_taps_list(jobs, &all, err)) {
        return false;
    }
    const bool ok = existing ? app_maps_existing_check(call, chain, &all, err)
                             : app_maps_check(call, &all, err);
    app_taps_take_back(&all, jobs);
    free(all.list);
    return ok;
}

bool app_jobs_make(const app_call *call, const filter_chain *chain, app_jobs *jobs, ct_error *err) {
    app_naming naming;
    *jobs = (app_jobs){0};
    if (!app_naming_split(call, &naming, err)) {
        return false;
    }
    jobs->top = app_naming_top(&naming);
    if (!jobs->top) {
        return ct_fail(err, "out of memory");
    }
    if (app_gather(call, naming.operands, jobs->top, &jobs->inputs, err) &&
        app_naming_choose(call, &jobs->inputs, &naming, err) &&
        make_all(call, &naming, jobs, err) && app_maps_find(call, chain, jobs, err) &&
        app_taps_make(call, chain, jobs, err) && check_all(call, chain, jobs, false, err) &&
        app_shard_keep(call, jobs, err) && check_all(call, chain, jobs, true, err)) {
        return true;
    }
    app_jobs_free(jobs);
    return false;
}

void app_jobs_free(app_jobs *jobs) {
    for (size_t i = 0; i < jobs->count; i++) {
        app_job_free(&jobs->list[i]);
    }
    app_taps_free(jobs);
    free(jobs->list);
    free(jobs->top);
    app_inputs_free(&jobs->inputs);
    *jobs = (app_jobs){0};
}
