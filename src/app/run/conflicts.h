/* What is wrong with a set of jobs before any is done. */
#ifndef CT_APP_RUN_CONFLICTS_H
#define CT_APP_RUN_CONFLICTS_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Refuses outputs that two inputs share, that are inputs themselves or terminals, that have no
 * directory, or no depth that is asked for; and streams that would be read twice. */
bool app_jobs_check(const app_call *call, const app_jobs *jobs, ct_error *err);

#endif
