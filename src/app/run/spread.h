/* One small task many times over, on several threads. */
#ifndef CT_APP_RUN_SPREAD_H
#define CT_APP_RUN_SPREAD_H

#include <stddef.h>

#include "app/call/call.h"

/* How many threads the call may have. */
int app_threads(const app_call *call);

/* Calls task(context, i) once for each i below `count`, in any order, from up to `threads` threads
 * at once, the caller's among them; returns when all calls have. A few tasks are done by the caller
 * alone, and so are all where the system has no more threads. */
void app_spread(int threads, size_t count, void (*task)(void *context, size_t i), void *context);

#endif
