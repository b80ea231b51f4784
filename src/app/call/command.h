/* The reserved words: commands that aren't filters. Each is a row of the table in
 * commands/commands.c; code that prints or searches them is passed the table. */
#ifndef CT_APP_CALL_COMMAND_H
#define CT_APP_CALL_COMMAND_H

#include "app/call/call.h"

typedef struct app_commands app_commands;

/* Runs with operands[0] being the command's name; returns the exit status. */
typedef int app_command_run(const app_call *call, const app_commands *commands);

enum { APP_MAX_OPERANDS = 3 };

typedef struct app_command {
    const char *name;
    const char *arguments;                /* what follows the name, for help */
    const char *summary;                  /* one line */
    const char *manual;                   /* sentences, one per line */
    int where;                            /* the options that it takes: APP_FOR_... or 0 */
    int least, most;                      /* operands after the name */
    const char *values[APP_MAX_OPERANDS]; /* completions of each, see options.h; NULL: none */
    app_command_run *run;
} app_command;

struct app_commands {
    const app_command *list;
    size_t count;
};

const app_command *app_command_find(const app_commands *commands, const char *name);

/* Names of commands and stages together; a ct_name_at whose `names` are the app_commands. */
const char *app_word_at(const void *commands, size_t i);

#endif
