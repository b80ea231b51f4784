/* One pass over an image: bands of output rows, dealt to worker threads. Internal to src/flow. */
#ifndef CT_FLOW_BANDS_H
#define CT_FLOW_BANDS_H

#include "flow/pass.h"

/* Runs the pass; all rows of the reader are read, codec_finish is left to the caller. Fills the
 * report, except for its paths. */
bool flow_run_pass(const flow_pass *pass, flow_report *report, ct_error *err);

/* Bytes that flow_run_pass holds at most, with what codec_pack makes of bands, and what threads
 * hold that decode side by side. Nothing is read. False with an error where flow_run_pass would
 * fail for want of memory. */
bool flow_pass_memory(const flow_pass *pass, uint64_t *bytes, ct_error *err);

#endif
