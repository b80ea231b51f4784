/* What a call asks for, image by image. */
#ifndef CT_APP_RUN_JOB_H
#define CT_APP_RUN_JOB_H

#include <stddef.h>

#include "app/run/inputs.h"
#include "codec/codec.h"

/* A path as it was when we looked. */
typedef struct app_seen {
    bool exists;   /* as a regular file */
    bool link;     /* the name itself is a symbolic link */
    bool absent;   /* nothing has the name */
    app_file file; /* what it leads to */
} app_seen;

typedef struct app_job {
    const app_input *from;
    const char *input;          /* from->path; "-" is standard input */
    char *output;               /* "-" is standard output */
    int input_fd, output_fd;    /* where the path is our own descriptor; else -1 */
    const codec_format *format; /* NULL: the input's own */
    app_seen before;            /* the output, before anything was done */
    bool done;                  /* --resume: the output is what this job would make */
} app_job;

typedef struct app_jobs {
    app_job *list;
    size_t count;
    app_inputs inputs;    /* all that the call names: there may be more than jobs */
    const app_job *timed; /* --resume: the first that is done only judged by its files' times */
    char *top;            /* the directory below which a tree's outputs have theirs made, with a
                           * slash at its end; "": the current one */
} app_jobs;

#endif
