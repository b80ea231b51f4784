/* Kernels for reductions: many numbers -> one. */
#ifndef CT_NET_OPS_REDUCE_KERNELS_H
#define CT_NET_OPS_REDUCE_KERNELS_H

#include "net/tensor.h"

typedef enum net_reduction {
    NET_REDUCE_SUM,
    NET_REDUCE_ABSOLUTE, /* the sum of |x| */
    NET_REDUCE_SQUARE,   /* of x^2 */
    NET_REDUCE_EXP,      /* of e^x, as e^(x - most) beside the greatest so far */
    NET_REDUCE_PRODUCT,
    NET_REDUCE_MOST,
    NET_REDUCE_LEAST,
    NET_REDUCTIONS
} net_reduction;

/* What becomes of the sum. */
typedef enum net_finish {
    NET_FINISH_PLAIN,
    NET_FINISH_MEAN,
    NET_FINISH_ROOT,
    NET_FINISH_LOG,
} net_finish;

/* Sums in the making: floats are summed as doubles (each of eight sums gets every eighth number, so
 * that they don't depend on threads), whole numbers modulo 2^64. */
enum { NET_SUMS = 256 };
typedef union net_sums {
    double real[NET_SUMS];
    int64_t whole[NET_SUMS];
    uint64_t natural[NET_SUMS];
    struct {
        double sum, most;
    } exp[NET_SUMS];
} net_sums;

/* n is at most NET_SUMS, but for `row`. */
typedef struct net_reducer {
    void (*start)(net_sums *sums, size_t n);
    void (*row)(net_sums *sums, const void *in, size_t n);  /* n numbers into the first sum */
    void (*line)(net_sums *sums, const void *in, size_t n); /* each number into its own */
    /* `count` numbers are in each sum. */
    void (*finish)(net_finish how, void *out, const net_sums *sums, size_t n, size_t count);
} net_reducer;

/* NULL where the type isn't one of numbers. */
const net_reducer *net_reducer_for(net_reduction reduction, net_type type);

#endif
