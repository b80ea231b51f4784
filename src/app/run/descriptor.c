#include "app/run/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/call.h"

enum { MOST_LINKS = 40, MOST_DIGITS = 9 };

/* The path's last part. */
static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_number(const char *name) {
    const size_t digits = strspn(name, "0123456789");
    return digits > 0 && digits <= MOST_DIGITS && name[digits] == '\0';
}

/* Whether the directory before `name` in `path` lists this process's descriptors: /proc/PID/fd, or
 * /proc/PID/task/TID/fd. */
static bool lists_our_descriptors(const char *path, const char *name) {
    char directory[PATH_MAX], real[PATH_MAX], ours[PATH_MAX];
    const size_t length = (size_t)(name - path);
    if (length == 0 || length >= sizeof directory || !realpath("/proc/self", ours)) {
        return false;
    }
    memcpy(directory, path, length);
    directory[length] = '\0';
    const size_t process = strlen(ours);
    if (!realpath(directory, real) || strncmp(real, ours, process) != 0) {
        return false;
    }
    const char *rest = real + process;
    if (strncmp(rest, "/task/", 6) == 0) {
        rest += 6;
        rest += strspn(rest, "0123456789");
    }
    return strcmp(rest, "/fd") == 0;
}

/* Replaces the path by what it links to; false where it isn't a link. */
static bool follow_link(char path[PATH_MAX]) {
    char target[PATH_MAX];
    const ssize_t length = readlink(path, target, sizeof target);
    if (length <= 0) {
        return false;
    }
    const size_t directory = target[0] == '/' ? 0 : (size_t)(name_of(path) - path);
    if (directory + (size_t)length >= PATH_MAX) {
        return false;
    }
    memcpy(path + directory, target, (size_t)length);
    path[directory + (size_t)length] = '\0';
    return true;
}

int app_descriptor(const char *path, int standard) {
    char at[PATH_MAX];
    if (strcmp(path, "-") == 0) {
        return standard;
    }
    if (strlen(path) >= sizeof at) {
        return -1;
    }
    strcpy(at, path);
    for (int i = 0; i < MOST_LINKS; i++) {
        const char *name = name_of(at);
        if (is_number(name) && lists_our_descriptors(at, name)) {
            return atoi(name);
        }
        if (!follow_link(at)) {
            return -1;
        }
    }
    return -1;
}

static bool stat_at(const char *path, int fd, struct stat *info) {
    return (fd >= 0 ? fstat(fd, info) : stat(path, info)) == 0;
}

int app_look(const char *path, int standard, app_seen *seen) {
    *seen = (app_seen){0};
    const bool dash = strcmp(path, "-") == 0;
    struct stat info;
    const bool there = !dash && lstat(path, &info) == 0;
    seen->absent = !dash && !there && errno == ENOENT;
    seen->link = there && S_ISLNK(info.st_mode);
    /* A descriptor is a link, or, once it's closed, a number. */
    const bool maybe = dash || seen->link || (!there && is_number(name_of(path)));
    const int fd = maybe ? app_descriptor(path, standard) : -1;
    if (maybe ? stat_at(path, fd, &info) : there) {
        seen->file = app_file_of(&info);
    }
    seen->absent &= fd < 0;
    seen->exists = fd < 0 && S_ISREG(seen->file.mode);
    return fd;
}

bool app_is_direct(const app_job *job) {
    const mode_t mode = job->before.file.mode;
    return job->output_fd >= 0 || (mode != 0 && !S_ISREG(mode));
}

/* Tried out: nobody tells how many of the limit are in use. One more is for a moment, as when a
 * temporary file gets its name. */
size_t app_threads_with_descriptors(size_t wanted) {
    enum { EACH = 2, MORE = 1, MOST = EACH * APP_MOST_JOBS + MORE };
    int held[MOST];
    const size_t most = wanted < APP_MOST_JOBS ? EACH * wanted + MORE : MOST;
    size_t count = 0;
    while (count < most && (held[count] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) >= 0) {
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        close(held[i]);
    }
    const size_t threads = count > MORE ? (count - MORE) / EACH : 0;
    return count == most ? wanted : threads > 1 ? threads : 1;
}
