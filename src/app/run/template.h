/* Output names with placeholders. */
#ifndef CT_APP_RUN_TEMPLATE_H
#define CT_APP_RUN_TEMPLATE_H

#include <stddef.h>

#include "base/error.h"

/* What an output's name is made from. */
typedef struct app_named {
    const char *input; /* its path */
    size_t root;       /* {dir} is relative to what comes before this byte; 0: all of it */
    size_t n;          /* its number, from 1 */
    const char *ext;   /* NULL: the input's */
} app_named;

/* Expands {dir} {stem} {ext} {n} {n:04}; "{{" is a brace. NULL with an error for an unknown
 * placeholder or when out of memory. */
char *app_template(const char *text, const app_named *named, ct_error *err);

#endif
