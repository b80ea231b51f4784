/* The cells of a kernel of small whole numbers, for 8-bit samples: pairs of cells whose sums fit 16
 * bits, several times as many at once as floats, and exact. */
#ifndef CT_CONV_PATH_PAIRS_H
#define CT_CONV_PATH_PAIRS_H

#include "conv/path/path.h"

/* The weights of one sign in a group sum to PAIRS_GROUP at most: 255 times this fits 16 bits. Those
 * of a kernel sum to PAIRS_SUM at most, beyond which floats are as fast. A group ends where one
 * sign has no room left and goes on, so that each sign ends fewer than PAIRS_SUM / PAIRS_GROUP. */
enum {
    PAIRS_GROUP = 128,
    PAIRS_SUM = 5 * PAIRS_GROUP,
    PAIRS_GROUPS = 2 * (PAIRS_SUM / PAIRS_GROUP - 1) + 1,
};

typedef struct pair_list {
    size_t count, capacity; /* of cells: an even number in each group */
    int *row, *offset;      /* as in cell_list */
    int8_t *weight;
    size_t groups, ends[PAIRS_GROUPS]; /* the cells behind each group's last */
    float scale;                       /* the weights' common factor */
} pair_list;

/* From weights, width x (the window's height), that are whole multiples of `factor`; false when
 * memory is out. The list is to be freed in any case. */
bool pairs_make(pair_list *pairs, const path_site *site, const double *weights, int width,
                double factor);
void pairs_free(pair_list *pairs);

/* Points call->pointers at the cells first..end-1 for row r of a call; gives back their pairs. */
size_t pairs_point(const path_call *call, int r, const pair_list *pairs, size_t first, size_t end);

#endif
