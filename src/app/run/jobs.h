/* Turns the operands of a call into jobs: which input becomes which output. Everything that can be
 * refused before an image is touched is refused here. */
#ifndef CT_APP_RUN_JOBS_H
#define CT_APP_RUN_JOBS_H

#include "app/call/call.h"
#include "app/run/job.h"

/* From the operands after the chain. */
bool app_jobs_make(const app_call *call, const filter_chain *chain, app_jobs *jobs, ct_error *err);
void app_jobs_free(app_jobs *jobs);

#endif
