#include "app/commands/compare_output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/conflicts.h"
#include "app/run/descriptor.h"
#include "app/run/existing.h"
#include "app/run/record.h"

/* Of an output without a name, PNG. */
static bool choose_format(const app_call *call, app_job *job, ct_error *err) {
    const bool named = job->output_fd < 0;
    job->format = call->format ? codec_format_by_name(call->format)
                  : named      ? codec_format_by_path(job->output)
                               : codec_format_by_name("png");
    if (!job->format) {
        codec_fail_formats(err);
        return ct_fail_at(err,
                          "%s: no known extension; choose a format with --format: ", job->output);
    }
    return !codec_format_plain(job->format) ||
           ct_fail(err, "%s: compare makes a picture; write .png", app_output_name(job->output));
}

bool compare_jobs_make(const app_call *call, const char *input, const char *output, app_jobs *jobs,
                       ct_error *err) {
    *jobs = (app_jobs){.lone = true};
    app_input *from = app_inputs_add(&jobs->inputs, input);
    app_seen seen;
    if (!from || !(jobs->top = strdup("")) || !(jobs->list = calloc(1, sizeof *jobs->list))) {
        return ct_fail(err, "out of memory");
    }
    from->fd = app_look(input, STDIN_FILENO, &seen);
    from->file = seen.file;
    app_job *job = &jobs->list[0];
    *job = (app_job){.from = from, .input = from->path, .input_fd = from->fd};
    jobs->count = 1;
    if (!(job->output = strdup(output))) {
        return ct_fail(err, "out of memory");
    }
    job->output_fd = app_look(output, STDOUT_FILENO, &job->before);
    return choose_format(call, job, err) && app_jobs_check(call, jobs, err) &&
           app_existing_check(call, NULL, jobs, err);
}

void compare_jobs_free(app_jobs *jobs) {
    for (size_t i = 0; i < jobs->count; i++) {
        app_job_free(&jobs->list[i]);
    }
    free(jobs->list);
    free(jobs->top);
    app_inputs_free(&jobs->inputs);
    *jobs = (app_jobs){0};
}

/* "compare box:3 gaussian --diff" */
static bool make_record(const app_call *call, const app_job *job, const compare_chains *chains,
                        char record[CODEC_RECORD_MOST + 1], ct_error *err) {
    ct_text text = {0};
    bool ok = ct_text_print(&text, "compare");
    for (int i = 0; ok && i < chains->count; i++) {
        ok = ct_text_print(&text, " ") && filter_chain_text(chains->list[i].chain, &text);
    }
    ok = ok && (!call->diff || ct_text_print(&text, " --diff"));
    ok = ok && (!call->no_original || ct_text_print(&text, " --no-original"));
    const app_record_facts facts = {.format = job->format};
    ok =
        ok ? app_record_text(call, text.bytes, &facts, record, err) : ct_fail(err, "out of memory");
    ct_text_free(&text);
    return ok;
}

codec_writer *compare_output_open(app_output *output, const app_call *call, const app_job *job,
                                  const compare_chains *chains, const codec_info *info,
                                  char record[CODEC_RECORD_MOST + 1], ct_error *err) {
    codec_options options = codec_default_options();
    options.max_memory = call->limits.max_memory;
    options.quality = call->quality >= 0 ? call->quality : options.quality;
    options.compression = call->compression >= 0 ? call->compression : options.compression;
    const app_destination to = app_destination_of(call, job, job->output, &job->before);
    if (!codec_format_check(job->format, info, err) ||
        !make_record(call, job, chains, record, err) || !app_output_open(output, &to, err)) {
        return NULL;
    }
    options.record = call->strip || output->direct ? NULL : record;
    const codec_sink sink = {.put = app_output_put, .context = output};
    return codec_create(job->format, info, &options, sink, err);
}
