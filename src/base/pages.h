/* Memory of some megabytes. */
#ifndef CT_BASE_PAGES_H
#define CT_BASE_PAGES_H

#include <stddef.h>

/* At least `size` bytes, aligned to 64, not zeroed; the caller frees them with free(). What is
 * large comes in large pages where the system has them: each page that is touched for the first
 * time costs about as much as copying it. NULL: out of memory. */
void *ct_pages(size_t size);

#endif
