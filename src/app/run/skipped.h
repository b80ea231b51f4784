/* What is in directories but isn't an image: it's skipped, and counted. APP_NO_FILE: a link to a
 * directory or to nothing, a pipe, a device. */
#ifndef CT_APP_RUN_SKIPPED_H
#define CT_APP_RUN_SKIPPED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "app/call/call.h"

/* Whether the name is one that files have whose first bytes tell what they are. */
bool app_has_name_of_image(const char *path);

typedef enum app_kind { APP_IMAGE, APP_TABLE, APP_NO_IMAGE, APP_NO_FILE } app_kind;

/* What the open file holds, by its first bytes. One that can't be read counts as an image, and so
 * does an empty one with an image's name, as failed downloads leave it: better an error than one
 * image less. APP_NO_FILE is never the answer. */
app_kind app_kind_of(int fd, const struct stat *info, const char *path);

/* The same of the file at the path, with what is known of it. False with errno: it can't be opened
 * or examined. */
bool app_kind_at(const char *path, struct stat *info, app_kind *kind);

/* Start from `{0}`. */
typedef struct app_skipped {
    size_t files;
    size_t tables; /* of these */
} app_skipped;

/* Counts it, and says which it is, if `named`. */
void app_skipped_add(app_skipped *skipped, const char *path, app_kind kind, bool named);

/* After the run: one line about all of them. */
void app_skipped_say(const app_call *call, const app_skipped *skipped);

#endif
