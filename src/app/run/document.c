#include "app/run/document.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/descriptor.h"
#include "app/run/existing.h"
#include "app/run/record.h"

enum { HEAD = 512 }; /* bytes among which the mark is */

static bool is_ours(int fd, const char *mark) {
    char head[HEAD + 1];
    if (!mark) {
        return app_is_ours(fd);
    }
    const ssize_t size = pread(fd, head, HEAD, 0);
    head[size > 0 ? size : 0] = '\0';
    return strstr(head, mark) != NULL;
}

bool app_document_look(app_document *document, const char *path, const char *mark,
                       const app_call *call, ct_error *err) {
    *document = (app_document){.path = path, .mark = mark};
    document->fd = app_look(path, STDOUT_FILENO, &document->before);
    if (!document->before.exists || document->fd >= 0 || call->force) {
        return true;
    }
    if (call->no_clobber) {
        return ct_fail(err, "%s: already exists, and --no-clobber keeps it", path);
    }
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return ct_fail(err, "%s: can't be read to see whether convtool wrote it: %s", path,
                       strerror(errno));
    }
    const bool may = document->before.file.size == 0 || is_ours(fd, mark);
    close(fd);
    return may ||
           ct_fail(err, "%s: already exists, and convtool didn't write it; -f replaces it", path);
}

static bool fill(app_output *output, const app_document *document, const app_call *call,
                 const void *bytes, size_t size, ct_error *err) {
    const app_destination to = {.path = document->path,
                                .fd = document->fd,
                                .absent = document->before.absent && !call->force};
    return app_output_open(output, &to, err) && app_output_put(output, bytes, size, err) &&
           app_output_commit(output, call->force ? NULL : &document->before, err);
}

bool app_document_write(const app_document *document, const app_call *call, const void *bytes,
                        size_t size, ct_error *err) {
    app_output output = {.fd = -1};
    const bool ok = fill(&output, document, call, bytes, size, err);
    app_output_close(&output);
    return ok || ct_fail_at(err, "%s: ", app_output_name(document->path));
}

/* ---- pictures ---- */

static bool put_text(void *context, const void *bytes, size_t size, ct_error *err) {
    return ct_text_add(context, bytes, size) || ct_fail(err, "out of memory");
}

static const codec_format *format_of(const app_document *document, const app_call *call,
                                     ct_error *err) {
    const codec_format *format = call->format       ? codec_format_by_name(call->format)
                                 : document->fd < 0 ? codec_format_by_path(document->path)
                                                    : codec_format_by_name("png");
    if (!format) {
        codec_fail_formats(err);
        ct_fail_at(err, "no known extension; choose a format with --format: ");
    } else if (codec_format_plain(format)) {
        ct_fail(err, "a picture is made; write .png");
        format = NULL;
    } else if (document->fd >= 0 && isatty(document->fd)) {
        ct_fail(err, "is a terminal, and a picture is binary; name a file");
        format = NULL;
    }
    return format;
}

static bool encode(const codec_format *format, const codec_info *info, const uint8_t *rows,
                   const char *record, ct_text *bytes, ct_error *err) {
    codec_options options = codec_default_options();
    options.record = record;
    const codec_sink sink = {.put = put_text, .context = bytes};
    codec_writer *writer = codec_format_check(format, info, err)
                               ? codec_create(format, info, &options, sink, err)
                               : NULL;
    const size_t pitch = codec_row_bytes(info);
    const bool ok = writer && codec_write(writer, info->height, rows, pitch, NULL, err) &&
                    codec_finish(writer, err);
    codec_writer_free(writer);
    return ok;
}

bool app_document_picture(const app_document *document, const app_call *call,
                          const codec_info *info, const uint8_t *rows, const char *record,
                          ct_error *err) {
    ct_text bytes = {0};
    char text[CODEC_RECORD_MOST + 1];
    const codec_format *format = format_of(document, call, err);
    const app_record_facts facts = {.format = format};
    const bool ok = format && app_record_text(call, record, &facts, text, err) &&
                    encode(format, info, rows, document->fd >= 0 ? NULL : text, &bytes, err);
    const bool written = ok && app_document_write(document, call, bytes.bytes, bytes.length, err);
    ct_text_free(&bytes);
    return written || (ok ? false : ct_fail_at(err, "%s: ", app_output_name(document->path)));
}
