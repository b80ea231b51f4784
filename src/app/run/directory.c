#include "app/run/directory.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "app/run/names.h"

size_t app_directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    return slash && length == 0 ? 1 : length; /* "/" itself */
}

char *app_directory_of(const char *path) {
    const size_t length = app_directory_length(path);
    return length ? strndup(path, length) : strdup(".");
}

static bool fail_missing(const char *directory, bool made, const char *advice, ct_error *err) {
    if (errno == ENOENT) {
        return made || ct_fail(err, "%s: no such directory%s", directory, advice);
    }
    return ct_fail(err, "%s: can't be used as a directory: %s", directory, strerror(errno));
}

bool app_is_directory(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool app_directory_is_empty(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) {
        return errno == ENOENT;
    }
    const struct dirent *entry;
    do {
        errno = 0;
        entry = readdir(directory);
    } while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    const bool empty = !entry && errno == 0;
    closedir(directory);
    return empty;
}

/* `made`: one that doesn't exist will be. */
static bool check_directory(const char *directory, bool made, const char *advice, ct_error *err) {
    struct stat info;
    if (stat(directory, &info) != 0) {
        return fail_missing(directory, made, advice, err);
    }
    return S_ISDIR(info.st_mode) || ct_fail(err, "%s: is a file; expected a directory", directory);
}

bool app_makes_directory(const app_call *call, const app_job *job) {
    return call->mkdir || job->from->root > 0;
}

/* The directories that were found to be good: as they are, or to be made. */
typedef struct checked {
    app_names are, made;
    const char *advice; /* how one that is missing comes to be */
} checked;

/* Checks the directory of so many bytes of the path, unless it was checked already. */
static bool check_once(checked *known, const char *path, size_t length, bool made, ct_error *err) {
    char directory[PATH_MAX];
    if (length == 0 || length >= sizeof directory) {
        return true; /* a path that is too long is refused when it's opened */
    }
    memcpy(directory, path, length);
    directory[length] = '\0';
    app_name *entry = app_names_entry(made ? &known->made : &known->are, directory);
    if (!entry) {
        return ct_fail(err, "out of memory");
    }
    if (!entry->about && !check_directory(directory, made, known->advice, err)) {
        return false;
    }
    entry->about = entry; /* good */
    return true;
}

/* Below the top directory those of a tree are made; the top itself needs --mkdir. */
static bool check_job(const app_call *call, const app_jobs *jobs, const app_job *job,
                      checked *known, ct_error *err) {
    const size_t length = app_directory_length(job->output);
    const bool made = app_makes_directory(call, job);
    if (job->output_fd >= 0) {
        return true;
    }
    return (!made || call->mkdir ||
            check_once(known, jobs->top, app_directory_length(jobs->top), false, err)) &&
           check_once(known, job->output, length, made, err);
}

bool app_directories_check(const app_call *call, const app_jobs *jobs, ct_error *err) {
    checked known = {.advice = jobs->lone ? "" : "; --mkdir creates it"};
    bool ok = true;
    for (size_t i = 0; ok && !call->in_place && i < jobs->count; i++) {
        ok = check_job(call, jobs, &jobs->list[i], &known, err);
    }
    app_names_free(&known.are, NULL);
    app_names_free(&known.made, NULL);
    return ok;
}

bool app_make_directory_of(const char *path, ct_error *err) {
    char directory[PATH_MAX];
    const size_t length = app_directory_length(path);
    if (length >= sizeof directory) {
        return ct_fail(err, "the path is too long");
    }
    memcpy(directory, path, length);
    directory[length] = '\0';
    for (size_t at = 1; at <= length && !app_is_directory(directory); at++) {
        if (path[at] != '/' && at < length) {
            continue;
        }
        directory[at] = '\0';
        if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
            return ct_fail(err, "can't create the directory %s: %s", directory, strerror(errno));
        }
        directory[at] = at < length ? '/' : '\0';
    }
    return true;
}
