/* convtool completion: code for bash, zsh and fish. It's in files of this folder, which the
 * Makefile turns into strings; it gets everything from `convtool completion words`. */
#include "app/complete/completion.h"

#include <stdio.h>
#include <string.h>

#include "app/call/help.h"
#include "app/call/message.h"
#include "app/complete/words.h"

/* To add one: completion.SHELL beside this file, a row here and in the Makefile. */
static const struct {
    const char *shell, *script;
} scripts[] = {
    {
        "bash",
#include "app/complete/completion.bash.inc"
    },
    {
        "zsh",
#include "app/complete/completion.zsh.inc"
    },
    {
        "fish",
#include "app/complete/completion.fish.inc"
    },
};

static const char *script_of(const char *shell) {
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (strcmp(scripts[i].shell, shell) == 0) {
            return scripts[i].script;
        }
    }
    return NULL;
}

int app_completion(const app_call *call, const app_commands *commands) {
    const char *shell = call->operands[1];
    const char *script = script_of(shell);
    if (strcmp(shell, "words") == 0) { /* only for the scripts */
        complete_words(commands, call->operands + 2, call->operand_count - 2);
        return APP_OK;
    }
    if (call->operand_count > 2) {
        app_say(NULL, "completion: unexpected operand '%s'", call->operands[2]);
        return APP_USAGE;
    }
    if (script) {
        fputs(script, stdout);
        return APP_OK;
    }
    /* man-SECTION is only for tests/cli/manpage.py. */
    if (strncmp(shell, "man-", 4) == 0 && app_manual_section(shell + 4, commands)) {
        return APP_OK;
    }
    app_say(NULL, "completion: unknown shell '%s'; expected bash, zsh or fish", shell);
    return APP_USAGE;
}
