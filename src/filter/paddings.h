/* The names of paddings. Internal to src/filter. */
#ifndef CT_FILTER_PADDINGS_H
#define CT_FILTER_PADDINGS_H

#include "filter/stages.h"

enum { MAX_ALIASES = 4 }; /* with the NULL that ends them */

typedef struct padding_def {
    const char *name;
    conv_border border;
    bool valid;       /* pads nothing */
    bool keep;        /* the window that reaches beyond the edge counts for nothing */
    bool takes_value; /* is written NAME=V */
    const char *aliases[MAX_ALIASES]; /* other names, the rest NULL */
    const char *pattern;              /* what lies beside the row abcd */
    const char *summary;
} padding_def;

const padding_def *padding_def_at(size_t i); /* NULL past the last */

/* By its own name or another; the name is `length` bytes long. NULL where there is none. */
const padding_def *padding_def_find(const char *name, size_t length);

/* MODE, MODE:N, MODE:WxH, constant=V, constant=V:N. */
bool padding_read(const char *text, argument *out, ct_error *err);

#endif
