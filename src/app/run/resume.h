/* --resume: which outputs needn't be made again. */
#ifndef CT_APP_RUN_RESUME_H
#define CT_APP_RUN_RESUME_H

#include "app/call/call.h"
#include "app/run/job.h"

/* The records that an output of this format may have. Without the input nobody knows whether
 * --depth changes its samples. */
typedef struct app_resume_records {
    const codec_format *format;
    char as_input[CODEC_RECORD_MOST + 1], changed[CODEC_RECORD_MOST + 1];
} app_resume_records;

/* For all jobs of a call, in any thread. */
typedef struct app_resume {
    const app_call *call;
    app_resume_records *records; /* `count` of them, one for each format; none without --resume */
    size_t count;
} app_resume;

/* False with an error when out of memory; app_resume_end is due in any case. */
bool app_resume_start(app_resume *resume, const app_call *call, const filter_chain *chain,
                      ct_error *err);
void app_resume_end(app_resume *resume);

/* Whether the call has --resume and the job's output, which is open and seen in job->before, is at
 * least as new as its input and was made by the same chain and options; *timed: only the times tell
 * that. `found` and `record` are from codec_find_record. */
bool app_resume_finds_done(const app_resume *resume, const app_job *job, int fd,
                           const codec_format *found, const char *record, bool *timed);

/* Warns if times alone had to do. */
void app_resume_warn(const app_call *call, const app_jobs *jobs);

#endif
