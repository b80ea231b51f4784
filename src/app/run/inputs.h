/* The inputs of a call, however they were named: as operands, in a list, or by a directory. */
#ifndef CT_APP_RUN_INPUTS_H
#define CT_APP_RUN_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "app/run/skipped.h"

/* What is known of a file without opening it. */
typedef struct app_file {
    dev_t device;
    ino_t inode;
    mode_t mode; /* 0: nothing that we can see */
    off_t size;
    struct timespec changed;
} app_file;

typedef struct app_input {
    char *path;  /* "-" is standard input */
    size_t root; /* the path is from a directory named with --recursive, and relative to that from
                  * this byte on; 0: it was named itself */
    size_t line; /* of the list that names it; 0: none */
    int fd;      /* where the path is our own descriptor; else -1 */
    bool unread; /* only its name says that it's an image */
    app_file file;
} app_input;

app_file app_file_of(const struct stat *info);

/* Whether it will turn out not to be an image: that is read now, if only the name was looked at so
 * far. */
bool app_is_skipped(const app_input *input);

/* Start from `{0}`. */
typedef struct app_inputs {
    app_input *list;
    size_t count, capacity;
    bool many; /* a list or a directory gave them: the call means any number, even one */
    app_skipped skipped;
    size_t failed; /* directories that couldn't be read; each was said */
} app_inputs;

/* Appends a copy of the path; NULL: out of memory. */
app_input *app_inputs_add(app_inputs *inputs, const char *path);
void app_inputs_free(app_inputs *inputs);

#endif
