/* What a call asks for, image by image. */
#ifndef CT_APP_RUN_JOB_H
#define CT_APP_RUN_JOB_H

#include <stddef.h>
#include <sys/stat.h>

#include "codec/codec.h"

/* A path as it was when we looked. */
typedef struct app_seen {
    bool exists;      /* as a regular file */
    bool link;        /* the name itself is a symbolic link */
    struct stat info; /* what it leads to; st_mode 0: nothing that we can see */
} app_seen;

/* What is known of an input without opening it. */
typedef struct app_file {
    dev_t device;
    ino_t inode;
    mode_t mode; /* 0: nothing that we can see */
    off_t size;
} app_file;

typedef struct app_job {
    const char *input;          /* points into argv; "-" is standard input */
    char *output;               /* "-" is standard output */
    int input_fd, output_fd;    /* where the path is our own descriptor; else -1 */
    const codec_format *format; /* NULL: the input's own */
    app_file file;              /* the input */
    app_seen before;            /* the output, before anything was done */
} app_job;

typedef struct app_jobs {
    app_job *list;
    size_t count;
} app_jobs;

#endif
