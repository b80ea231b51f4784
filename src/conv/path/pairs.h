/* The cells of a kernel of small whole weights, for 8-bit samples, in pairs: sums that fit 16 bits,
 * exact, and several times as many at once as of floats. */
#ifndef CT_CONV_PATH_PAIRS_H
#define CT_CONV_PATH_PAIRS_H

#include "conv/path/path.h"

/* The weights of one sign sum to PAIRS_GROUP at most in a group, as 255 times this fits 16 bits,
 * and to PAIRS_SUM at most in a kernel, beyond which floats are as fast. A group ends where one
 * sign has no room for the rest of a weight, so each sign ends fewer than PAIRS_SUM / PAIRS_GROUP
 * groups. */
enum {
    PAIRS_GROUP = 128,
    PAIRS_SUM = 5 * PAIRS_GROUP,
    PAIRS_GROUPS = 2 * (PAIRS_SUM / PAIRS_GROUP - 1) + 1,
};

typedef struct pair_list {
    size_t count, capacity; /* of cells: an even number in each group */
    int *row, *offset;      /* as in cell_list */
    int8_t *weight;
    size_t groups, ends[PAIRS_GROUPS]; /* the index after each group's last cell */
    float scale;                       /* the weights' common factor */
} pair_list;

/* From weights, width x (the window's height), that are whole multiples of `factor`; false when out
 * of memory. Free the list in any case. */
bool pairs_make(pair_list *pairs, const path_site *site, const double *weights, int width,
                double factor);
void pairs_free(pair_list *pairs);

/* Points call->pointers at the cells first..end-1 for row r of a call; returns how many pairs. */
size_t pairs_point(const path_call *call, int r, const pair_list *pairs, size_t first, size_t end);

#endif
