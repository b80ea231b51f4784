/* Rows of the image that a worker reads. */
#ifndef CT_CONV_PLAN_INPUT_H
#define CT_CONV_PLAN_INPUT_H

#include "conv/plan/sink.h"
#include "conv/plan/worker.h"

/* The image's row y, as the source gives it; without what crops at the chain's beginning cut off.
 */
const void *input_row(const conv_worker *worker, int y);

/* Rows y..y+count-1 as floats, after the leading pointwise stages. */
void input_rows(conv_worker *worker, int y, int count, const row_sink *sink);

/* The same rows as they are, of 8 bits. */
void input_bytes(conv_worker *worker, int y, int count, void *const *slots);

#endif
