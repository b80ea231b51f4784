/* Warnings about a chain that is valid, but may not be what was meant. */
#ifndef CT_APP_CALL_CHAIN_WARNINGS_H
#define CT_APP_CALL_CHAIN_WARNINGS_H

#include "app/call/call.h"

/* Warns of options without effect, and of kernels whose text may mean something else, a line each;
 * not with -q. */
void app_warn_chain(const app_call *call, const filter_chain *chain);

#endif
