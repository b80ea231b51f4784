/* Counts how the images of a call end, and says it: each in its turn, then the whole. */
#ifndef CT_APP_RUN_TALLY_H
#define CT_APP_RUN_TALLY_H

#include "app/run/clipping.h"
#include "app/run/report.h"

typedef struct app_tally {
    const app_call *call;
    const filter_chain *chain;
    app_progress progress;
    app_counts counts;
    app_skipped skipped;
    app_clipping clipping;
    bool refused;  /* the last failure: the output's format or view can't show the image */
    bool only;     /* the call has one job */
    bool shows;    /* nothing is written, only shown */
    size_t traced; /* images whose tables were printed */
    double start;
} app_tally;

void app_tally_start(app_tally *tally, const app_call *call, const filter_chain *chain,
                     const app_jobs *jobs);

/* An app_pool.tell whose context is the tally. */
void app_tally_add(void *context, const app_job *job, const app_result *result);

/* Says what is left to say, and returns the exit status. */
int app_tally_end(app_tally *tally);

#endif
