#include "app/run/skipped.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "app/call/message.h"
#include "base/text.h"
#include "codec/codec.h"

bool app_has_name_of_image(const char *path) {
    const codec_format *format = codec_format_by_path(path);
    return format && !codec_format_text(format);
}

app_kind app_kind_of(int fd, const struct stat *info, const char *path) {
    char head[CODEC_PROBE_BYTES];
    const ssize_t size = S_ISREG(info->st_mode) ? pread(fd, head, sizeof head, 0) : 0;
    const bool lost = S_ISREG(info->st_mode) && size == 0 && app_has_name_of_image(path);
    return size < 0 || lost || codec_is_image(head, (size_t)size) ? APP_IMAGE
           : codec_is_text(head, (size_t)size)                    ? APP_TABLE
                                                                  : APP_NO_IMAGE;
}

bool app_kind_at(const char *path, struct stat *info, app_kind *kind) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    const bool ok = fd >= 0 && fstat(fd, info) == 0;
    const int code = errno;
    if (ok) {
        *kind = app_kind_of(fd, info, path);
    }
    if (fd >= 0) {
        close(fd);
    }
    errno = code;
    return ok;
}

void app_skipped_add(app_skipped *skipped, const char *path, app_kind kind, bool named) {
    static const char *const why[] = {
        [APP_TABLE] = "a table of numbers, which must be named itself",
        [APP_NO_IMAGE] = "not an image that convtool reads",
        [APP_NO_FILE] = "not a file; a link to a directory must be named itself",
    };
    skipped->files++;
    skipped->tables += kind == APP_TABLE;
    if (named) {
        app_say(path, "skipped: %s", why[kind]);
    }
}

void app_skipped_say(const app_call *call, const app_skipped *skipped) {
    if (skipped->files && call->talk != APP_QUIET) {
        char tables[128] = "";
        if (skipped->tables) {
            snprintf(tables, sizeof tables, "; %s of numbers %s read only if named",
                     ct_count(skipped->tables, "table").text, skipped->tables == 1 ? "is" : "are");
        }
        app_say(NULL, "%s skipped: not %s that convtool reads%s",
                ct_count(skipped->files, "file").text, skipped->files == 1 ? "an image" : "images",
                tables);
    }
}
