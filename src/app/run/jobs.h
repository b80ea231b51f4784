/* The operands of a call turned into jobs: which input becomes which output. Everything that can be
 * refused before an image is touched is refused here. */
#ifndef CT_APP_RUN_JOBS_H
#define CT_APP_RUN_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "app/call/call.h"
#include "codec/codec.h"

typedef struct app_job {
    const char *input;          /* points into argv; "-" is standard input */
    char *output;               /* "-" is standard output */
    const codec_format *format; /* NULL: the input's own */
} app_job;

typedef struct app_jobs {
    app_job *list;
    size_t count;
} app_jobs;

/* From the operands behind the chain. */
bool app_jobs_make(const app_call *call, app_jobs *jobs, ct_error *err);
void app_jobs_free(app_jobs *jobs);

/* Expands {dir} {stem} {ext} {n} for the input that is number `n` (from 1); "{{" is a brace. `ext`
 * NULL: the input's. NULL with an error for an unknown placeholder or when memory is out. */
char *app_template(const char *text, const char *input, size_t n, const char *ext, ct_error *err);

/* Refuses outputs that two inputs share, that are inputs themselves, or that are terminals. */
bool app_jobs_check(const app_call *call, const app_jobs *jobs, ct_error *err);

#endif
