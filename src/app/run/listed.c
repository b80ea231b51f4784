#include "app/run/listed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/descriptor.h"
#include "base/text.h"

static bool read_all(int fd, ct_text *text, ct_error *err) {
    char piece[65536];
    for (;;) {
        const ssize_t size = read(fd, piece, sizeof piece);
        if (size == 0) {
            return true;
        }
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return ct_fail(err, "can't read: %s", strerror(errno));
        }
        if (!ct_text_add(text, piece, (size_t)size)) {
            return ct_fail(err, "out of memory");
        }
    }
}

static bool read_file(app_listed *listed, const char *path, ct_text *text, ct_error *err) {
    listed->fd = app_descriptor(path, STDIN_FILENO);
    const int fd = listed->fd >= 0 ? listed->fd : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return ct_fail(err, "can't open: %s", strerror(errno));
    }
    const bool ok = read_all(fd, text, err);
    if (fd != listed->fd) {
        close(fd);
    }
    return ok;
}

/* The number of the line that holds the byte. */
static size_t line_of(const ct_text *text, const char *byte) {
    size_t line = 1;
    for (const char *at = text->bytes; (at = memchr(at, '\n', (size_t)(byte - at))); at++) {
        line++;
    }
    return line;
}

/* A list of the other kind, or of another system, would give names that nobody meant. */
static bool check_kind(const ct_text *text, bool null_names, ct_error *err) {
    const char *null = text->length ? memchr(text->bytes, '\0', text->length) : NULL;
    const char *line = text->length ? memchr(text->bytes, '\n', text->length) : NULL;
    if (null_names) {
        return null || !line ||
               ct_fail(err, "has no NUL byte, but several lines; leave out --null");
    }
    if (text->length >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0) {
        return ct_fail(err, "begins with a byte order mark; expected names alone");
    }
    const char *cr = text->length ? memmem(text->bytes, text->length, "\r\n", 2) : NULL;
    if (null) {
        return ct_fail(err, "line %zu has a NUL byte; for a list separated by NUL add --null",
                       line_of(text, null));
    }
    return !cr || ct_fail(err, "line %zu ends in CR LF; expected LF alone, as dos2unix makes it",
                          line_of(text, cr));
}

bool app_listed_read(app_listed *listed, const app_call *call, ct_error *err) {
    ct_text text = {0};
    *listed = (app_listed){.fd = -1, .separator = call->null_names ? '\0' : '\n'};
    const bool ok = read_file(listed, call->files_from, &text, err) &&
                    (ct_text_add(&text, "", 0) || ct_fail(err, "out of memory")) &&
                    check_kind(&text, call->null_names, err);
    listed->bytes = listed->at = text.bytes;
    listed->end = text.bytes ? text.bytes + text.length : NULL;
    return ok || ct_fail_at(err, "--files-from: %s: ", app_input_name(call->files_from));
}

const char *app_listed_next(app_listed *listed) {
    while (listed->at < listed->end) {
        char *name = listed->at;
        char *end = memchr(name, listed->separator, (size_t)(listed->end - name));
        end = end ? end : listed->end; /* the last one needn't be ended */
        *end = '\0';
        listed->at = end + 1;
        listed->line++;
        if (*name) {
            return name;
        }
    }
    return NULL;
}

void app_listed_free(app_listed *listed) {
    free(listed->bytes);
    *listed = (app_listed){.fd = -1};
}
