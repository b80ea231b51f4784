/* Makes kernels. Internal to src/filter. */
#ifndef CT_FILTER_KERNEL_H
#define CT_FILTER_KERNEL_H

#include "filter/filter.h"

/* An empty kernel of zeros; NULL when out of memory. */
filter_kernel *filter_kernel_new(const char *name, int width, int height);

/* filter_kernel_parse for a part of a file, which begins in line `line`. */
filter_kernel *kernel_parse_part(const char *origin, int line, const char *text, size_t size,
                                 ct_error *err);

#endif
