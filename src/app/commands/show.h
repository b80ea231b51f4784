/* convtool show. */
#ifndef CT_APP_COMMANDS_SHOW_H
#define CT_APP_COMMANDS_SHOW_H

#include "app/call/command.h"

app_command_run app_show;

#endif
