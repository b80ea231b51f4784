#include "app/run/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/run/cleanup.h"
#include "app/run/directory.h"
#include "app/run/existing.h"

enum { BUFFER_SIZE = 1 << 16, START_BYTES = 1 << 19 };

/* Whether a link leads to a regular file, or nowhere. Another process's pipe in /proc is a link
 * that leads nowhere, but can be opened. */
static bool is_link_to_file(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode) &&
           (stat(path, &info) != 0 || S_ISREG(info.st_mode));
}

static char *copy_path(const char *path, ct_error *err) {
    char *copy = strdup(path);
    if (!copy) {
        ct_fail(err, "out of memory");
    }
    return copy;
}

/* The path with links to files followed; a path that doesn't exist stays as it is. A dangling link
 * is refused: nobody can tell where its file was meant to be. */
static char *follow(const char *path, ct_error *err) {
    if (!is_link_to_file(path)) {
        return copy_path(path, err);
    }
    char *target = realpath(path, NULL);
    if (!target) {
        ct_fail(err, "a symbolic link whose target can't be reached: %s", strerror(errno));
    }
    return target;
}

/* Gives the new file the permissions of `old`, and its owner where we may give files away. Where we
 * may not, the file becomes ours, as with any editor. */
static bool take_over(int fd, const struct stat *old, ct_error *err) {
    struct stat now;
    if (fstat(fd, &now) != 0) {
        return ct_fail(err, "can't examine the temporary file: %s", strerror(errno));
    }
    mode_t mode = old->st_mode & 0777;
    bool same = now.st_uid == old->st_uid && now.st_gid == old->st_gid;
    if (!same && fchown(fd, old->st_uid, old->st_gid) != 0 &&
        fchown(fd, (uid_t)-1, old->st_gid) != 0) {
        mode &= (mode_t)~070; /* don't give a new group the old group's access */
    }
    if (fchmod(fd, mode) != 0) {
        return ct_fail(err, "can't set its permissions: %s", strerror(errno));
    }
    return true;
}

/* The directory is there, as a rule: it's looked at where nothing can be created. */
static int create_temporary(app_output *output, bool mkdir, mode_t mode, ct_error *err) {
    const int fd = app_temporary_create(&output->temporary, output->path, mode, err);
    if (fd >= 0 || !mkdir || (errno != ENOENT && errno != ENOTDIR)) {
        return fd;
    }
    return app_make_directory_of(output->path, err)
               ? app_temporary_create(&output->temporary, output->path, mode, err)
               : -1;
}

static bool open_file(app_output *output, const app_destination *to, ct_error *err) {
    struct stat old;
    bool exists = !to->absent && stat(output->path, &old) == 0;
    if (!to->absent && !exists && errno != ENOENT && !(to->mkdir && errno == ENOTDIR)) {
        return ct_fail(err, "can't write: %s", strerror(errno));
    }
    if (exists && S_ISDIR(old.st_mode)) {
        return ct_fail(err, "is a directory; expected a file");
    }
    if (exists && !S_ISREG(old.st_mode)) {
        output->direct = true;
        output->fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return output->fd >= 0 || ct_fail(err, "can't write: %s", strerror(errno));
    }
    /* A rename would replace a write-protected file; cp wouldn't. */
    if (exists && faccessat(AT_FDCWD, output->path, W_OK, AT_EACCESS) != 0) {
        return ct_fail(err, "can't write: %s", strerror(errno));
    }
    output->replaces = exists;
    output->fd = create_temporary(output, to->mkdir, exists ? 0600 : 0666, err);
    return output->fd >= 0 && (!exists || take_over(output->fd, &old, err));
}

app_destination app_destination_of(const app_call *call, const app_job *job, const char *path,
                                   const app_seen *before) {
    return (app_destination){.path = path,
                             .fd = job->output_fd,
                             .absent = before->absent && !call->force,
                             .mkdir = app_makes_directory(call, job)};
}

bool app_output_open(app_output *output, const app_destination *to, ct_error *err) {
    *output = (app_output){.fd = -1, .temporary.cleanup = -1, .lock = PTHREAD_MUTEX_INITIALIZER};
    if (!(output->buffer = malloc(BUFFER_SIZE))) {
        return ct_fail(err, "out of memory");
    }
    if (to->fd >= 0) {
        /* The same position in the same open file: what is there stays, and >> keeps appending. */
        output->direct = true;
        output->fd = fcntl(to->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        return output->fd >= 0 || ct_fail(err, "can't write: %s", strerror(errno));
    }
    output->path = to->absent ? copy_path(to->path, err) : follow(to->path, err);
    return output->path && open_file(output, to, err);
}

/* Lets the disk work while the rest is being made, so that less is left at the end. */
static void start_flushing(const app_output *output) {
    /* Of the whole file what isn't on its way yet. Only a hint: fsync finds what goes wrong. */
    (void)sync_file_range(output->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

/* Counts bytes; whether there are enough for start_flushing. */
static bool count_bytes(app_output *output, uint64_t offset, size_t size) {
    output->bytes = offset + size > output->bytes ? offset + size : output->bytes;
    output->unstarted += size;
    const bool due = output->replaces && output->unstarted >= START_BYTES;
    output->unstarted = due ? 0 : output->unstarted;
    return due;
}

/* Writes all bytes, to the offset unless the output is direct. */
static bool write_bytes(const app_output *output, uint64_t offset, const uint8_t *bytes,
                        size_t size, ct_error *err) {
    while (size > 0) {
        const ssize_t done = output->direct ? write(output->fd, bytes, size)
                                            : pwrite(output->fd, bytes, size, (off_t)offset);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return ct_fail(err, "can't write: %s", strerror(errno));
        }
        bytes += done;
        size -= (size_t)done;
        offset += (uint64_t)done;
    }
    return true;
}

/* Writes behind all that is there. */
static bool write_all(app_output *output, const uint8_t *bytes, size_t size, ct_error *err) {
    if (!write_bytes(output, output->bytes, bytes, size, err)) {
        return false;
    }
    if (count_bytes(output, output->bytes, size)) {
        start_flushing(output);
    }
    return true;
}

bool app_output_flush(app_output *output, ct_error *err) {
    size_t size = output->used;
    output->used = 0;
    return write_all(output, output->buffer, size, err);
}

bool app_output_put(void *context, const void *bytes, size_t size, ct_error *err) {
    app_output *output = context;
    if (size > BUFFER_SIZE - output->used && !app_output_flush(output, err)) {
        return false;
    }
    if (size >= BUFFER_SIZE) {
        return write_all(output, bytes, size, err);
    }
    memcpy(output->buffer + output->used, bytes, size);
    output->used += size;
    return true;
}

bool app_output_put_at(void *context, uint64_t offset, const void *bytes, size_t size,
                       ct_error *err) {
    app_output *output = context;
    pthread_mutex_lock(&output->lock);
    /* What is held back has its place before any byte that is written out of order. */
    const bool ok = output->used == 0 || app_output_flush(output, err);
    const bool due = ok && count_bytes(output, offset, size);
    pthread_mutex_unlock(&output->lock);
    if (!ok || !write_bytes(output, offset, bytes, size, err)) {
        return false;
    }
    if (due) {
        start_flushing(output);
    }
    return true;
}

/* On a file system without RENAME_NOREPLACE: a hard link refuses an existing name too. Without hard
 * links (exFAT), all that is left is to look first. */
static int rename_old_way(const app_output *output) {
    struct stat info;
    if (link(output->temporary.path, output->path) == 0) {
        return unlink(output->temporary.path);
    }
    if (errno != EPERM && errno != ENOSYS && errno != ENOTSUP && errno != EMLINK) {
        return -1;
    }
    if (lstat(output->path, &info) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(output->temporary.path, output->path);
}

static bool fail_taken(app_output *output, const char *how, ct_error *err) {
    output->taken = true;
    return ct_fail(err, "%s while convtool was running; -f replaces it", how);
}

/* Renames, unless the name is taken by now. */
static bool give_free_name(app_output *output, ct_error *err) {
    int result =
        renameat2(AT_FDCWD, output->temporary.path, AT_FDCWD, output->path, RENAME_NOREPLACE);
    if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {
        result = rename_old_way(output);
    }
    if (result != 0 && errno == EEXIST) {
        return fail_taken(output, "appeared", err);
    }
    return result == 0 || ct_fail(err, "can't put the finished file in place: %s", strerror(errno));
}

/* Renames, whatever has the name. */
static bool give_any_name(const app_output *output, ct_error *err) {
    return rename(output->temporary.path, output->path) == 0 ||
           ct_fail(err, "can't put the finished file in place: %s", strerror(errno));
}

static int exchange(const app_output *output) {
    return renameat2(AT_FDCWD, output->temporary.path, AT_FDCWD, output->path, RENAME_EXCHANGE);
}

/* What came out under the temporary name isn't the file that was seen: it gets its own name back.
 * False if that can't be done; then nothing will remove it. */
static bool put_back(app_output *output, ct_error *err) {
    if (exchange(output) == 0 || renameat2(AT_FDCWD, output->temporary.path, AT_FDCWD, output->path,
                                           RENAME_NOREPLACE) == 0) {
        return true;
    }
    ct_fail(err, "changed while convtool was running; what it held is in %s: %s",
            output->temporary.path, strerror(errno));
    app_temporary_forget(&output->temporary);
    return false;
}

/* Replaces the file that was seen. The two files swap their names, so that even an edit of the last
 * moment comes out under the temporary name, where it can be noticed. Until then no signal may
 * remove that name. Not every file system can swap names. */
static bool replace_seen(app_output *output, const app_seen *seen, ct_error *err) {
    struct stat old;
    app_signals_hold();
    if (!app_temporary_keep(&output->temporary, err)) {
        app_signals_release();
        return false;
    }
    const int code = exchange(output) == 0 ? 0 : errno;
    const bool same =
        code != 0 || (lstat(output->temporary.path, &old) == 0 && app_still_as_seen(seen, &old));
    const bool back = same || put_back(output, err);
    app_signals_release();
    if (!same) {
        return back && fail_taken(output, "changed", err);
    }
    if (code == 0) {
        unlink(output->temporary.path); /* whether or not it works: the output is in its place */
        return true;
    }
    return code == ENOENT ? give_free_name(output, err) : give_any_name(output, err);
}

static bool give_name(app_output *output, const app_seen *seen, ct_error *err) {
    struct stat now;
    if (seen && (!seen->exists || stat(output->path, &now) != 0)) {
        return give_free_name(output, err);
    }
    if (seen && !app_still_as_seen(seen, &now)) {
        return fail_taken(output, "changed", err);
    }
    if (seen) {
        return replace_seen(output, seen, err);
    }
    return give_any_name(output, err);
}

/* Writes what is left, with the record's seal: before, where the file is small enough for all of it
 * to be here still. */
static bool write_sealed(app_output *output, ct_error *err) {
    if (output->direct) {
        return app_output_flush(output, err);
    }
    if (output->bytes == 0) {
        codec_seal_bytes(output->buffer, output->used);
        return app_output_flush(output, err);
    }
    return app_output_flush(output, err) && codec_seal_record(output->fd, err);
}

bool app_output_complete(app_output *output, ct_error *err) {
    if (!write_sealed(output, err)) {
        return false;
    }
    /* Not even a crash of the machine may lose a file that is replaced: without this, its name
     * could be left with empty contents. Some file systems have no fsync. */
    if (output->replaces && fsync(output->fd) != 0 && errno != EINVAL && errno != ENOTSUP) {
        return ct_fail(err, "can't write: %s", strerror(errno));
    }
    int fd = output->fd;
    output->fd = -1;
    return close(fd) == 0 || ct_fail(err, "can't write: %s", strerror(errno));
}

bool app_output_place(app_output *output, const app_seen *seen, ct_error *err) {
    if (output->direct) {
        return true;
    }
    if (!give_name(output, seen, err)) {
        return false;
    }
    app_temporary_forget(&output->temporary);
    return true;
}

bool app_output_commit(app_output *output, const app_seen *seen, ct_error *err) {
    return app_output_complete(output, err) && app_output_place(output, seen, err);
}

void app_output_close(app_output *output) {
    if (output->fd >= 0) {
        close(output->fd); /* what it held is discarded: an error changes nothing */
    }
    if (output->temporary.path) {
        unlink(output->temporary.path);
        app_temporary_forget(&output->temporary);
    }
    free(output->path);
    free(output->buffer);
    pthread_mutex_destroy(&output->lock);
    *output = (app_output){.fd = -1, .temporary.cleanup = -1};
}
