/* What went wrong, in one line.
 *
 * Every function that can fail takes a `ct_error *` that its caller owns, and returns false (or
 * NULL) on failure, with the error filled in. Below src/app nothing prints and nothing exits. */
#ifndef CT_BASE_ERROR_H
#define CT_BASE_ERROR_H

#include <stdbool.h>

typedef struct ct_error {
    char text[1024]; /* UTF-8 or raw bytes of a file name, no newline at the end */
} ct_error;

/* Writes the message (printf's format; cut off when too long) and returns false, so that
 * `return ct_fail(err, ...)` reads well. `err` may be NULL. */
bool ct_fail(ct_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts the formatted text before the message already there; returns false. */
bool ct_fail_at(ct_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
