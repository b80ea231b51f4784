/* convtool view: pictures, or what a chain makes of them, in the terminal. */
#include "app/commands/view.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/batch.h"

/* A chain that changes no number. */
static char nothing[] = "scale:1";

int app_view_images(const app_call *call, const app_commands *commands) {
    const int count = call->operand_count;
    const char *first = count > 1 ? call->operands[1] : "";
    const bool named = filter_begins_chain(first) || filter_named_elsewhere(first, 0);
    const bool chain = named && strcmp(first, "-") != 0 && access(first, F_OK) != 0;
    char **operands = malloc(((size_t)count + 1) * sizeof *operands);
    if (!operands) {
        app_say(NULL, "out of memory");
        return APP_FAILED;
    }
    memcpy(operands, call->operands, ((size_t)count + 1) * sizeof *operands);
    operands[0] = nothing;
    app_call own = *call;
    own.operands = chain ? operands + 1 : operands;
    own.operand_count = chain ? count - 1 : count;
    own.showing = call->showing ? call->showing : APP_SHOW_RESULT;
    own.only_shown = true;
    own.as_is = !chain;
    int status = APP_USAGE;
    if (own.showing == APP_SHOW_BOTH && !chain) {
        app_say(NULL, "--view=both: needs a CHAIN; without one there are only the images");
    } else {
        status = app_batch_run(&own, commands);
    }
    free(operands);
    return status;
}
