/* A line of progress on standard error, if that is a terminal and the job takes a while. */
#ifndef CT_APP_RUN_PROGRESS_H
#define CT_APP_RUN_PROGRESS_H

#include "app/call/call.h"

typedef struct app_progress {
    bool shown; /* whether steps are wanted at all */
    bool drawn; /* whether there is a line to wipe */
    const char *input;
    int percent;
    double start;
} app_progress;

void app_progress_start(app_progress *progress, const app_call *call, const char *input);

/* A flow_options.progress whose context is the app_progress. */
void app_progress_step(void *context, int done, int rows);
void app_progress_end(app_progress *progress);

#endif
