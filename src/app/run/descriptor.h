/* Paths that are our own descriptors: "-", /dev/stdout, /dev/fd/3, /proc/self/fd/3, what a shell
 * makes of <(...) and >(...), and links to them. */
#ifndef CT_APP_RUN_DESCRIPTOR_H
#define CT_APP_RUN_DESCRIPTOR_H

#include "app/run/job.h"

/* The descriptor that the path leads to, open or not; -1 where it is another kind of file. For "-"
 * it is `standard`. */
int app_descriptor(const char *path, int standard);

/* The same, filling `seen`; a plain file, or none, takes one system call. */
int app_look(const char *path, int standard, app_seen *seen);

/* Whether the job's output is written as it goes: to a descriptor, a device or a pipe. */
bool app_is_direct(const app_job *job);

/* How many of `wanted` threads can each have an input and an output open; at least 1. */
size_t app_threads_with_descriptors(size_t wanted);

#endif
