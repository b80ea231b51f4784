#include "app/run/tally.h"

#include "app/call/message.h"
#include "app/run/cleanup.h"
#include "base/clock.h"

void app_tally_start(app_tally *tally, const app_call *call, const filter_chain *chain,
                     const app_jobs *jobs) {
    *tally = (app_tally){.call = call, .chain = chain, .start = ct_clock()};
    tally->counts.images = jobs->count;
    tally->only = jobs->count == 1;
    tally->shows = jobs->count > 0 && jobs->list[0].shown;
    tally->counts.unread = jobs->inputs.failed;
    tally->skipped = jobs->inputs.skipped;
    app_progress_start(&tally->progress, call, jobs->count);
}

static void count(app_counts *counts, app_status status) {
    counts->begun++;
    counts->written += status == APP_WRITTEN;
    counts->kept += status == APP_KEPT;
    counts->planned += status == APP_PLANNED;
    counts->failed += status == APP_ERROR;
}

/* Also where there happens to be only one image. */
static bool is_batch(const app_tally *tally) {
    const app_call *call = tally->call;
    const bool many = call->recursive || call->files_from || call->shards > 0;
    return tally->counts.images > 1 || (tally->counts.images == 1 && many);
}

/* Once for each image, in its turn. A picture that can't be made isn't worth its file. */
static void show(app_tally *tally, const app_job *job, const app_result *result) {
    ct_error err;
    if (!app_shown_print(result->shown, is_batch(tally), &err)) {
        app_say(job->input, "--view: %s", err.text);
        tally->counts.failed += tally->shows;
        tally->counts.written -= tally->shows;
    }
}

/* It never was one of the images. */
static void skip(app_tally *tally, const app_job *job, const app_result *result) {
    tally->counts.images--;
    app_progress_pause(&tally->progress);
    app_skipped_add(&tally->skipped, job->input, result->kind, tally->call->talk == APP_VERBOSE);
    app_progress_resume(&tally->progress);
    app_progress_skipped(&tally->progress);
}

void app_tally_add(void *context, const app_job *job, const app_result *result) {
    app_tally *tally = context;
    const app_call *call = tally->call;
    const bool failed = result->status == APP_ERROR;
    if (result->status == APP_SKIPPED) {
        skip(tally, job, result);
        return;
    }
    count(&tally->counts, result->status);
    tally->refused = failed && result->refused;
    if (result->status == APP_WRITTEN) {
        app_clipping_add(&tally->clipping, job, result);
    }
    app_progress_pause(&tally->progress);
    if (result->shown && result->status == APP_WRITTEN) {
        show(tally, job, result);
    }
    app_report_say(call, tally->chain, job, result, tally->only);
    if (call->json) {
        app_report_json(job, result);
    } else if (call->dry_run) {
        app_report_plan(job, result);
    } else if (result->trace && result->status == APP_WRITTEN) {
        fputs(tally->traced++ ? "\n" : "", stdout);
        fputs(result->trace->said.bytes, stdout);
    }
    app_progress_resume(&tally->progress);
    app_progress_done(&tally->progress, failed, result->read);
}

/* "1498 written, 2 failed, 0 kept in 0.6 s" */
static void say_counts(const app_tally *tally) {
    const app_counts *counts = &tally->counts;
    const size_t left = counts->images - counts->begun;
    const char *end = app_interrupted() ? "interrupted: " : "";
    char rest[64] = "", unread[64] = "";
    if (left > 0) {
        snprintf(rest, sizeof rest, ", %zu not begun", left);
    }
    if (counts->unread > 0) {
        snprintf(unread, sizeof unread, ", %zu director%s unread", counts->unread,
                 counts->unread == 1 ? "y" : "ies");
    }
    if (tally->shows) {
        app_say(NULL, "%s%zu shown, %zu failed%s%s in %.1f s", end, counts->written, counts->failed,
                rest, unread, counts->seconds);
    } else if (tally->call->dry_run) {
        app_say(NULL, "%s%zu would be written, %zu failed, %zu would be kept%s%s", end,
                counts->planned, counts->failed, counts->kept, rest, unread);
    } else {
        app_say(NULL, "%s%zu written, %zu failed, %zu kept%s%s in %.1f s", end, counts->written,
                counts->failed, counts->kept, rest, unread, counts->seconds);
    }
}

int app_tally_end(app_tally *tally) {
    app_counts *counts = &tally->counts;
    counts->seconds = ct_clock() - tally->start;
    counts->skipped = tally->skipped.files;
    app_progress_pause(&tally->progress);
    app_progress_resume(&tally->progress);
    if (tally->call->talk != APP_QUIET) {
        app_clipping_say(tally->call, &tally->clipping, counts->images);
    }
    if (tally->call->json) {
        app_report_json_counts(counts);
    }
    const bool seen = tally->shows && counts->failed + counts->unread == 0 && !app_interrupted();
    if (is_batch(tally) && !seen && tally->call->talk != APP_QUIET) {
        say_counts(tally);
    }
    /* An only image that its output's format can't hold makes the call wrong. */
    return counts->failed + counts->unread == 0    ? APP_OK
           : counts->images == 1 && tally->refused ? APP_USAGE
                                                   : APP_FAILED;
}
