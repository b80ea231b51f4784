/* Finds the inputs that a call names. */
#ifndef CT_APP_RUN_GATHER_H
#define CT_APP_RUN_GATHER_H

#include "app/call/call.h"
#include "app/run/inputs.h"

/* The first `operands` operands after the chain, then the names in the list; with --recursive, the
 * images below those that are directories, but not in `top`, where the outputs go. Warns of
 * directories and lists that give no image. */
bool app_gather(const app_call *call, int operands, const char *top, app_inputs *inputs,
                ct_error *err);

#endif
