/* The directories that outputs go to. */
#ifndef CT_APP_RUN_DIRECTORY_H
#define CT_APP_RUN_DIRECTORY_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Whether the path, or what it links to, is a directory. */
bool app_is_directory(const char *path);

/* Refuses an output whose directory doesn't exist, unless --mkdir will make it, or isn't one. */
bool app_directories_check(const app_call *call, const app_jobs *jobs, ct_error *err);

/* Makes the directory that `path` is in, and those above it, like mkdir -p. */
bool app_make_directory_of(const char *path, ct_error *err);

#endif
