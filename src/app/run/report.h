/* What is said about a finished job: messages on standard error, and the JSON report. */
#ifndef CT_APP_RUN_REPORT_H
#define CT_APP_RUN_REPORT_H

#include "app/run/convert.h"

/* Says errors, what was kept, and with -v how it was done. `only`: the job is the call's only one,
 * so that nothing will be counted. */
void app_report_say(const app_call *call, const filter_chain *chain, const app_job *job,
                    const app_result *result, bool only);

/* One line on standard output for --dry-run. */
void app_report_plan(const app_job *job, const app_result *result);

/* A line of JSON for an image. */
void app_report_json(const app_job *job, const app_result *result);

/* How many images ended in each way; `begun` of `images` were tried. */
typedef struct app_counts {
    size_t images, begun, written, kept, planned, failed;
    size_t unread, skipped; /* directories; files in directories that aren't images */
    double seconds;
} app_counts;

/* The last line of JSON: the whole call. */
void app_report_json_counts(const app_counts *counts);

#endif
