/* The directories that outputs go to. */
#ifndef CT_APP_RUN_DIRECTORY_H
#define CT_APP_RUN_DIRECTORY_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Whether the path, or what it links to, is a directory. */
bool app_is_directory(const char *path);

/* Whether nothing can be in it: it's empty, but for `.` and `..`, or doesn't exist. */
bool app_directory_is_empty(const char *path);

/* Bytes of the path's directory, without slashes at its end; 0: the current one. */
size_t app_directory_length(const char *path);

/* The same as a path, "." for the current one; the caller frees it. NULL: out of memory. */
char *app_directory_of(const char *path);

/* Whether the directory of the job's output is made where there is none: with --mkdir, and below
 * the outputs' top directory for what comes from a tree. */
bool app_makes_directory(const app_call *call, const app_job *job);

/* Refuses an output whose directory doesn't exist and won't be made, or isn't one. */
bool app_directories_check(const app_call *call, const app_jobs *jobs, ct_error *err);

/* Makes the directory that `path` is in, and those above it, like mkdir -p. */
bool app_make_directory_of(const char *path, ct_error *err);

#endif
