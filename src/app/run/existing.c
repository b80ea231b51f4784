#include "app/run/existing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/run/record.h"
#include "app/run/resume.h"
#include "app/run/spread.h"

/* Why a file may not be replaced. */
typedef enum verdict { MAY_REPLACE, FOREIGN, EDITED, UNREADABLE } verdict;

bool app_is_ours(int fd) {
    char record[CODEC_RECORD_MOST + 1];
    return codec_find_record(fd, record) && !app_record_is_edit(record);
}

/* What is found out about an output. */
typedef struct judged {
    verdict why;
    int code;   /* UNREADABLE: errno */
    bool timed; /* it's done, going by its times alone */
} judged;

/* Whether the output may be replaced, and is done; job->before is then of the same open file. */
static judged judge(const app_resume *resume, app_job *job) {
    char record[CODEC_RECORD_MOST + 1];
    app_seen *seen = &job->before;
    struct stat info;
    const int fd = open(job->output, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        const judged unreadable = {.why = UNREADABLE, .code = errno};
        if (fd >= 0) {
            close(fd);
        }
        return unreadable;
    }
    judged is = {.why = MAY_REPLACE};
    seen->file = app_file_of(&info);
    const codec_format *found = codec_find_record(fd, record);
    job->done = app_resume_finds_done(resume, job, fd, found, record, &is.timed);
    close(fd);
    if (seen->file.size > 0) {
        is.why = !found ? FOREIGN : app_record_is_edit(record) ? EDITED : MAY_REPLACE;
    }
    return is;
}

static bool refuse(const app_call *call, const app_job *job, const judged *is, size_t more,
                   ct_error *err) {
    ct_error reason = {""}, others = {""};
    if (is->why == UNREADABLE) {
        ct_fail(&reason, "can't be read to see whether convtool wrote it: %s", strerror(is->code));
    } else if (is->why == EDITED) {
        ct_fail(&reason, "convtool only changed it in place");
    } else if (call->strip) {
        ct_fail(&reason, "it has no record that convtool wrote it (--strip leaves that out)");
    } else if (job->format && !codec_format_keeps_record(job->format)) {
        ct_fail(&reason,
                "it has no record that convtool wrote it (its format has no room for one)");
    } else {
        ct_fail(&reason, "convtool didn't write it");
    }
    if (more > 0) {
        ct_fail(&others, ", and %zu more output%s", more, more == 1 ? "" : "s");
    }
    /* Two inputs without an output look like this: nobody should be told to replace the second. */
    const bool last = strcmp(job->output, call->operands[call->operand_count - 1]) == 0;
    return ct_fail(
        err, "%s: already exists, and %s; %s-f replaces it%s%s", job->output, reason.text,
        last && !call->output ? "the last name is the OUTPUT, and " : "", others.text,
        last && call->showing ? "; 'convtool view CHAIN IMAGE...' only shows images" : "");
}

/* With --no-clobber, nothing is replaced; with --force, anything may be. */
static bool is_of_interest(const app_call *call, const app_job *job) {
    return job->before.exists && (!call->in_place || job->tap) && !call->no_clobber &&
           (!call->force || call->resume);
}

typedef struct judging {
    const app_resume *resume;
    app_jobs *jobs;
    judged *of; /* each job */
} judging;

static void judge_one(void *context, size_t i) {
    const judging *all = context;
    app_job *job = &all->jobs->list[i];
    if (is_of_interest(all->resume->call, job)) {
        all->of[i] = judge(all->resume, job);
        if (all->of[i].why != MAY_REPLACE && app_is_skipped(job->from)) {
            all->of[i].why = MAY_REPLACE; /* nothing will be written */
        }
    }
}

static bool refuse_first(const app_call *call, const judging *all, ct_error *err) {
    const app_jobs *jobs = all->jobs;
    size_t first = 0, count = 0;
    for (size_t i = jobs->count; i-- > 0;) {
        if (!jobs->list[i].done && !call->force && all->of[i].why != MAY_REPLACE) {
            first = i;
            count++;
        }
    }
    return count == 0 || refuse(call, &jobs->list[first], &all->of[first], count - 1, err);
}

bool app_existing_check(const app_call *call, const filter_chain *chain, app_jobs *jobs,
                        ct_error *err) {
    app_resume resume;
    judging all = {.resume = &resume, .jobs = jobs};
    bool ok = app_resume_start(&resume, call, chain, err);
    all.of = ok ? calloc(jobs->count + 1, sizeof *all.of) : NULL;
    if (ok && all.of) {
        app_spread(app_threads(call), jobs->count, judge_one, &all);
        jobs->timed = NULL;
        for (size_t i = 0; !jobs->timed && i < jobs->count; i++) {
            jobs->timed = all.of[i].timed ? &jobs->list[i] : NULL;
        }
        ok = refuse_first(call, &all, err);
    } else if (ok) {
        ok = ct_fail(err, "out of memory");
    }
    free(all.of);
    app_resume_end(&resume);
    return ok;
}

bool app_still_as_seen(const app_seen *seen, const struct stat *now) {
    const app_file *then = &seen->file;
    return now->st_dev == then->device && now->st_ino == then->inode &&
           now->st_size == then->size && now->st_mtim.tv_sec == then->changed.tv_sec &&
           now->st_mtim.tv_nsec == then->changed.tv_nsec;
}

/* Nothing is lost in a device or a pipe. */
bool app_no_clobber_keeps(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0 && (stat(path, &info) != 0 || S_ISREG(info.st_mode));
}

bool app_is_kept(const app_call *call, const app_job *job) {
    if (job->done || !call->no_clobber || job->shown || job->output_fd >= 0) {
        return job->done;
    }
    bool all = job->map_count > 0;
    for (int i = 0; all && i < job->map_count; i++) {
        all = app_no_clobber_keeps(job->maps[i].output);
    }
    return all || (!job->template && app_no_clobber_keeps(job->output));
}
