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

/* Up to `alive` bands may be under way at once. NULL when out of memory or over `budget` bytes. */
flow_decoded *flow_decoded_new(const conv_plan *plan, codec_reader *reader, flow_bands bands,
                               int alive, uint64_t budget, ct_error *err);
void flow_decoded_free(flow_decoded *decoded);

/* Begins again, with the reader's next image, which is of the same shape. */
void flow_decoded_restart(flow_decoded *decoded, codec_reader *reader);

/* Takes the next band and decodes the rows that it needs; any thread may call it. Waits while the
 * window has no room. *band is -1 when there are no more bands, or after flow_decoded_stop. */
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
