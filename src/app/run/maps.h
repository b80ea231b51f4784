/* A file for each channel of a result, its map: names with {map} in them, and what may be done to
 * the files of those names. */
#ifndef CT_APP_RUN_MAPS_H
#define CT_APP_RUN_MAPS_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Names the maps of all jobs that have some and whose input is a file: it's opened to find out how
 * many channels the chain makes of it. One that can't be read is left to fail when its turn
 * comes. */
bool app_maps_find(const app_call *call, const filter_chain *chain, app_jobs *jobs, ct_error *err);

/* Names the job's maps anew, of which there are so many, and looks at what has the names. */
bool app_maps_name(app_job *job, int count, ct_error *err);

/* app_jobs_check and app_existing_check for jobs with maps, each of which is an output. */
bool app_maps_check(const app_call *call, app_jobs *jobs, ct_error *err);
bool app_maps_existing_check(const app_call *call, const filter_chain *chain, app_jobs *jobs,
                             ct_error *err);

#endif
