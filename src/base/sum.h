/* Sums of many numbers. */
#ifndef CT_BASE_SUM_H
#define CT_BASE_SUM_H

#include <math.h>

/* Adds a value to the sum *total + *lost: what the addition rounds off is added up by itself.
 * Neumaier: "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54
 * (1974). */
static inline void ct_sum_add(double *total, double *lost, double value) {
    const double sum = *total + value;
    *lost += fabs(*total) >= fabs(value) ? *total - sum + value : value - sum + *total;
    *total = sum;
}

#endif
