/* Lines for people: messages on standard error, text with control characters made visible, and what
 * the terminal can do. */
#ifndef CT_APP_CALL_MESSAGE_H
#define CT_APP_CALL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/text.h"

/* Bytes of the valid UTF-8 sequence at `text` (NUL-terminated), 0 where there is none. */
size_t app_utf8(const char *text);

/* Appends text with control characters and broken UTF-8 as \n, \t, \x1b. False: out of memory. */
bool app_escape(ct_text *out, const char *text);

/* "convtool: PATH: message" on standard error, one line whatever the names hold. */
void app_say(const char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* app_say for each line of the text; NULL has none. */
void app_say_lines(const char *path, const char *lines);

/* "convtool: warning: PATH: message", although the work goes on. */
void app_warn(const char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "-" in words, else the path itself. */
const char *app_input_name(const char *path);
const char *app_output_name(const char *path);

/* Whether colour may be used: a terminal, no NO_COLOR, TERM neither unset nor "dumb". */
bool app_color(FILE *stream);

/* Flushes standard output, so that a reader has whole lines; app_finish_stdout says what went
 * wrong. */
void app_flush_stdout(void);

/* Flushes standard output; says what went wrong, unless a pipe's reader just left, and returns the
 * exit status. */
int app_finish_stdout(int status);

#endif
