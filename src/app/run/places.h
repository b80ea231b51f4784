/* Where outputs really are, whatever links and spellings lead there. */
#ifndef CT_APP_RUN_PLACES_H
#define CT_APP_RUN_PLACES_H

#include "app/run/job.h"
#include "base/error.h"

/* Refuses two inputs that would give the same output; devices may take any number. */
bool app_places_check(const app_jobs *jobs, ct_error *err);

#endif
