/* Output names with placeholders. */
#ifndef CT_APP_RUN_TEMPLATE_H
#define CT_APP_RUN_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* What an output's name is made from. */
typedef struct app_named {
    const char *input; /* its path */
    size_t root;       /* {dir} is relative to what comes before this byte; 0: all of it */
    size_t n;          /* its number, from 1 */
    const char *ext;   /* NULL: the input's */
    int map;           /* the channel's number, from 0; -1: {map} stays as it is */
} app_named;

/* Whether the text has a {map} in it. */
bool app_template_has_map(const char *text);

/* Expands {dir} {stem} {ext} {n} {n:04} {map} {map:02}; "{{" is a brace. NULL with an error for an
 * unknown placeholder or when out of memory. */
char *app_template(const char *text, const app_named *named, ct_error *err);

#endif
