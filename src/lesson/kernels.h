/* Kernels as the page shows them. */
#ifndef CT_LESSON_KERNELS_H
#define CT_LESSON_KERNELS_H

#include "lesson/session.h"

/* Prints a kernel given by name or by its numbers, as JSON: its cells, their sum, the factors where
 * it is separable, and its frequency response. */
bool lesson_print_kernel(const char *spec, ct_error *err);

/* The same of the k-th kernel of the chain's engine stage `index`. */
bool lesson_print_stage_kernel(const lesson_session *s, int index, int k, ct_error *err);

#endif
