/* What is said about a finished job: messages on standard error, and the JSON report. */
#ifndef CT_APP_RUN_REPORT_H
#define CT_APP_RUN_REPORT_H

#include "app/run/convert.h"

/* Says errors, what was kept, what clamping lost, and with -v how it was done. */
void app_report_say(const app_call *call, const filter_chain *chain, const app_job *job,
                    const app_result *result);

/* One line on standard output for --dry-run. */
void app_report_plan(const app_job *job, const app_result *result);

/* The JSON document: begin, one entry for each job, end. */
void app_report_json_begin(void);
void app_report_json(const app_job *job, const app_result *result, bool first);
void app_report_json_end(const app_jobs *jobs, size_t failed);

#endif
