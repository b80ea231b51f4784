/* Time, for durations. */
#ifndef CT_BASE_CLOCK_H
#define CT_BASE_CLOCK_H

/* Seconds since some fixed moment; never goes back. */
double ct_clock(void);

/* Seconds that the processor has worked for the calling thread. */
double ct_clock_thread(void);

#endif
