/* Rows between two stages, seen as they pass. */
#ifndef CT_FLOW_WATCH_H
#define CT_FLOW_WATCH_H

#include "conv/conv.h"

/* Takes rows y..y+count-1 of floats, `stride` bytes apart, which are valid until it returns. False
 * with an error ends the run. */
typedef bool flow_see(void *context, int y, int count, const float *rows, size_t stride,
                      ct_error *err);

/* One place in a chain. A run with watches makes the rows there as floats: each once, in order, in
 * one thread, and all of them, even those that no later stage needs. Results don't change. Memory
 * is still that of some rows for each stage. */
typedef struct flow_watch {
    int after; /* what the first so many stages make; 0: the input */
    flow_see *see;
    void *context;
} flow_watch;

#endif
