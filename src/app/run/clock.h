/* Time, for durations. */
#ifndef CT_APP_RUN_CLOCK_H
#define CT_APP_RUN_CLOCK_H

/* Seconds since some fixed moment; never goes back. */
double app_clock(void);

#endif
