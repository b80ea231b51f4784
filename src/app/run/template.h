/* Output names with placeholders. */
#ifndef CT_APP_RUN_TEMPLATE_H
#define CT_APP_RUN_TEMPLATE_H

#include <stddef.h>

#include "base/error.h"

/* Expands {dir} {stem} {ext} {n} for the input that is number `n` (from 1); "{{" is a brace. `ext`
 * NULL: the input's. NULL with an error for an unknown placeholder or when out of memory. */
char *app_template(const char *text, const char *input, size_t n, const char *ext, ct_error *err);

#endif
