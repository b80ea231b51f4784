/* What lies beyond the image's edge. */
#include "conv/conv.h"

/* i modulo n, 0..n-1 for negative i too. */
static int wrapped(int i, int n) {
    const int r = i % n;
    return r < 0 ? r + n : r;
}

int conv_border_index(conv_border border, int i, int n) {
    if (i >= 0 && i < n) {
        return i;
    }
    switch (border) {
    case CONV_MIRROR: { /* the edge sample is the mirror: period 2 (n - 1) */
        if (n == 1) {
            return 0;
        }
        const int k = wrapped(i, 2 * (n - 1));
        return k < n ? k : 2 * (n - 1) - k;
    }
    case CONV_SYMMETRIC: { /* the mirror stands between samples: period 2 n */
        const int k = wrapped(i, 2 * n);
        return k < n ? k : 2 * n - 1 - k;
    }
    case CONV_UNEVEN: { /* a mirror of either kind: period 2 n - 1 */
        const int k = wrapped(i, 2 * n - 1);
        return k < n ? k : 2 * n - 1 - k;
    }
    case CONV_REPLICATE:
        return i < 0 ? 0 : n - 1;
    case CONV_WRAP:
        return wrapped(i, n);
    case CONV_CONSTANT:
        break;
    }
    return -1;
}
