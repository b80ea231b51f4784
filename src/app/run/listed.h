/* The file that --files-from names: a list of inputs. */
#ifndef CT_APP_RUN_LISTED_H
#define CT_APP_RUN_LISTED_H

#include <stdbool.h>
#include <stddef.h>

#include "app/call/call.h"

typedef struct app_listed {
    char *bytes, *end; /* all of the file, NUL-terminated */
    char *at;
    char separator;
    int fd;      /* where the list comes from one of our own descriptors; else -1 */
    size_t line; /* of the name that was returned last, counted from 1 */
} app_listed;

/* Reads the whole list. Call app_listed_free even after a failure. */
bool app_listed_read(app_listed *listed, const app_call *call, ct_error *err);

/* The next name, NULL past the last; empty ones are left out. */
const char *app_listed_next(app_listed *listed);
void app_listed_free(app_listed *listed);

#endif
