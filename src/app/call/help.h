/* Help, and the man page's generated sections: all from the tables of options, commands and
 * filters. */
#ifndef CT_APP_CALL_HELP_H
#define CT_APP_CALL_HELP_H

#include "app/call/command.h"

app_command_run app_help, app_version;

/* What `convtool` prints without arguments. */
void app_help_short(void);

/* A section of the man page; false for one that doesn't exist. */
bool app_manual_section(const char *name, const app_commands *commands);

#endif
