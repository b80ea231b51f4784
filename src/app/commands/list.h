/* convtool list. */
#ifndef CT_APP_COMMANDS_LIST_H
#define CT_APP_COMMANDS_LIST_H

#include "app/call/command.h"

app_command_run app_list;

#endif
