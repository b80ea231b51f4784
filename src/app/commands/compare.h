/* `convtool compare`: several chains on one image, side by side. */
#ifndef CT_APP_COMMANDS_COMPARE_H
#define CT_APP_COMMANDS_COMPARE_H

#include "app/call/command.h"

app_command_run app_compare;

#endif
