/* Kernels whose columns and rows are sums of a few cosines: Gaussians, what is made of them, and
 * boxes. Sliding sums, whose cost doesn't depend on the window's size. Shared by the two paths, for
 * floats and for bytes. */
#ifndef CT_CONV_PATH_WAVES_H
#define CT_CONV_PATH_WAVES_H

#include "conv/path/path.h"

bool waves_take(const path_site *site);
double waves_cost(const path_site *site);
void waves_tell(const path_site *site, char *why, size_t size);
bool waves_make(path_site *site);
void waves_free(void *own);
void waves_hold(path_call *call, float *held, bool bytes);
void waves_run(const path_call *call, size_t n, float *const *out);

enum { WAVES_ROWS = PATH_MAX_BATCH };

#endif
