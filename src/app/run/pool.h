/* Runs jobs on several threads: each takes an image, from its opening to its name. Results are told
 * in the order of the jobs, so that what is said doesn't depend on the number of threads. */
#ifndef CT_APP_RUN_POOL_H
#define CT_APP_RUN_POOL_H

#include "app/run/convert.h"
#include "app/run/job.h"

typedef struct app_pool {
    const app_call *call;
    const filter_chain *chain;
    const app_jobs *jobs;
    app_progress *progress;

    /* Told one result at a time, in the order of the jobs. */
    void (*tell)(void *context, const app_job *job, const app_result *result);
    void *context;
} app_pool;

/* Does all jobs, unless `tell` or a first SIGINT stops it. Those that have begun are always
 * finished and told. */
void app_pool_run(const app_pool *pool);

#endif
