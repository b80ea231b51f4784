/* Recurrent operators at work. */
#ifndef CT_NET_OPS_RECURRENT_RUN_H
#define CT_NET_OPS_RECURRENT_RUN_H

#include "net/ops/recurrent.h"

/* The operators' `make`, `run` and `free`. */
bool recurrent_make(const net_call *call, const recurrent_cell *cell, void **own, ct_error *err);
bool recurrent_run(const net_call *call, const recurrent_cell *cell, ct_error *err);
void recurrent_free(void *own);

#endif
