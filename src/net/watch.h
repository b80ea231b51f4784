/* Looking on while a network runs. */
#ifndef CT_NET_WATCH_H
#define CT_NET_WATCH_H

#include "net/tensor.h"

/* What a step has just made: its first output, or by rows some of its rows. Every number is seen
 * once, in no particular order within the tensor. */
typedef struct net_seen {
    int step; /* as net_plan_step counts them */
    net_type type;
    net_shape shape; /* of the whole output */
    const void *data;
    size_t count;   /* numbers in `data`; 0: they were seen before, but made again */
    double seconds; /* that it took */
} net_seen;

typedef struct net_watch {
    void (*see)(void *context, const net_seen *seen);
    void *context;
} net_watch;

#endif
