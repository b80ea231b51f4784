/* Writes rows that are watched to a file of their own. */
#ifndef CT_FLOW_TAP_H
#define CT_FLOW_TAP_H

#include "codec/codec.h"
#include "flow/watch.h"

typedef struct flow_tap flow_tap;

/* For rows of `in`, which pass through pointwise stages (copied) on their way to the writer; those
 * make the shape of `out`, which is what the writer will be made for. NULL with an error. */
flow_tap *flow_tap_new(const conv_stage *stages, int count, conv_shape in, const codec_info *out,
                       ct_error *err);
void flow_tap_free(flow_tap *tap);

/* Before the first row. The writer stays the caller's. */
void flow_tap_start(flow_tap *tap, codec_writer *writer);

/* A flow_see whose context is the tap. */
flow_see flow_tap_see;

/* After the last row: to the writer's codec_finish. */
bool flow_tap_finish(flow_tap *tap, ct_error *err);

/* Whether the writer failed. */
bool flow_tap_failed(const flow_tap *tap);

#endif
