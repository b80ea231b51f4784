#include "app/run/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/clock.h"

/* Short jobs shouldn't make a line flicker. */
static const double patience = 0.4; /* seconds */

void app_progress_start(app_progress *progress, const app_call *call, const char *input) {
    const char *term = getenv("TERM");
    *progress = (app_progress){.input = app_input_name(input), .percent = -1, .start = app_clock()};
    progress->shown = call->talk != APP_QUIET && isatty(STDERR_FILENO) && term && *term &&
                      strcmp(term, "dumb") != 0;
}

void app_progress_step(void *context, int done, int rows) {
    app_progress *progress = context;
    int percent = rows > 0 ? (int)((long)done * 100 / rows) : 100;
    if (percent == progress->percent || app_clock() - progress->start < patience) {
        return;
    }
    progress->percent = percent;
    progress->drawn = true;
    ct_text name = {0};
    if (app_escape(&name, progress->input)) {
        fprintf(stderr, "\r%3d%% %.60s", percent, name.bytes ? name.bytes : "");
        fflush(stderr);
    }
    ct_text_free(&name);
}

void app_progress_end(app_progress *progress) {
    if (progress->drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
}
