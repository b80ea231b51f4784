/* --resume: which outputs needn't be made again. */
#ifndef CT_APP_RUN_RESUME_H
#define CT_APP_RUN_RESUME_H

#include "app/call/call.h"
#include "app/run/job.h"

/* For all jobs of a call. Start from `{.call = ..., .chain = ...}`. */
typedef struct app_resume {
    const app_call *call;
    const filter_chain *chain;
    const app_job *timed; /* the first that was found done by its files' times alone */

    /* The records that an output of this format may have. Without the input nobody knows whether
     * --depth changes its samples. NULL: not made yet. */
    const codec_format *format;
    char as_input[CODEC_RECORD_MOST + 1], changed[CODEC_RECORD_MOST + 1];
} app_resume;

/* Whether the call has --resume and the job's output, which is open and seen in job->before, is at
 * least as new as its input and was made by the same chain and options. `found` and `record` are
 * from codec_find_record. */
bool app_resume_finds_done(app_resume *resume, const app_job *job, int fd,
                           const codec_format *found, const char *record);

/* Warns if times alone had to do. */
void app_resume_warn(const app_call *call, const app_jobs *jobs);

#endif
