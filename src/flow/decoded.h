/* The shared window of decoded rows: what was read and some unfinished band still needs. Internal
 * to src/flow. */
#ifndef CT_FLOW_DECODED_H
#define CT_FLOW_DECODED_H

#include <pthread.h>

#include "codec/codec.h"
#include "conv/conv.h"

/* The output is cut into `count` bands of `height` rows; the last may be shorter. */
typedef struct flow_bands {
    int rows, height, count;
} flow_bands;

typedef struct flow_decoded flow_decoded;

typedef struct flow_decoded_of {
    const conv_plan *plan;
    codec_reader *reader;
    flow_bands bands;
    int jobs;        /* threads: so many bands may be under way at once */
    uint64_t memory; /* bytes */
    int step; /* the reader's codec_reader_step, whose groups are decoded by many threads at once;
               * 0: one thread at a time reads rows in order */
} flow_decoded_of;

/* NULL when out of memory or over `memory`. */
flow_decoded *flow_decoded_new(const flow_decoded_of *of, ct_error *err);
void flow_decoded_free(flow_decoded *decoded);

/* Rows that a window for groups of `step` may hold at most beside those that bands need, of which
 * so many may be under way: a group for each, but not more than 32 MiB, unless three groups are. */
int flow_decoded_spare(int step, int alive, size_t row_bytes);

/* Begins again, with the reader's next image, which is of the same shape. False where the window
 * wasn't made for such groups: then it can only be freed. */
bool flow_decoded_restart(flow_decoded *decoded, codec_reader *reader, int step);

/* Whether several threads decode at once. */
bool flow_decoded_shared(const flow_decoded *decoded);

/* Takes the next band and decodes the rows that it needs, but for those that other threads decode
 * or have decoded, for which it waits, or decodes later ones meanwhile; any thread may call it.
 * Waits while the window has no room. *band is -1 when there are no more bands, or after
 * flow_decoded_stop. Where several threads find rows that can't be read, only the one with the
 * lowest has the error. */
bool flow_decoded_take(flow_decoded *decoded, int *band, ct_error *err);

/* The rows of a band that was taken and isn't done yet (any row within conv_plan_rows). */
const void *flow_decoded_row(const flow_decoded *decoded, int y);

/* The band doesn't need its rows any more. */
void flow_decoded_done(flow_decoded *decoded, int band);

/* Wakes whoever waits; from now on there are no more bands. */
void flow_decoded_stop(flow_decoded *decoded);

/* Reads what no band needed, to the image's end. */
bool flow_decoded_drain(flow_decoded *decoded, ct_error *err);

#endif
