/* A temporary file: known to the signal handler as long as it's ours. */
#ifndef CT_APP_RUN_TEMPORARY_H
#define CT_APP_RUN_TEMPORARY_H

#include <sys/types.h>

#include "base/error.h"

/* Start from `{.path = NULL}`. */
typedef struct app_temporary {
    char *path;  /* NULL: there is none */
    int cleanup; /* its number for app_cleanup_remove, or -1 */
} app_temporary;

/* Creates a file beside `output`, exclusively, and returns its descriptor; or -1 with errno, and
 * then there is none. */
int app_temporary_create(app_temporary *temporary, const char *output, mode_t mode, ct_error *err);

/* Gives it a name that no other run removes, before it swaps names with a file that may be
 * somebody's. Call it between app_signals_hold and app_signals_release. */
bool app_temporary_keep(app_temporary *temporary, ct_error *err);

/* Leaves the path to whoever has it now. */
void app_temporary_forget(app_temporary *temporary);

#endif
