#include "app/run/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/run/cleanup.h"
#include "app/run/owner.h"

enum { NAME_TRIES = 16 };

/* Known to the signal handler before any signal can end us. -1 with errno. */
static int create(app_temporary *temporary, mode_t mode) {
    app_signals_hold();
    int fd = open(temporary->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    temporary->cleanup = fd < 0 ? -1 : app_cleanup_add(temporary->path);
    const int code = errno;
    if (fd >= 0 && temporary->cleanup < 0) {
        close(fd);
        unlink(temporary->path);
        fd = -1;
    }
    app_signals_release();
    errno = code;
    return fd;
}

int app_temporary_create(app_temporary *temporary, const char *output, mode_t mode, ct_error *err) {
    const char *slash = strrchr(output, '/');
    const size_t directory = slash ? (size_t)(slash - output) + 1 : 0;
    *temporary = (app_temporary){.path = malloc(directory + APP_OWNED_NAME), .cleanup = -1};
    if (!temporary->path) {
        ct_fail(err, "out of memory");
        errno = ENOMEM;
        return -1;
    }
    memcpy(temporary->path, output, directory);
    int fd = -1;
    for (int i = 0; fd < 0 && i < NAME_TRIES && (i == 0 || errno == EEXIST); i++) {
        app_owned_name(temporary->path + directory);
        fd = create(temporary, mode);
    }
    if (fd >= 0) {
        return fd;
    }
    const int code = errno;
    ct_fail(err, "can't create a file in its directory: %s", strerror(code));
    app_temporary_forget(temporary);
    errno = code;
    return -1;
}

bool app_temporary_keep(app_temporary *temporary, ct_error *err) {
    /* No allocation: a signal's handler may wait for us in a thread that holds malloc's lock. The
     * path isn't longer, or app_cleanup_add had refused it. */
    char before[PATH_MAX];
    strcpy(before, temporary->path);
    app_owned_name_keep(temporary->path);
    const bool ok = rename(before, temporary->path) == 0;
    if (ok) {
        app_cleanup_remove(temporary->cleanup);
        temporary->cleanup = app_cleanup_add(temporary->path);
    } else {
        ct_fail(err, "can't put the finished file in place: %s", strerror(errno));
        strcpy(temporary->path, before);
    }
    return ok;
}

void app_temporary_forget(app_temporary *temporary) {
    if (temporary->cleanup >= 0) {
        app_cleanup_remove(temporary->cleanup);
    }
    free(temporary->path);
    *temporary = (app_temporary){.cleanup = -1};
}
