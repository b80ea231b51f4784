/* What a call asks for, image by image. */
#ifndef CT_APP_RUN_JOB_H
#define CT_APP_RUN_JOB_H

#include <stddef.h>

#include "codec/codec.h"

typedef struct app_job {
    const char *input;          /* points into argv; "-" is standard input */
    char *output;               /* "-" is standard output */
    int input_fd, output_fd;    /* where the path is a descriptor of ours; else -1 */
    const codec_format *format; /* NULL: the input's own */
} app_job;

typedef struct app_jobs {
    app_job *list;
    size_t count;
} app_jobs;

#endif
