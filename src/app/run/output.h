/* An output file: complete under its name, or not there at all.
 *
 * A regular file is written to a temporary file beside it and renamed; one that replaces a file is
 * flushed to the disk first. A symbolic link is followed to its target, as cp does. Descriptors,
 * devices and pipes are written directly, from their current position. */
#ifndef CT_APP_RUN_OUTPUT_H
#define CT_APP_RUN_OUTPUT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/call/call.h"
#include "app/run/job.h"
#include "app/run/temporary.h"

typedef struct app_output {
    int fd;
    bool direct;             /* not a regular file: no temporary file */
    bool replaces;           /* a regular file */
    bool taken;              /* the name is another file's by now */
    char *path;              /* the destination, links followed; NULL for a descriptor */
    app_temporary temporary; /* none when direct */
    uint8_t *buffer;
    size_t used;

    pthread_mutex_t lock; /* in app_output_put_at: for the buffer, and for what follows */
    uint64_t bytes;       /* the file's, so far */
    uint64_t unstarted;   /* bytes since the disk was last told to begin writing */
} app_output;

/* Where an output goes. */
typedef struct app_destination {
    const char *path;
    int fd;      /* a descriptor to write to instead, or -1 */
    bool absent; /* nothing had that name; if something has by now, app_output_commit notices */
    bool mkdir;  /* the path's directory is made where there is none */
} app_destination;

/* Where an output of the job goes, its own or one of its maps, that was seen so `before`; with
 * --force it is looked at again. */
app_destination app_destination_of(const app_call *call, const app_job *job, const char *path,
                                   const app_seen *before);

/* Errors say what is wrong, without the path. */
bool app_output_open(app_output *output, const app_destination *to, ct_error *err);

/* A codec_put whose context is the app_output. */
bool app_output_put(void *context, const void *bytes, size_t size, ct_error *err);

/* A codec_put_at likewise; not where the output is written directly. */
bool app_output_put_at(void *context, uint64_t offset, const void *bytes, size_t size,
                       ct_error *err);

/* Writes what app_output_put holds back. */
bool app_output_flush(app_output *output, ct_error *err);

/* Writes what is left and gives the file its name. It may replace the file that was `seen`, or none
 * where there was none; NULL: any. An error where another one is there by now sets output->taken.
 */
bool app_output_commit(app_output *output, const app_seen *seen, ct_error *err);

/* The two halves of it, for files that appear together: all are complete before the first gets its
 * name. */
bool app_output_complete(app_output *output, ct_error *err);
bool app_output_place(app_output *output, const app_seen *seen, ct_error *err);

/* Closes, and removes a temporary file that wasn't committed. Call it after a failed open too. */
void app_output_close(app_output *output);

#endif
