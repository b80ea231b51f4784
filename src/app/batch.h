/* A whole call that filters: all jobs, one after the other, whatever becomes of each. */
#ifndef CT_APP_BATCH_H
#define CT_APP_BATCH_H

#include "app/call.h"

/* Returns the exit status. */
int app_batch_run(const app_call *call);

#endif
