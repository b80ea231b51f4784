#include "app/run/skipped.h"

#include <stdio.h>
#include <unistd.h>

#include "app/call/message.h"
#include "base/text.h"
#include "codec/codec.h"

app_kind app_kind_of(int fd, const struct stat *info, const char *path) {
    char head[CODEC_PROBE_BYTES];
    const ssize_t size = S_ISREG(info->st_mode) ? pread(fd, head, sizeof head, 0) : 0;
    const bool lost = S_ISREG(info->st_mode) && size == 0 && codec_format_by_path(path);
    return size < 0 || lost || codec_is_image(head, (size_t)size) ? APP_IMAGE
           : codec_is_text(head, (size_t)size)                    ? APP_TABLE
                                                                  : APP_NO_IMAGE;
}

void app_skipped_add(app_skipped *skipped, const char *path, app_kind kind, bool named) {
    skipped->files++;
    skipped->tables += kind == APP_TABLE;
    if (named) {
        app_say(path, kind == APP_TABLE ? "skipped: a table of numbers, which must be named itself"
                                        : "skipped: not an image that convtool reads");
    }
}

void app_skipped_say(const app_call *call, const app_skipped *skipped) {
    if (skipped->files && call->talk != APP_QUIET) {
        char tables[128] = "";
        if (skipped->tables) {
            snprintf(tables, sizeof tables, "; name %s of numbers to read %s",
                     ct_count(skipped->tables, "table").text, skipped->tables == 1 ? "it" : "them");
        }
        app_say(NULL, "%s skipped: not %s that convtool reads%s",
                ct_count(skipped->files, "file").text, skipped->files == 1 ? "an image" : "images",
                tables);
    }
}
