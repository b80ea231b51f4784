/* The table of commands. */
#ifndef CT_APP_COMMANDS_COMMANDS_H
#define CT_APP_COMMANDS_COMMANDS_H

#include "app/call/command.h"

extern const app_commands app_all_commands;

#endif
