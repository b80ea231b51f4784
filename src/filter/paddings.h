/* The names of paddings. Internal to src/filter. */
#ifndef CT_FILTER_PADDINGS_H
#define CT_FILTER_PADDINGS_H

#include "filter/stages.h"

typedef struct padding_def {
    const char *name;
    conv_border border;
    bool valid;
    const char *also; /* other names, comma-separated */
    const char *pattern;
    const char *summary;
} padding_def;

const padding_def *padding_def_at(size_t i); /* NULL past the last */

/* MODE, MODE:N, MODE:WxH, constant=V, constant=V:N. */
bool padding_read(const char *text, argument *out, ct_error *err);

#endif
