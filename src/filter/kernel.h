/* Makes kernels. Internal to src/filter. */
#ifndef CT_FILTER_KERNEL_H
#define CT_FILTER_KERNEL_H

#include "filter/filter.h"

/* An empty kernel of zeros; NULL when out of memory. */
filter_kernel *filter_kernel_new(const char *name, int width, int height);

#endif
