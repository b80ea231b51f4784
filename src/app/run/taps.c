#include "app/run/taps.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/run/descriptor.h"
#include "app/run/directory.h"
#include "app/run/template.h"
#include "base/number.h"

/* ---- which stage ---- */

static bool is_named(const filter_chain *chain, size_t i, const char *name, size_t length) {
    const char *text = filter_chain_stage_text(chain, i);
    return strcspn(text, ":") == length && strncmp(text, name, length) == 0;
}

/* By its number, or by its name if no other stage has it. */
static bool find_stage(const filter_chain *chain, const char *text, size_t length, size_t *stage,
                       ct_error *err) {
    const size_t count = filter_chain_length(chain);
    long number;
    size_t first = count;
    if (ct_parse_int(text, length, 1, (long)count, &number)) {
        *stage = (size_t)number - 1;
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_named(chain, i, text, length) && first < count) {
            return ct_fail(err, "'%.*s' is the name of stages %zu and %zu; give the number",
                           (int)length, text, first + 1, i + 1);
        }
        first = is_named(chain, i, text, length) ? i : first;
    }
    *stage = first;
    return first < count ||
           ct_fail(err,
                   "expected K=FILE, where K is a stage's number, 1 to %zu here, or its name, "
                   "got '%.60s'",
                   count, text);
}

/* The chain's first stages by themselves, with the same defaults. */
static filter_chain *make_prefix(const app_call *call, const filter_chain *chain, size_t count,
                                 ct_error *err) {
    ct_text text = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = ct_text_print(&text, "%s%s", i ? "," : "", filter_chain_stage_text(chain, i));
    }
    filter_chain *prefix = ok ? filter_parse(text.bytes, &call->defaults, err) : NULL;
    ct_text_free(&text);
    if (!ok) {
        ct_fail(err, "out of memory");
    }
    return prefix;
}

static bool read_tap(const app_call *call, const filter_chain *chain, const char *text,
                     app_tap *tap, ct_error *err) {
    const char *equals = strchr(text, '=');
    const size_t length = equals ? (size_t)(equals - text) : strlen(text);
    if (!find_stage(chain, text, length, &tap->stage, err)) {
        return false;
    }
    if (!equals || !equals[1]) {
        return ct_fail(err, "expected K=FILE, as in %.*s=middle.npy, got '%.60s'", (int)length,
                       text, text);
    }
    tap->file = equals + 1;
    tap->chain = make_prefix(call, chain, tap->stage + 1, err);
    return tap->chain != NULL;
}

/* ---- which file ---- */

static bool choose_format(app_job *job, ct_error *err) {
    job->format = codec_format_by_path(job->output);
    if (job->format) {
        return true;
    }
    codec_fail_formats(err);
    return ct_fail_at(err, "%s: %s; its extension must tell the format: ", job->output,
                      ct_extension(job->output) ? "unknown extension" : "no extension");
}

static bool make_output(const app_tap *tap, const app_job *job, size_t n, bool several,
                        app_job *out, ct_error *err) {
    const bool template = strchr(tap->file, '{') && !app_is_directory(tap->file);
    const app_named named = {.input = job->input, .root = job->from->root, .n = n, .map = -1};
    *out = (app_job){.from = job->from, .input = job->input, .input_fd = -1, .tap = tap};
    if (template && app_template_has_map(tap->file)) {
        return ct_fail(err, "%s: a tap is one file; {map} names a file for each channel",
                       tap->file);
    }
    if (several && !template) {
        return ct_fail(err, "%s: several inputs need a template, as in '{stem}-%zu.npy'", tap->file,
                       tap->stage + 1);
    }
    out->output = template ? app_template(tap->file, &named, err) : strdup(tap->file);
    if (!out->output) {
        return template ? false : ct_fail(err, "out of memory");
    }
    out->output_fd = app_look(out->output, STDOUT_FILENO, &out->before);
    return choose_format(out, err);
}

static bool make_outputs(app_jobs *jobs, ct_error *err) {
    for (size_t i = 0; i < jobs->count; i++) {
        app_job *job = &jobs->list[i];
        job->taps = calloc((size_t)jobs->tap_count, sizeof *job->taps);
        if (!job->taps) {
            return ct_fail(err, "out of memory");
        }
        for (; job->tap_count < jobs->tap_count; job->tap_count++) {
            const app_tap *tap = &jobs->taps[job->tap_count];
            if (!make_output(tap, job, i + 1, jobs->count > 1 || jobs->inputs.many,
                             &job->taps[job->tap_count], err)) {
                free(job->taps[job->tap_count].output);
                return ct_fail_at(err, "--tap: ");
            }
        }
    }
    return true;
}

bool app_taps_make(const app_call *call, const filter_chain *chain, app_jobs *jobs, ct_error *err) {
    if (call->tap_count == 0) {
        return true;
    }
    if (call->resume) {
        return ct_fail(err, "--tap: can't be combined with --resume, which only looks at outputs");
    }
    jobs->taps = calloc((size_t)call->tap_count, sizeof *jobs->taps);
    if (!jobs->taps) {
        return ct_fail(err, "out of memory");
    }
    for (; jobs->tap_count < call->tap_count; jobs->tap_count++) {
        if (!read_tap(call, chain, call->taps[jobs->tap_count], &jobs->taps[jobs->tap_count],
                      err)) {
            return ct_fail_at(err, "--tap: ");
        }
    }
    return make_outputs(jobs, err);
}

/* ---- all outputs of a call ---- */

bool app_taps_list(const app_jobs *jobs, app_jobs *all, ct_error *err) {
    *all = *jobs;
    all->count = 0;
    all->list = calloc(jobs->count * (size_t)(1 + jobs->tap_count) + 1, sizeof *all->list);
    if (!all->list) {
        return ct_fail(err, "out of memory");
    }
    for (size_t i = 0; i < jobs->count; i++) {
        all->list[all->count++] = jobs->list[i];
        for (int k = 0; k < jobs->list[i].tap_count; k++) {
            all->list[all->count++] = jobs->list[i].taps[k];
        }
    }
    return true;
}

void app_taps_take_back(const app_jobs *all, app_jobs *jobs) {
    const app_job *from = all->list;
    for (size_t i = 0; i < jobs->count; i++) {
        jobs->list[i].before = from->before;
        jobs->list[i].done = from++->done;
        for (int k = 0; k < jobs->list[i].tap_count; k++) {
            jobs->list[i].taps[k].before = from++->before;
        }
    }
}

void app_taps_free(app_jobs *jobs) {
    for (int k = 0; k < jobs->tap_count; k++) {
        filter_chain_free(jobs->taps[k].chain);
    }
    free(jobs->taps);
}
