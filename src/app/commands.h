/* The reserved words: commands that aren't filters. */
#ifndef CT_APP_COMMANDS_H
#define CT_APP_COMMANDS_H

#include "app/call.h"

/* Runs with operands[0] being the command's name; returns the exit status. */
typedef int app_command_run(const app_call *call);

typedef struct app_command {
    const char *name;
    const char *arguments; /* what follows the name, for help */
    const char *summary;   /* one line */
    const char *manual;    /* sentences, one a line */
    int where;             /* the options that it takes: APP_FOR_... or 0 */
    int least, most;       /* operands behind the name */
    app_command_run *run;
} app_command;

const app_command *app_command_at(size_t i); /* NULL past the last */
const app_command *app_command_find(const char *name);

/* Names of stages and commands together, for ct_nearest. */
const char *app_word_at(size_t i);

/* The commands. */
app_command_run app_list, app_show, app_explain, app_completion, app_help, app_version;

/* `convtool` alone, and `convtool --help`. */
void app_help_short(void);
void app_help_main(void);

/* The man page's generated sections (completion.c's sister); false for an unknown section. */
bool app_manual_section(const char *name);

#endif
