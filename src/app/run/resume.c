#include "app/run/resume.h"

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

static bool make_records(app_resume *resume, const codec_format *format) {
    app_record_facts facts = {.format = format};
    bool ok = true;
    if (resume->format != format) {
        ok = app_record(resume->call, resume->chain, &facts, resume->as_input, NULL);
        facts.depth = resume->call->depth != 0;
        ok = ok && app_record(resume->call, resume->chain, &facts, resume->changed, NULL);
        resume->format = ok ? format : NULL;
    }
    return ok;
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

bool app_resume_finds_done(app_resume *resume, const app_job *job, int fd,
                           const codec_format *found, const char *record) {
    const app_call *call = resume->call;
    if (!call->resume || !is_new(job)) {
        return false;
    }
    if (!found) {
        const bool timed = call->strip || (job->format && !codec_format_keeps_record(job->format));
        resume->timed = timed && !resume->timed ? job : resume->timed;
        return timed;
    }
    if (call->strip || (job->format && !codec_format_alike(job->format, found)) ||
        !make_records(resume, found)) {
        return false;
    }
    return call->depth && strcmp(record, resume->changed) != 0
               ? strcmp(record, resume->as_input) == 0 && has_depth(call, fd)
               : strcmp(record, resume->changed) == 0;
}

void app_resume_warn(const app_call *call, const app_jobs *jobs) {
    if (jobs->timed && call->talk != APP_QUIET) {
        app_warn(jobs->timed->output,
                 "%s; --resume can only go by the times of such files, not by how they were made",
                 call->strip ? "has no record (--strip leaves that out)"
                             : "its format has no room for a record");
    }
}
