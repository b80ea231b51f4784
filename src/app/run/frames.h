/* The images of one input: nearly always one, or those of a stream, one after the other. */
#ifndef CT_APP_RUN_FRAMES_H
#define CT_APP_RUN_FRAMES_H

#include "app/call/call.h"
#include "app/run/job.h"
#include "app/run/output.h"
#include "app/run/source.h"
#include "app/run/view.h"
#include "flow/flow.h"

/* A conversion whose first image is about to be filtered. The writer and what is in `output` come
 * after app_frames_enter. */
typedef struct app_frames {
    const app_call *call;
    const filter_chain *chain;
    const app_job *job;
    app_source *source; /* described */
    app_target *target; /* of the image at hand */
    const app_view *view;
    codec_writer *writer;
    codec_writer *rest; /* of a stream's images behind the first; NULL: the writer */
    uint64_t beside;    /* bytes held beside what is known here */
    app_output *output;
    int threads;          /* at most, unless others wait for memory */
    flow_options options; /* but for `alpha`, which is the image's */

    /* What came of it. */
    uint64_t count;     /* images that were begun */
    flow_report report; /* of the last; its statistics are those of all */
    bool mixed;         /* they differ in kind: what is known of the first isn't true of all */
    const char *where;  /* after a failure: the path that the error is about */
} app_frames;

/* Waits until there is memory for the image at hand, and chooses its threads. *in is false if the
 * call was stopped before the first. Until then little more is held than the file's header, and of
 * a stream the image. */
bool app_frames_enter(app_frames *frames, bool *in, ct_error *err);

/* Filters and writes all of them: each is whole in a pipe before the next begins. An image behind
 * the first that the output can't hold is an error; of several inputs named by a template only the
 * first image is taken. */
bool app_frames_run(app_frames *frames, ct_error *err);

/* Refuses an output that our own limits would reject. */
bool app_frame_fits(const codec_info *out, const codec_limits *limits, ct_error *err);

#endif
