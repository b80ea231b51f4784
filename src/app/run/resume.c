#include "app/run/resume.h"

#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/run/record.h"

/* An output of the same moment counts as the newer one, as with make: on many file systems the
 * clock only ticks every few milliseconds. */
static bool is_new(const app_job *job) {
    const struct timespec in = job->from->file.changed, out = job->before.file.changed;
    return S_ISREG(job->from->file.mode) && job->before.file.size > 0 &&
           (out.tv_sec != in.tv_sec ? out.tv_sec > in.tv_sec : out.tv_nsec >= in.tv_nsec);
}

static bool make_records(app_resume_records *records, const app_call *call,
                         const filter_chain *chain, ct_error *err) {
    app_record_facts facts = {.format = records->format};
    if (!app_record(call, chain, &facts, records->as_input, err)) {
        return false;
    }
    facts.depth = call->depth != 0;
    return app_record(call, chain, &facts, records->changed, err);
}

bool app_resume_start(app_resume *resume, const app_call *call, const filter_chain *chain,
                      ct_error *err) {
    *resume = (app_resume){.call = call};
    size_t formats = 0;
    while (codec_format_at(formats)) {
        formats++;
    }
    bool ok = true;
    if (call->resume) {
        resume->records = calloc(formats, sizeof *resume->records);
        ok = resume->records || ct_fail(err, "out of memory");
    }
    for (size_t i = 0; ok && call->resume && i < formats; i++) {
        resume->records[i].format = codec_format_at(i);
        ok = make_records(&resume->records[i], call, chain, err);
        resume->count += ok;
    }
    return ok;
}

void app_resume_end(app_resume *resume) {
    free(resume->records);
    *resume = (app_resume){0};
}

static const app_resume_records *records_of(const app_resume *resume, const codec_format *format) {
    size_t i = 0;
    while (i < resume->count && resume->records[i].format != format) {
        i++;
    }
    return i < resume->count ? &resume->records[i] : NULL;
}

/* Whether the output has the samples that --depth asks for: a record without --depth is also that
 * of an earlier call without it. */
static bool has_depth(const app_call *call, int fd) {
    codec_reader *reader = codec_open(fd, &call->limits, NULL);
    bool has = false;
    if (reader) {
        const codec_info *info = codec_reader_info(reader);
        has = info->sample == (call->depth == 16 ? CODEC_U16 : CODEC_U8) &&
              codec_info_white(info) == codec_white(info->sample);
        codec_close(reader);
    }
    return has;
}

bool app_resume_finds_done(const app_resume *resume, const app_job *job, int fd,
                           const codec_format *found, const char *record, bool *timed) {
    const app_call *call = resume->call;
    *timed = false;
    if (!call->resume || !is_new(job)) {
        return false;
    }
    if (!found) {
        *timed = call->strip || (job->format && !codec_format_keeps_record(job->format));
        return *timed;
    }
    const app_resume_records *records = records_of(resume, found);
    if (call->strip || (job->format && !codec_format_alike(job->format, found)) || !records) {
        return false;
    }
    return call->depth && strcmp(record, records->changed) != 0
               ? strcmp(record, records->as_input) == 0 && has_depth(call, fd)
               : strcmp(record, records->changed) == 0;
}

void app_resume_warn(const app_call *call, const app_jobs *jobs) {
    if (jobs->timed && call->talk != APP_QUIET) {
        app_warn(jobs->timed->output,
                 "%s; --resume can only go by the times of such files, not by how they were made",
                 call->strip ? "has no record (--strip leaves that out)"
                             : "its format has no room for a record");
    }
}
