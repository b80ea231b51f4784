#include "app/run/job.h"

#include <stdlib.h>

app_named app_job_named(const app_job *job, int map) {
    return (app_named){
        .input = job->input, .root = job->from->root, .n = job->n, .map = map, .ext = job->ext};
}

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
