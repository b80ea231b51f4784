/* Where outputs really are, whatever links and spellings lead there. */
#ifndef CT_APP_RUN_PLACES_H
#define CT_APP_RUN_PLACES_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Refuses two inputs that would give the same output; devices may take any number. */
bool app_places_check(const app_call *call, const app_jobs *jobs, ct_error *err);

#endif
