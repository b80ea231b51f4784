/* Weights as sums of a few cosines. */
#ifndef CT_CONV_COSINE_FIT_H
#define CT_CONV_COSINE_FIT_H

#include <stdbool.h>

enum { COSINES_MOST = 12 };

/* Weight m of n is the sum over k of amplitude[k] cos(k turn (m - (n - 1) / 2)), where turn =
 * 2 pi turns / n. */
typedef struct cosine_fit {
    int count;    /* of waves, the first a constant: 1, 6, 8 or COSINES_MOST; 0: no such sum */
    double turns; /* of the second wave, over the whole window */
    double amplitude[COSINES_MOST];
} cosine_fit;

/* Fits `count` weights, to 1e-5 of the sum of their absolute values. False when out of memory;
 * fit->count is 0 where they aren't symmetric, COSINES_MOST aren't enough, or they are so few that
 * sums of products are better. */
bool cosines_fit(const double *weights, int count, cosine_fit *fit);

#endif
