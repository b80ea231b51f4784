/* Where a thread's processor time goes. Internal to src/flow. */
#ifndef CT_FLOW_METER_H
#define CT_FLOW_METER_H

#include "flow/flow.h"

typedef struct flow_meter {
    bool on; /* else nothing is measured */
    double start, busy, last;
} flow_meter;

/* From now on, for the calling thread. */
void flow_meter_start(flow_meter *meter, bool on);

/* Adds the processor time since the lap before to *seconds, and returns it; 0 if the meter is off.
 */
double flow_meter_lap(flow_meter *meter, double *seconds);

/* Seconds since the start in which the thread had no processor. */
double flow_meter_waited(const flow_meter *meter);

/* Adds what a worker took; `i` counts workers of the pass, and the same in another pass adds up. */
void flow_times_worker(flow_times *times, int i, const flow_seconds *seconds);

#endif
