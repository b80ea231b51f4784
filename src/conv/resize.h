/* The weights of CONV_RESIZE. */
#ifndef CT_CONV_RESIZE_H
#define CT_CONV_RESIZE_H

#include "conv/conv.h"

/* The most input samples, from the first to the last, that `count` neighbouring output samples
 * read. */
int resize_most(const conv_stage *stage, int in, int count);

/* All weights of a stage. */
typedef struct resize_table {
    size_t most;        /* input samples that one output sample reads, at most */
    int *first, *count; /* conv_resize_reach's of each output sample */
    float *weights;     /* a row of `most` for each, the first `count` of which mean something */
} resize_table;

/* NULL when out of memory; free it with resize_table_free, which takes NULL. */
resize_table *resize_table_new(const conv_stage *stage, int in);
void resize_table_free(void *table);

#endif
