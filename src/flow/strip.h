/* The last rows of an image that is made from top to bottom. Internal to src/flow. */
#ifndef CT_FLOW_STRIP_H
#define CT_FLOW_STRIP_H

#include "conv/conv.h"

/* Fill shape and row_bytes, the rest with zeros. */
typedef struct flow_strip {
    conv_shape shape; /* of the whole image */
    size_t row_bytes;
    char *rows;
    int capacity;    /* rows that there is room for */
    int first, next; /* rows first..next-1 are here; all before `next` were made */
    int keep;        /* those before it aren't needed any more */
} flow_strip;

static inline char *flow_strip_row(const flow_strip *strip, int y) {
    return strip->rows + (size_t)(y - strip->first) * strip->row_bytes;
}

/* Makes room for `count` rows behind those that are here and still needed. */
bool flow_strip_room(flow_strip *strip, int count, ct_error *err);

/* What it may have room for, if it's never asked for more than `rows` at once. */
int flow_strip_capacity(int rows);
void flow_strip_free(flow_strip *strip);

#endif
