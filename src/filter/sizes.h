/* Whole numbers and sizes within an argument's range, read from text. Internal to src/filter. */
#ifndef CT_FILTER_SIZES_H
#define CT_FILTER_SIZES_H

#include "filter/stages.h"

/* A whole number; false, without an error, where it isn't one. */
bool read_whole(const argument_def *def, const char *text, size_t length, int *out);

/* N or WxH into out->x and out->y. */
bool read_size(const argument_def *def, const char *text, argument *out, ct_error *err);

/* WxH, one side alone (Wx, xH; the other becomes 0), or P%. */
bool read_extent(const argument_def *def, const char *text, argument *out, ct_error *err);

#endif
