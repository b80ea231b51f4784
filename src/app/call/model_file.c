#include "app/call/model_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pages.h"
#include "base/text.h"
#include "codec/codec.h"

/* ---- whole files ---- */

static bool read_all(int fd, uint64_t most, char **bytes, size_t *size, ct_error *err) {
    struct stat info;
    size_t room = 1 << 16;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        return ct_fail(err, "is a directory; expected a file");
    }
    if (S_ISREG(info.st_mode) && info.st_size > 0) {
        room = (size_t)info.st_size + 1;
    }
    char *all = NULL;
    for (*size = 0;;) {
        if (*size > most) {
            free(all);
            return ct_fail(err, "more than the %s that it may have (--max-memory)",
                           ct_size_of(most).text);
        }
        if (!all || *size == room) {
            room = all ? 2 * room : room;
            char *more = all ? realloc(all, room) : ct_pages(room);
            if (!more) {
                free(all);
                return ct_fail(err, "out of memory");
            }
            all = more;
        }
        const ssize_t got = read(fd, all + *size, room - *size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            free(all);
            return ct_fail(err, "can't read: %s", strerror(errno));
        }
        if (got == 0) {
            *bytes = all;
            return true;
        }
        *size += (size_t)got;
    }
}

bool app_read_whole(const char *path, uint64_t most, char **bytes, size_t *size, ct_error *err) {
    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, most, bytes, size, err);
    }
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ct_fail(err, "can't open: %s", strerror(errno));
    }
    const bool ok = read_all(fd, most, bytes, size, err);
    close(fd);
    return ok;
}

/* ---- data beside the model ---- */

/* Opens part after part below the folder, none of them a symbolic link, so that no name leads
 * outside. */
static int open_below(int folder, const char *name, ct_error *err) {
    int at = dup(folder);
    for (const char *part = name; at >= 0 && *part;) {
        char one[256];
        const size_t length = strcspn(part, "/");
        const bool last = part[length] == '\0';
        snprintf(one, sizeof one, "%.*s", (int)(length < sizeof one ? length : sizeof one - 1),
                 part);
        /* Without waiting for somebody who writes into it, if it is a pipe. */
        const int next =
            openat(at, *one ? one : ".",
                   O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (last ? O_NONBLOCK : O_DIRECTORY));
        const int error = errno;
        close(at);
        at = next;
        errno = error;
        part += length + !last;
    }
    if (at < 0) {
        ct_fail(err,
                errno == ELOOP ? "its data should lie in '%s', a symbolic link, which may lead "
                                 "outside the model's folder"
                               : "can't open '%s', where its data should lie: %s",
                name, strerror(errno));
    }
    return at;
}

static bool read_beside(void *context, const char *name, uint64_t offset, size_t size, void *bytes,
                        ct_error *err) {
    const int fd = open_below(*(const int *)context, name, err);
    if (fd < 0) {
        return false;
    }
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return ct_fail(err, "'%s', where its data should lie, isn't a file", name);
    }
    size_t done = 0;
    ssize_t got = 1;
    while (done < size && (got > 0 || (got < 0 && errno == EINTR))) {
        got = pread(fd, (char *)bytes + done, size - done, (off_t)(offset + done));
        done += got > 0 ? (size_t)got : 0;
    }
    const int error = errno;
    close(fd);
    return done == size ||
           (got < 0
                ? ct_fail(err, "can't read '%s', where its data lies: %s", name, strerror(error))
                : ct_fail(err, "'%s', where its data lies, ends within it", name));
}

static int folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) {
        return open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    char *folder = strndup(path, (size_t)(slash - path) + 1);
    const int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    return fd;
}

net_model *app_net_load(const char *path, const app_call *call, ct_error *err) {
    char *bytes;
    size_t size;
    if (!app_read_whole(path, call->limits.max_memory, &bytes, &size, err)) {
        return NULL;
    }
    const bool piped = strcmp(path, "-") == 0;
    int folder = piped ? -1 : folder_of(path);
    const net_files files = {.read = read_beside, .context = &folder};
    net_model *model =
        net_load(bytes, size, folder < 0 ? NULL : &files, call->limits.max_memory, err);
    if (!model && codec_is_image(bytes, size)) {
        ct_fail(err, "it isn't an ONNX model but a picture; the model comes first");
    }
    free(bytes);
    if (folder >= 0) {
        close(folder);
    }
    return model;
}
