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
typedef union net_sum {
    double real;
    int64_t whole;
    uint64_t natural;
    struct {
        double sum, most;
    } exp;
} net_sum;

typedef struct net_reducer {
    void (*start)(net_sum *sums, size_t n);
    void (*row)(net_sum *sum, const void *in, size_t n);   /* n numbers into one sum */
    void (*line)(net_sum *sums, const void *in, size_t n); /* each number into its own */
    /* `count` numbers are in each sum. */
    void (*finish)(net_finish how, void *out, const net_sum *sums, size_t n, size_t count);
} net_reducer;

/* NULL where the type isn't one of numbers. */
const net_reducer *net_reducer_for(net_reduction reduction, net_type type);

#endif
