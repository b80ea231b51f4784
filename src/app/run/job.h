/* What a call asks for, image by image. */
#ifndef CT_APP_RUN_JOB_H
#define CT_APP_RUN_JOB_H

#include <stddef.h>

#include "app/run/inputs.h"
#include "app/run/template.h"
#include "codec/codec.h"

/* A path as it was when we looked. */
typedef struct app_seen {
    bool exists;   /* as a regular file */
    bool link;     /* the name itself is a symbolic link */
    bool absent;   /* nothing has the name */
    app_file file; /* what it leads to */
} app_seen;

/* The file of one channel of a result. */
typedef struct app_map {
    char *output;
    app_seen before;
    bool done;
} app_map;

typedef struct app_job {
    const app_input *from;
    const char *input;          /* from->path; "-" is standard input */
    char *output;               /* "-" is standard output */
    int input_fd, output_fd;    /* where the path is our own descriptor; else -1 */
    const codec_format *format; /* NULL: the input's own */
    app_seen before;            /* the output, before anything was done */
    bool done;                  /* --resume: the output is what this job would make */

    /* Of a template with {map}: `output` still has that in it, and isn't a file; each channel has
     * one of its own. They are known where the input is a file that could be looked at before. */
    const char *template; /* NULL: there is one output */
    app_named named;
    app_map *maps;
    int map_count;
} app_job;

/* Frees what the job owns. */
void app_job_free(app_job *job);

typedef struct app_jobs {
    app_job *list;
    size_t count;
    app_inputs inputs;    /* all that the call names: there may be more than jobs */
    const app_job *timed; /* --resume: the first that is done only judged by its files' times */
    char *top;            /* the directory below which a tree's outputs have theirs made, with a
                           * slash at its end; "": the current one */
} app_jobs;

#endif
