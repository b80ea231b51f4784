/* Paths that are our own descriptors: "-", /dev/stdout, /dev/fd/3, /proc/self/fd/3, what a shell
 * makes of <(...) and >(...), and links to them. */
#ifndef CT_APP_RUN_DESCRIPTOR_H
#define CT_APP_RUN_DESCRIPTOR_H

#include <stdbool.h>
#include <sys/stat.h>

/* The descriptor that the path leads to, open or not; -1 where it is another kind of file. For "-"
 * it is `standard`. */
int app_descriptor(const char *path, int standard);

/* stat of what the path leads to, where `fd` is app_descriptor's answer. */
bool app_stat(const char *path, int fd, struct stat *info);

#endif
