/* Runs the stages of one pass as slices, one behind the other, with windows of rows in between, so
 * that watched rows are there as floats. One thread. Internal to src/flow. */
#ifndef CT_FLOW_CASCADE_H
#define CT_FLOW_CASCADE_H

#include "codec/codec.h"
#include "flow/watch.h"

typedef struct flow_cascade flow_cascade;

typedef struct flow_cascade_of {
    const conv_stage *stages;
    int count;
    conv_shape in;
    conv_type in_type, out_type;
    int alpha; /* the output channel that statistics leave out, or -1 */
    bool measure;
    bool timed;           /* flow_cascade_reading is wanted */
    codec_reader *reader; /* or NULL: */
    const char *rows;     /* an image's, */
    size_t stride;        /* bytes apart */
    const flow_watch *watches;
    int watch_count;
    int base;   /* stages of the job before those here: watch->after counts them too */
    bool begun; /* rows at `base` were seen already, as what other stages made */
} flow_cascade_of;

/* Whether any watch lies where such a cascade would see it. */
bool flow_cascade_wanted(const flow_cascade_of *of);

/* Compiles the slices; nothing is read, and little is allocated. NULL with an error. */
flow_cascade *flow_cascade_new(const flow_cascade_of *of, ct_error *err);
void flow_cascade_free(flow_cascade *cascade);

/* Bytes that it holds at most while it runs. */
size_t flow_cascade_bytes(const flow_cascade *cascade);

/* Makes output rows first..end-1, `stride` bytes apart; each call goes on where the last one
 * ended. */
bool flow_cascade_run(flow_cascade *cascade, int first, int end, void *out, size_t stride,
                      conv_stats *stats, ct_error *err);

/* Processor seconds that reading took so far. */
double flow_cascade_reading(const flow_cascade *cascade);

/* After the last output row: reads and makes what is left, so that all watched rows are seen. */
bool flow_cascade_finish(flow_cascade *cascade, ct_error *err);

#endif
