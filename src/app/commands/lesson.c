/* convtool lesson: the page for a class, with a teacher's own chain and pictures. */
#include "app/commands/lesson.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/call/chain_warnings.h"
#include "app/call/message.h"
#include "app/call/parse.h"
#include "app/commands/lesson_page.h"
#include "app/run/descriptor.h"
#include "app/run/output.h"

/* Whether the file begins as our pages do, or is empty. */
static bool is_ours(const char *path) {
    char head[LESSON_HEAD];
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    const ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof head);
    if (fd >= 0) {
        close(fd);
    }
    return got == 0 || (got > 0 && memmem(head, (size_t)got, LESSON_MARK, strlen(LESSON_MARK)));
}

static bool write_page(const app_call *call, const ct_text *page, ct_error *err) {
    app_output output;
    app_seen seen;
    const int fd = app_look(call->output, STDOUT_FILENO, &seen);
    if (fd < 0 && seen.exists && !call->force && !is_ours(call->output)) {
        return ct_fail(err, "already exists, and convtool didn't write it; -f replaces it");
    }
    const app_destination to = {
        .path = call->output, .fd = fd, .absent = seen.absent && !call->force};
    const bool ok = app_output_open(&output, &to, err) &&
                    app_output_put(&output, page->bytes, page->length, err) &&
                    app_output_commit(&output, call->force ? NULL : &seen, err);
    app_output_close(&output);
    return ok;
}

/* Whether the chain can be run in the page; the error is a usage error. */
static bool check_chain(const app_call *call, const char *text, ct_error *err) {
    filter_chain *chain = app_call_chain(call, text, err);
    filter_network network;
    bool ok = chain != NULL;
    if (ok && filter_chain_network(chain, &network)) {
        ok = ct_fail(err, "net: the page has no room for networks among the filters");
    }
    if (ok) {
        app_warn_chain(call, chain);
    }
    filter_chain_free(chain);
    return ok;
}

int app_lesson(const app_call *call, const app_commands *commands) {
    (void)commands;
    ct_error err;
    ct_text page = {0};
    char **paths = call->operands + 1;
    int count = call->operand_count - 1;
    const char *chain = NULL;
    if (!call->output || call->output_count > 1) {
        app_say(NULL, "lesson: expected one -o PAGE.html, the file to write");
        return APP_USAGE;
    }
    if (strcmp(call->output, "-") != 0 && !ct_is_html(call->output)) {
        app_say(NULL, "lesson: %s: expected a name that ends in .html", call->output);
        return APP_USAGE;
    }
    if (count > 0 && (filter_begins_chain(paths[0]) || access(paths[0], F_OK) != 0)) {
        chain = *paths++;
        count--;
    }
    if (chain && !check_chain(call, chain, &err)) {
        app_say(NULL, "%s", err.text);
        return APP_USAGE;
    }
    bool ok = lesson_page_fill(call, chain, paths, count, &page, &err);
    if (!ok) {
        app_say(NULL, "%s", err.text);
    } else if (!(ok = write_page(call, &page, &err))) {
        app_say(app_output_name(call->output), "%s", err.text);
    }
    ct_text_free(&page);
    return ok ? APP_OK : APP_FAILED;
}
