/* One output that a command makes, which isn't the result of filtering: a page, a picture. */
#ifndef CT_APP_RUN_DOCUMENT_H
#define CT_APP_RUN_DOCUMENT_H

#include "app/call/call.h"
#include "app/run/output.h"

typedef struct app_document {
    const char *path;
    const char *mark; /* what such a file has within its first bytes if convtool wrote it; NULL:
                       * it's an image, with a record */
    int fd;           /* where the path is our own descriptor; else -1 */
    app_seen before;
} app_document;

/* Looks at the path ("-" is standard output); false with an error where the call may not replace
 * what is there. Errors name the path. */
bool app_document_look(app_document *document, const char *path, const char *mark,
                       const app_call *call, ct_error *err);

/* Writes the bytes: they are there whole, or not at all. */
bool app_document_write(const app_document *document, const app_call *call, const void *bytes,
                        size_t size, ct_error *err);

/* Writes rows of 8 bits as a picture, in the format of --format or of the path's extension (of a
 * path without a name, PNG); `record` says how it was made. */
bool app_document_picture(const app_document *document, const app_call *call,
                          const codec_info *info, const uint8_t *rows, const char *record,
                          ct_error *err);

#endif
