#include "app/run/job.h"

#include <stdlib.h>

void app_job_free(app_job *job) {
    for (int i = 0; i < job->map_count; i++) {
        free(job->maps[i].output);
    }
    free(job->maps);
    free(job->output);
    *job = (app_job){0};
}
