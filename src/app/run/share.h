/* One thread's part in the memory that all images share. */
#ifndef CT_APP_RUN_SHARE_H
#define CT_APP_RUN_SHARE_H

#include "app/run/gate.h"
#include "flow/flow.h"

typedef struct app_share {
    app_gate *gate;     /* NULL: there is only one thread, which never waits */
    bool inside;        /* an image was let in, and hasn't left */
    app_gate_for taken; /* by it */

    /* The image that was measured last, and what the flow takes for it: the next one is often
     * alike. */
    codec_info in;
    const codec_format *format;
    int threads, step; /* the most rows that are decoded at once */
    uint64_t flow;
} app_share;

typedef struct app_share_for {
    const flow_job *job;
    const flow_options *options; /* those that flow_run will have */
    const codec_format *format;  /* of the output, and for codec_writer_memory: */
    const codec_info *written;
    bool planes, anywhere;
    int writers;     /* of such images */
    uint64_t beside; /* bytes that are held beside what the flow and they take */
    bool begun; /* images of this stream were made before, so that it isn't left out any more */
} app_share_for;

/* Waits until there is memory for the image, once the one before has left. *in is false if the call
 * was stopped meanwhile. *threads are those that it may use: options->most, or more. False with an
 * error where the job can't be done. */
bool app_share_enter(app_share *share, const app_share_for *image, bool *in, int *threads,
                     ct_error *err);

/* The image that was let in, if one was, is done. */
void app_share_leave(app_share *share);

#endif
