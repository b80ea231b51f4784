/* convtool view: pictures in the terminal. */
#ifndef CT_APP_COMMANDS_VIEW_H
#define CT_APP_COMMANDS_VIEW_H

#include "app/call/command.h"

app_command_run app_view_images;

#endif
