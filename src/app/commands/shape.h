/* convtool shape: what a chain makes of an image of that shape. */
#ifndef CT_APP_COMMANDS_SHAPE_H
#define CT_APP_COMMANDS_SHAPE_H

#include "app/call/command.h"

app_command_run app_shape;

#endif
