/* What a call asks for, image by image. */
#ifndef CT_APP_RUN_JOB_H
#define CT_APP_RUN_JOB_H

#include <stddef.h>

#include "app/run/inputs.h"
#include "app/run/template.h"
#include "codec/codec.h"
#include "filter/filter.h"

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

/* --tap: what the chain's stages up to `stage` (from 0) make goes to a file of its own. */
typedef struct app_tap {
    size_t stage;
    const char *file;    /* a name, or a template */
    filter_chain *chain; /* those stages, as a chain of their own */
} app_tap;

/* There may be 100,000 of them, so they are kept small. */
typedef struct app_job {
    const app_input *from;
    const char *input;          /* from->path; "-" is standard input */
    char *output;               /* "-" is standard output */
    int input_fd, output_fd;    /* where the path is our own descriptor; else -1 */
    const codec_format *format; /* NULL: the input's own */
    app_seen before;            /* the output, before anything was done */
    bool done;                  /* --resume: the output is what this job would make */
    bool shown;                 /* nothing is written: it's only shown, with --view */
    size_t n;                   /* its number in templates, from 1 */
    const char *ext;            /* the extension there; NULL: the input's */
    const app_tap *tap;         /* it's the output of one; NULL: of the whole chain */
    struct app_job *taps;       /* the outputs of --tap beside it */
    int tap_count;

    /* Of a template with {map}: `output` still has that in it, and isn't a file; each channel has
     * one of its own. They are known where the input is a file that could be looked at before. */
    int map_count;
    app_map *maps;
    const char *template; /* NULL: there is one output */
} app_job;

/* What names the file of a map; -1: the job's output. */
app_named app_job_named(const app_job *job, int map);

/* Frees what the job owns. */
void app_job_free(app_job *job);

typedef struct app_jobs {
    app_job *list;
    size_t count;
    app_inputs inputs;    /* all that the call names: there may be more than jobs */
    const app_job *timed; /* --resume: the first that is done only judged by its files' times */
    app_tap *taps;        /* each --tap */
    int tap_count;
    bool lone; /* a command's one image, which takes neither --mkdir nor --in-place */
    char *top; /* the directory below which a tree's outputs have theirs made, with a
                * slash at its end; "": the current one */
} app_jobs;

#endif
