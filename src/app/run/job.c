#include "app/run/job.h"

#include <stdlib.h>

void app_job_free(app_job *job) {
    for (int i = 0; i < job->map_count; i++) {
        free(job->maps[i].output);
    }
    free(job->maps);
    for (int i = 0; i < job->tap_count; i++) {
        free(job->taps[i].output);
    }
    free(job->taps);
    free(job->output);
    *job = (app_job){0};
}
