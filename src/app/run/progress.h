/* A line of progress on standard error, if that is a terminal and the work takes a while: for one
 * image its rows, for a stream its frames, for several images how many are done. Safe from several
 * threads. */
#ifndef CT_APP_RUN_PROGRESS_H
#define CT_APP_RUN_PROGRESS_H

#include <pthread.h>

#include "app/call/call.h"

typedef struct app_progress {
    bool shown; /* whether steps are wanted at all */
    pthread_mutex_t lock;
    bool drawn;                 /* whether there is a line to wipe */
    double start, last;         /* seconds: the call's beginning, the last drawing */
    size_t total, done, failed; /* images */
    uint64_t bytes;             /* of the inputs that are done */
    int percent;                /* of the only image */
} app_progress;

/* For a call of so many images. */
void app_progress_start(app_progress *progress, const app_call *call, size_t total);

/* An image that is being made: a flow_options.progress whose context this is. */
typedef struct app_progress_image {
    app_progress *progress;
    const char *input;
} app_progress_image;
void app_progress_step(void *context, int done, int rows);

/* Of a stream, so many frames are done; for the same context, where steps are wanted. */
void app_progress_frame(void *context, uint64_t frames);

/* One more image is done; `bytes`: the input's. */
void app_progress_done(app_progress *progress, bool failed, uint64_t bytes);

/* One turned out not to be an image. */
void app_progress_skipped(app_progress *progress);

/* Around messages: wipes the line, and no thread draws it until app_progress_resume. */
void app_progress_pause(app_progress *progress);
void app_progress_resume(app_progress *progress);

#endif
