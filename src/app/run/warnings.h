/* What readers and writers have to say though the work goes on, for people and for --json. */
#ifndef CT_APP_RUN_WARNINGS_H
#define CT_APP_RUN_WARNINGS_H

#include "app/call/call.h"

/* Adds to `out` what the reader and the writer (NULL: none) have to say to this call: with --strip
 * nothing of what travels beside the pixels. And whether --linear takes colours for sRGB that
 * aren't. */
void app_warnings_gather(const app_call *call, const codec_reader *reader,
                         const codec_writer *writer, codec_warnings *out);

/* A line each on standard error; `input` is the path that they are about. */
void app_warnings_say(const char *input, const codec_warnings *warnings);

/* All of them as one JSON string on standard output; null where there are none. */
void app_warnings_json(const codec_warnings *warnings);

#endif
