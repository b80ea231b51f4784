/* What is said of a chain that is right, but may not be what was meant. */
#ifndef CT_APP_CALL_CHAIN_WARNINGS_H
#define CT_APP_CALL_CHAIN_WARNINGS_H

#include "app/call/call.h"

/* Options without effect, and kernels whose text reads as something else: a line each, unless -q
 * was given. */
void app_warn_chain(const app_call *call, const filter_chain *chain);

#endif
