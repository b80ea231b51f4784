/* The weights of CONV_RESIZE. */
#ifndef CT_CONV_RESIZE_H
#define CT_CONV_RESIZE_H

#include "conv/conv.h"

/* The most input samples, from the first to the last, that `count` neighbouring output samples
 * read. */
int resize_most(const conv_stage *stage, int in, int count);

/* The most that one reads: the length of a row of resize_table.weights. */
typedef struct resize_table {
    size_t most;
    int *first, *count; /* conv_resize_reach's of each output sample */
    float *weights;     /* `most` for each */
} resize_table;

/* NULL when out of memory; free it with resize_table_free, which takes NULL. */
resize_table *resize_table_new(const conv_stage *stage, int in);
void resize_table_free(void *table);

#endif
