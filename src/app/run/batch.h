/* A whole call that filters: all jobs in order, even if some fail. */
#ifndef CT_APP_RUN_BATCH_H
#define CT_APP_RUN_BATCH_H

#include "app/call/command.h"

/* Returns the exit status. `commands`: words that may have been meant instead of a filter. */
int app_batch_run(const app_call *call, const app_commands *commands);

#endif
