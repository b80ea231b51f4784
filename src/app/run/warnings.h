/* The warnings of readers and writers, for people and for --json. */
#ifndef CT_APP_RUN_WARNINGS_H
#define CT_APP_RUN_WARNINGS_H

#include "app/call/call.h"

/* Adds to `out` the warnings of the reader and the writer (NULL: none); with --strip, none about
 * what comes with the pixels. Also warns where --linear takes colours for sRGB that aren't. */
void app_warnings_gather(const app_call *call, const codec_reader *reader,
                         const codec_writer *writer, codec_warnings *out);

/* Prints a line each on standard error; `input` is the path that they are about. */
void app_warnings_say(const char *input, const codec_warnings *warnings);

/* Prints them as a JSON array of strings on standard output. */
void app_warnings_json(const codec_warnings *warnings);

#endif
