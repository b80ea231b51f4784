/* Facts about a kernel's weights, by which a path is chosen (plan/choose.c). */
#ifndef CT_CONV_FACTS_H
#define CT_CONV_FACTS_H

#include "conv/conv.h"
#include "conv/cosine_fit.h"

typedef struct kernel_facts {
    int width, height;
    double *weights; /* height x width; NULL: the kernel is larger than CONV_MAX_KERNEL, and only
                      * its products are known */
    int cells;       /* that aren't zero */
    double sum, positive; /* of all weights, and of those above 0 */
    double absolute;      /* the sum of |weight| */
    double least;         /* the smallest weight */
    double equal;         /* the weight of every cell, or 0 where they differ */
    double unit;          /* every weight is a multiple of it; 0: no such number was found */
    int changes;          /* how often the weight changes along the rows, which start and end at
                           * 0 */
    double rises;         /* the sum of the upward changes, which equals that of the downward
                           * ones */

    /* The kernel as a sum of products of columns and rows. 0: more than MAX_RANK would be needed.
     * `products` is the sum of |products|, `rest` the sum of |weight - sum of products|. */
    int rank;
    double *columns; /* rank x height */
    double *rows;    /* rank x width */
    double products, rest;

    /* Of a long kernel: the column and row of each product, alternating, as sums of cosines; NULL
     * if one of them isn't such a sum. */
    cosine_fit *fits;
} kernel_facts;

enum { MAX_RANK = 16 };

/* For CONV_CORRELATE. False when out of memory; free `facts` in any case. */
bool kernel_facts_find(kernel_facts *facts, const conv_stage *stage);
void kernel_facts_free(kernel_facts *facts);

#endif
