/* convtool lesson. */
#ifndef CT_APP_COMMANDS_LESSON_H
#define CT_APP_COMMANDS_LESSON_H

#include "app/call/command.h"

app_command_run app_lesson;

#endif
