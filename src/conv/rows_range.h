/* The range of a row. Part of rows.c. */
#ifndef CT_CONV_ROWS_RANGE_H
#define CT_CONV_ROWS_RANGE_H

#include <float.h>
#include <math.h>

#include "conv/rows_pool.h"

/* What isn't finite takes no part. */
static void range_finite(const float *in, size_t n, float *min, float *max) {
    for (size_t i = 0; i < n; i++) {
        if (fabsf(in[i]) <= FLT_MAX) {
            *min = in[i] < *min ? in[i] : *min;
            *max = in[i] > *max ? in[i] : *max;
        }
    }
}

/* Comparisons with NaN are false, so that NaN changes nothing; infinities, which are rare, show in
 * the result, and then all is done again. Several vectors, since the minimum of a row is a chain of
 * operations that wait for each other. */
static void range(const float *in, size_t n, float *min, float *max) {
    enum { VECTORS = 4, STEP = VECTORS * LANES };
    vec low[VECTORS], high[VECTORS];
    float least = *min, most = *max, lanes[2][LANES];
    UNROLLED
    for (int v = 0; v < VECTORS; v++) {
        low[v] = splat(least);
        high[v] = splat(most);
    }
    size_t i = 0;
    for (; i + STEP <= n; i += STEP) {
        UNROLLED
        for (int v = 0; v < VECTORS; v++) {
            const vec x = load(in + i + v * LANES);
            low[v] = pooled_vec(x, low[v], CONV_POOL_MIN);
            high[v] = pooled_vec(x, high[v], CONV_POOL_MAX);
        }
    }
    for (; i < n; i++) {
        least = pooled(in[i], least, CONV_POOL_MIN);
        most = pooled(in[i], most, CONV_POOL_MAX);
    }
    for (int v = 1; v < VECTORS; v++) {
        low[0] = pooled_vec(low[v], low[0], CONV_POOL_MIN);
        high[0] = pooled_vec(high[v], high[0], CONV_POOL_MAX);
    }
    store(lanes[0], low[0]);
    store(lanes[1], high[0]);
    for (int k = 0; k < LANES; k++) {
        least = pooled(lanes[0][k], least, CONV_POOL_MIN);
        most = pooled(lanes[1][k], most, CONV_POOL_MAX);
    }
    if (least < -FLT_MAX || most > FLT_MAX) {
        range_finite(in, n, min, max);
        return;
    }
    *min = least;
    *max = most;
}

#endif
