/* --tap: which stages, into which files. */
#ifndef CT_APP_RUN_TAPS_H
#define CT_APP_RUN_TAPS_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Gives each job an output for each --tap, whose names don't depend on each other yet. */
bool app_taps_make(const app_call *call, const filter_chain *chain, app_jobs *jobs, ct_error *err);

/* A list of copies: every job, and every tap as a job of its own, to be checked like those. The
 * caller frees all->list. */
bool app_taps_list(const app_jobs *jobs, app_jobs *all, ct_error *err);

/* What the checks found out about the outputs goes back to the jobs. */
void app_taps_take_back(const app_jobs *all, app_jobs *jobs);

/* Frees what the jobs' taps share, once every job is freed. */
void app_taps_free(app_jobs *jobs);

#endif
