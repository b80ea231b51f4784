/* --view: what the terminal shows of an image, and of the one that it was made of. */
#ifndef CT_APP_RUN_SHOWN_H
#define CT_APP_RUN_SHOWN_H

#include "app/run/job.h"
#include "app/run/sight.h"

/* Standard output as a place for pictures; NULL with an error. Where it isn't a terminal, or that
 * is to have no colours, they are plain characters. */
codec_terminal *app_shown_terminal(ct_error *err);

typedef struct app_shown app_shown;

/* NULL with an error. The call's terminal is open. */
app_shown *app_shown_new(const app_call *call, const app_job *job, ct_error *err);
void app_shown_free(app_shown *shown);

/* With --view=both, for an input that can be read only once: takes over the reader (even on
 * failure), and returns one that shows its rows as they are read. */
codec_reader *app_shown_watch(void *shown, codec_reader *reader, ct_error *err);

/* With --view=both: reads the input, unless it was watched. */
bool app_shown_read(app_shown *shown, ct_error *err);

/* Plans what is shown of a result: see app_sight_plan. */
bool app_shown_plan(app_shown *shown, const codec_info *result, bool plain,
                    const char *const *names, ct_error *err);

/* Bytes that it takes while rows come. */
uint64_t app_shown_memory(const app_shown *shown);

/* The writer for the result's rows, which passes them on to `file` unless that is NULL; NULL with
 * an error. It stays the shown's. */
codec_writer *app_shown_open(app_shown *shown, codec_writer *file, ct_error *err);

/* Frees all but the pictures. */
void app_shown_close(app_shown *shown);

/* Prints them on standard output, below the names of the images if there are several. */
bool app_shown_print(const app_shown *shown, bool several, ct_error *err);

#endif
