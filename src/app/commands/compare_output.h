/* The one output of `compare`, under the rules for every output. */
#ifndef CT_APP_COMMANDS_COMPARE_OUTPUT_H
#define CT_APP_COMMANDS_COMPARE_OUTPUT_H

#include "app/call/call.h"
#include "app/commands/compare_chains.h"
#include "app/run/job.h"
#include "app/run/output.h"

/* The input and the output as a job; false with an error where one can't be used, or the output may
 * not be replaced. compare_jobs_free frees it even then. */
bool compare_jobs_make(const app_call *call, const char *input, const char *output, app_jobs *jobs,
                       ct_error *err);
void compare_jobs_free(app_jobs *jobs);

/* Opens the output, with a writer for such an image. Call app_output_close even after a failure;
 * the record must outlive the writer. */
codec_writer *compare_output_open(app_output *output, const app_call *call, const app_job *job,
                                  const compare_chains *chains, const codec_info *info,
                                  char record[CODEC_RECORD_MOST + 1], ct_error *err);

#endif
