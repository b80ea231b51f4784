#include "app/run/batch.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/call/message.h"
#include "app/run/jobs.h"
#include "app/run/report.h"

/* One job done and spoken about: its exit status as if it were the only one. An image that the
 * output's format can't hold makes the call a wrong one. */
static int run_job(const app_call *call, const filter_chain *chain, const app_job *job,
                   bool first) {
    app_result result;
    app_convert(call, chain, job, &result);
    app_report_say(call, chain, job, &result);
    if (call->json) {
        app_report_json(job, &result, first);
    } else if (call->dry_run) {
        app_report_plan(job, &result);
    }
    return result.status != APP_ERROR ? APP_OK : result.refused ? APP_USAGE : APP_FAILED;
}

static int run_jobs(const app_call *call, const filter_chain *chain, const app_jobs *jobs) {
    size_t failed = 0;
    int status = APP_OK;
    if (call->json) {
        app_report_json_begin();
    }
    for (size_t i = 0; i < jobs->count; i++) {
        status = run_job(call, chain, &jobs->list[i], i == 0);
        failed += status != APP_OK;
    }
    if (call->json) {
        app_report_json_end(failed);
    }
    if (failed && jobs->count > 1 && call->talk != APP_QUIET) {
        app_say(NULL, "%zu of %zu images failed", failed, jobs->count);
    }
    return jobs->count == 1 ? status : failed ? APP_FAILED : APP_OK;
}

/* A chain that is one unknown word may be a command misspelt: the nearest of both is named. One
 * that is a file stands in the wrong place. */
static void improve_error(const char *text, const app_commands *commands, ct_error *err) {
    struct stat info;
    if (strncmp(err->text, "unknown filter", 14) == 0 && stat(text, &info) == 0) {
        const bool directory = S_ISDIR(info.st_mode);
        ct_fail(err, "%s: is a %s, not a filter; the filter comes first: convtool sobel %s %s",
                text, directory ? "directory" : "file", directory ? "INPUT" : text,
                directory ? text : "OUTPUT");
        return;
    }
    if (text[0] == '\0' || text[strspn(text, "abcdefghijklmnopqrstuvwxyz-")] != '\0') {
        return;
    }
    for (size_t i = 0; app_word_at(commands, i); i++) {
        if (strcmp(app_word_at(commands, i), text) == 0) {
            return; /* it is known: the error is about something else */
        }
    }
    const char *near = filter_named_elsewhere(text);
    near = near ? near : ct_nearest(text, app_word_at, commands);
    if (near) {
        ct_fail(err, "%s: unknown filter or command; did you mean '%s'?", text, near);
    } else {
        ct_fail(err, "%s: unknown filter or command; see convtool list", text);
    }
}

/* An option without effect was meant to have one. */
static void say_unused(const app_call *call, const filter_chain *chain) {
    const char *unused = filter_chain_unused(chain);
    if (unused && call->talk != APP_QUIET) {
        bool kernel = strcmp(unused, "kernel") == 0;
        app_warn(NULL, "--%s: has no effect here; it is for %s", unused,
                 kernel ? "'conv' without a kernel of its own"
                        : "convolution stages (pooling has its own: maxpool:SIZE:STRIDE:PADDING)");
    }
}

int app_batch_run(const app_call *call, const app_commands *commands) {
    ct_error err;
    app_jobs jobs = {0};
    int status = APP_USAGE;
    filter_chain *chain = app_call_chain(call, call->operands[0], &err);
    if (!chain) {
        improve_error(call->operands[0], commands, &err);
    }
    if (chain && app_jobs_make(call, &jobs, &err)) {
        say_unused(call, chain);
        status = run_jobs(call, chain, &jobs);
    } else {
        app_say(NULL, "%s", err.text);
    }
    app_jobs_free(&jobs);
    if (chain) {
        filter_chain_free(chain);
    }
    return status;
}
