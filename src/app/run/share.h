/* One thread's part in the memory that all images share. */
#ifndef CT_APP_RUN_SHARE_H
#define CT_APP_RUN_SHARE_H

#include "app/run/gate.h"
#include "flow/flow.h"

typedef struct app_share {
    app_gate *gate; /* NULL: there is only one thread, which never waits */
    bool inside;    /* an image was let in, and hasn't left */
    uint64_t bytes; /* that it takes */

    /* The image that was measured last, and what the flow takes for it: the next one is often
     * alike. */
    codec_info in;
    const codec_format *format;
    int threads;
    uint64_t flow;
} app_share;

/* Waits until there is memory for the job, which will be written in the format; `options` are those
 * that flow_run will have. *in is false if the call was stopped meanwhile. False with an error
 * where the job can't be done. */
bool app_share_enter(app_share *share, const flow_job *job, const flow_options *options,
                     const codec_format *format, bool *in, ct_error *err);

/* The image that was let in, if one was, is done. */
void app_share_leave(app_share *share);

#endif
