#include "app/run/conflicts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/existing.h"
#include "app/run/places.h"
#include "app/run/terminal.h"

typedef struct file_id {
    dev_t device;
    ino_t inode;
} file_id;

static int by_id(const void *a, const void *b) {
    const file_id *left = a, *right = b;
    int device = (left->device > right->device) - (left->device < right->device);
    return device ? device : (left->inode > right->inode) - (left->inode < right->inode);
}

/* An output that is an input would destroy it. */
static bool check_inputs(const app_call *call, const app_jobs *jobs, ct_error *err) {
    file_id *inputs = calloc(jobs->count, sizeof *inputs);
    if (!inputs) {
        return ct_fail(err, "out of memory");
    }
    size_t count = 0;
    for (size_t i = 0; i < jobs->count; i++) {
        const app_file *file = &jobs->list[i].from->file;
        if (S_ISREG(file->mode)) {
            inputs[count++] = (file_id){file->device, file->inode};
        }
    }
    qsort(inputs, count, sizeof *inputs, by_id);
    bool ok = true;
    for (size_t i = 0; ok && i < jobs->count; i++) {
        const app_job *job = &jobs->list[i];
        const app_file *file = &job->before.file;
        const file_id id = {file->device, file->inode};
        const bool replaced = call->in_place && !job->tap;
        if (S_ISREG(file->mode) && !replaced && !app_is_kept(call, job) &&
            bsearch(&id, inputs, count, sizeof id, by_id)) {
            ok = ct_fail(err, "%s: is also an input%s", app_output_name(job->output),
                         job->tap     ? "; --tap needs another name"
                         : jobs->lone ? "; give the output another name"
                         : call->recursive
                             ? "; give outputs a directory of their own, or use --in-place to "
                               "replace inputs"
                             : "; use --in-place to replace inputs");
        }
    }
    free(inputs);
    return ok;
}

/* A descriptor can be read only once. */
static bool check_input_stream(const app_call *call, const app_jobs *jobs, size_t i,
                               ct_error *err) {
    const app_job *job = &jobs->list[i];
    const char *name = app_input_name(job->input);
    const mode_t mode = job->from->file.mode;
    if (call->in_place && mode && !S_ISREG(mode) && !S_ISDIR(mode)) {
        return ct_fail(err, "%s: can't be replaced by --in-place, as it isn't a regular file",
                       name);
    }
    if (job->input_fd < 0) {
        return true;
    }
    for (size_t k = 0; k < i; k++) {
        if (jobs->list[k].input_fd == job->input_fd) {
            return ct_fail(err, "%s: can be read only once", name);
        }
    }
    if (call->in_place) {
        return ct_fail(err, "%s: can't be replaced by --in-place", name);
    }
    return fcntl(job->input_fd, F_GETFD) >= 0 ||
           ct_fail(err, "%s: this descriptor isn't open", name);
}

static bool check_output_stream(const app_call *call, const app_job *job, ct_error *err) {
    const char *name = app_output_name(job->output);
    if (job->output_fd >= 0 && fcntl(job->output_fd, F_GETFD) < 0) {
        return ct_fail(err, "%s: this descriptor isn't open", name);
    }
    if (job->output_fd == STDOUT_FILENO &&
        (call->json || call->dry_run || call->trace || call->showing)) {
        return ct_fail(err, "%s: is used by %s; name a file for the image", name,
                       call->json      ? "--json"
                       : call->dry_run ? "--dry-run"
                       : call->trace   ? "--trace"
                                       : "--view");
    }
    return app_terminal_takes(job, job->format, err) || ct_fail_at(err, "%s: ", name);
}

static bool check_streams(const app_call *call, const app_jobs *jobs, ct_error *err) {
    for (size_t i = 0; i < jobs->count; i++) {
        if (!check_input_stream(call, jobs, i, err) ||
            !check_output_stream(call, &jobs->list[i], err)) {
            return false;
        }
    }
    return true;
}

/* Refuses a --depth that the format can't hold. The codec's own error is better than ours, so it's
 * asked about a small image. */
static bool check_depth(const app_call *call, const app_jobs *jobs, ct_error *err) {
    codec_sample wanted = call->depth == 16 ? CODEC_U16 : CODEC_U8;
    for (size_t i = 0; call->depth && i < jobs->count; i++) {
        const codec_format *format = jobs->list[i].shown ? NULL : jobs->list[i].format;
        if (format && codec_format_sample(format, wanted) != wanted) {
            codec_info info = {.width = 1, .height = 1, .channels = 1, .sample = wanted};
            if (codec_format_check(format, &info, err)) {
                ct_fail(err, "%s can't hold %d-bit samples", codec_format_name(format),
                        call->depth);
            }
            return ct_fail_at(err, "%s: ", app_output_name(jobs->list[i].output));
        }
    }
    return true;
}

bool app_jobs_check(const app_call *call, const app_jobs *jobs, ct_error *err) {
    const bool taps = jobs->tap_count > 0;
    return check_streams(call, jobs, err) && check_depth(call, jobs, err) &&
           app_directories_check(call, jobs, err) && app_places_check(call, jobs, err) &&
           ((call->in_place && !taps) || check_inputs(call, jobs, err));
}
