#include "app/run/batch.h"

#include <string.h>
#include <sys/stat.h>

#include "app/call/chain_warnings.h"
#include "app/call/message.h"
#include "app/call/parse.h"
#include "app/run/cleanup.h"
#include "app/run/jobs.h"
#include "app/run/leftovers.h"
#include "app/run/network.h"
#include "app/run/pool.h"
#include "app/run/resume.h"
#include "app/run/shown.h"
#include "app/run/tally.h"

/* The progress line is wiped first. */
static const char stopping[] = "\r\x1b[K"
                               "convtool: stopping after the images in hand; a second Ctrl-C "
                               "stops at once\n";

/* A first SIGINT finishes the images in hand, where there are several; then the program ends as
 * that signal ends it. */
static int run_jobs(const app_call *call, const filter_chain *chain, const app_jobs *jobs) {
    app_tally tally;
    app_tally_start(&tally, call, chain, jobs);
    const app_pool pool = {.call = call,
                           .chain = chain,
                           .jobs = jobs,
                           .progress = &tally.progress,
                           .tell = app_tally_add,
                           .context = &tally};
    if (jobs->count > 1) {
        app_signals_be_patient(tally.progress.shown ? stopping : NULL);
    }
    app_leftovers_remove(call, jobs);
    app_pool_run(&pool);
    const int status = app_tally_end(&tally);
    app_skipped_say(call, &tally.skipped);
    if (app_interrupted()) {
        app_finish_stdout(status);
        app_signals_end_interrupted();
    }
    return status;
}

/* Words that may have been meant: commands, filters, then kernels. */
static const char *word_at(const void *commands, size_t i) {
    size_t words = 0;
    filter_entry kernel;
    while (words <= i && app_word_at(commands, words)) {
        words++;
    }
    return i < words                                             ? app_word_at(commands, i)
           : filter_entry_at(FILTER_KERNELS, i - words, &kernel) ? kernel.name
                                                                 : NULL;
}

static bool is_word(const app_commands *commands, const char *text) {
    for (size_t i = 0; app_word_at(commands, i); i++) {
        if (strcmp(app_word_at(commands, i), text) == 0) {
            return true;
        }
    }
    return false;
}

/* A blank behind a comma ended the chain, which had no quotes. */
static bool is_cut(const app_call *call) {
    const char *text = call->operands[0];
    const size_t length = strlen(text);
    return length > 0 && text[length - 1] == ',' && call->operand_count > 1 &&
           filter_begins_chain(call->operands[1]);
}

/* A chain that is one unknown word may be a misspelt command: suggests the nearest of both. One
 * that is a file was put in the wrong place. */
static void improve_error(const app_call *call, const app_commands *commands, ct_error *err) {
    const char *text = call->operands[0];
    struct stat info;
    if (is_cut(call)) {
        ct_fail(err, "a blank ends the chain; leave it out, or quote the chain: convtool %s%s",
                text, call->operands[1]);
        return;
    }
    if (!filter_begins_chain(text) && stat(text, &info) == 0) {
        const bool directory = S_ISDIR(info.st_mode);
        ct_fail(err, "%s: is a %s, not a filter; the filter comes first: convtool sobel %s %s",
                text, directory ? "directory" : "file", directory ? "INPUT" : text,
                directory ? text : "OUTPUT");
        return;
    }
    if (text[0] == '\0' || text[strspn(text, "abcdefghijklmnopqrstuvwxyz-")] != '\0' ||
        is_word(commands, text)) {
        return; /* the error is about something else */
    }
    filter_meant meant;
    if (filter_meant_elsewhere(text, &meant)) {
        ct_fail(err, "unknown filter or command '%s'; did you mean %s?", text, meant.text);
        return;
    }
    const char *near = ct_nearest(text, word_at, commands);
    if (near && !is_word(commands, near)) {
        return; /* a kernel, which the error mentions already */
    }
    if (near) {
        ct_fail(err, "unknown filter or command '%s'; did you mean '%s'?", text, near);
    } else {
        ct_fail(err, "unknown filter or command '%s'; see 'convtool list'", text);
    }
}

/* With --view: where pictures are shown. */
static bool open_terminal(app_call *call, codec_terminal **terminal, ct_error *err) {
    if (call->showing) {
        call->terminal = *terminal = app_shown_terminal(err);
    }
    return !call->showing || *terminal;
}

int app_batch_run(const app_call *call, const app_commands *commands) {
    ct_error err;
    app_jobs jobs = {0};
    int status = APP_USAGE;
    filter_chain *chain = app_call_chain(call, call->operands[0], &err);
    if (!chain) {
        improve_error(call, commands, &err);
    }
    app_network *network = NULL;
    codec_terminal *terminal = NULL;
    app_call own = *call;
    bool ok = chain && app_network_open(call, chain, &network, &err);
    own.network = network;
    if (ok && app_jobs_make(&own, chain, &jobs, &err) && open_terminal(&own, &terminal, &err)) {
        app_warn_chain(&own, chain);
        app_resume_warn(&own, &jobs);
        status = run_jobs(&own, chain, &jobs);
    } else {
        app_say(NULL, "%s", err.text);
    }
    app_jobs_free(&jobs);
    codec_terminal_free(terminal);
    app_network_free(network);
    if (chain) {
        filter_chain_free(chain);
    }
    return status;
}
