/* Temporary files that killed runs have left in the directories of the outputs. */
#ifndef CT_APP_RUN_LEFTOVERS_H
#define CT_APP_RUN_LEFTOVERS_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Removes those whose process is gone, where this call is about to write. For batches: a single
 * image isn't worth reading a large directory. */
void app_leftovers_remove(const app_call *call, const app_jobs *jobs);

#endif
