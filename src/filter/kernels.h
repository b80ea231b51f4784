/* The table of named kernels. Internal to src/filter. */
#ifndef CT_FILTER_KERNELS_H
#define CT_FILTER_KERNELS_H

#include "filter/filter.h"

typedef struct named_kernel {
    const char *name;
    int width, height;
    double divisor;
    const double *numbers; /* height x width */
    const char *summary;
} named_kernel;

const named_kernel *named_kernel_at(size_t i); /* NULL past the last */
const named_kernel *named_kernel_find(const char *name);

#endif
