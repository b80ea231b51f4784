/* Pillow's GaussianBlur, as stages of ours. */
#ifndef CT_FILTER_LIKE_PILLOW_H
#define CT_FILTER_LIKE_PILLOW_H

#include <stdbool.h>

#include "base/text.h"

/* Appends one of its passes over rows (else over columns), without arguments of the window. False:
 * out of memory. */
bool like_pillow_pass(double sigma, bool rows, ct_text *out);

/* Appends what rounds a pass to bytes. */
bool like_pillow_store(double sigma, ct_text *out);

#endif
