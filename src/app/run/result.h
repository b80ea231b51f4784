/* What became of a job. */
#ifndef CT_APP_RUN_RESULT_H
#define CT_APP_RUN_RESULT_H

#include "app/run/job.h"
#include "app/run/shown.h"
#include "app/run/trace.h"
#include "flow/flow.h"

typedef enum app_status {
    APP_WRITTEN,
    APP_KEPT,
    APP_PLANNED,
    APP_SKIPPED, /* from a directory, and no image, which only its bytes tell */
    APP_LEFT,    /* it waited for memory when the call was stopped: it counts as not begun */
    APP_ERROR,
} app_status;

/* What is known of an image for messages and the JSON report; width 0: nothing. */
typedef struct app_image {
    const codec_format *format;
    int width, height, channels;
    codec_sample sample;
    double white;
    bool plain; /* as in codec_info */
} app_image;

typedef struct app_result {
    app_status status;
    const char *where; /* APP_ERROR: the path that the error is about, or NULL; the job's */
    ct_error error;
    bool
        refused; /* APP_ERROR: the output's format or view can't show the image; nothing was done */
    app_kind kind; /* APP_SKIPPED: what it is */
    app_image in, out;
    app_image made;     /* what a network made of it; width 0: there is none */
    ct_text said;       /* with -v: lines about how the network ran */
    flow_report report; /* APP_WRITTEN; its statistics are those of all frames */
    uint64_t frames;    /* images of the input that were filtered, or begun */
    uint64_t read;      /* the input's bytes, where it is a file */
    uint64_t bytes;     /* APP_WRITTEN: the output's */
    double seconds;
    int stages; /* engine stages */
    filter_range range;
    filter_threshold threshold;
    bool luma;               /* gray was read instead of colours */
    int maps;                /* files, of which each holds a channel; 0: one file holds all */
    bool viewed;             /* the output shows floats, none of which was clamped */
    bool scaled;             /* from the input's white to the output's */
    codec_warnings warnings; /* the reader's and the writer's */
    app_trace *trace;        /* APP_WRITTEN, with --trace; else NULL */
    app_shown *shown;        /* with --view; else NULL */
    app_job named;           /* the job with maps that nobody could name before; else empty */
} app_result;

/* Once it was told. */
void app_result_free(app_result *result);

#endif
