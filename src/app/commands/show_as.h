/* convtool show --as: the same in another library's code, or as another program's command. */
#ifndef CT_APP_COMMANDS_SHOW_AS_H
#define CT_APP_COMMANDS_SHOW_AS_H

#include "app/call/call.h"

/* Prints the lines that do what the chain does; returns the exit status. */
int app_show_as(const app_call *call);

#endif
