#include "app/run/result.h"

void app_result_free(app_result *result) {
    app_trace_free(result->trace);
    app_shown_free(result->shown);
    result->trace = NULL;
    result->shown = NULL;
    ct_text_free(&result->said);
    app_job_free(&result->named);
}
