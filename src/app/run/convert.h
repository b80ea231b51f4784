/* One job: reads, filters and writes an image. */
#ifndef CT_APP_RUN_CONVERT_H
#define CT_APP_RUN_CONVERT_H

#include "app/call/call.h"
#include "app/run/hand.h"
#include "app/run/progress.h"
#include "app/run/result.h"

/* Does the job, with `threads` threads at most, or with --dry-run finds out what would be done. The
 * hand is the calling thread's, who ends the image's share of memory in it. */
void app_convert(const app_call *call, const filter_chain *chain, const app_job *job, int threads,
                 app_hand *hand, app_progress *progress, app_result *result);

#endif
