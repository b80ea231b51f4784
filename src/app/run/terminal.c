#include "app/run/terminal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opened only to read, and without waiting: that does the least to whatever device it is. */
static bool is_terminal(const app_job *job) {
    if (job->output_fd >= 0) {
        return isatty(job->output_fd);
    }
    if (!S_ISCHR(job->before.file.mode)) {
        return false;
    }
    int fd = open(job->output, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool terminal = fd >= 0 && isatty(fd);
    if (fd >= 0) {
        close(fd);
    }
    return terminal;
}

/* Whether the input may be text: a regular file shows it without being read from. */
static bool may_be_text(const app_job *job) {
    char head[CODEC_COMMENT_BYTES];
    const bool given = job->input_fd >= 0;
    const int fd = given ? job->input_fd : open(job->input, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const off_t at = given ? lseek(fd, 0, SEEK_CUR) : 0;
    const ssize_t size = fd >= 0 && at >= 0 ? pread(fd, head, sizeof head, at) : -1;
    if (!given && fd >= 0) {
        close(fd);
    }
    return size < 0 || codec_is_text(head, (size_t)size);
}

bool app_terminal_takes(const app_job *job, const codec_format *format, ct_error *err) {
    return !is_terminal(job) || (format ? codec_format_text(format) : may_be_text(job)) ||
           ct_fail(err,
                   "is a terminal, and an image is binary; name a file, or see the picture with "
                   "--view, or its numbers with --format txt");
}
