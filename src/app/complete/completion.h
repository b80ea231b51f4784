/* convtool completion: the code that makes a shell complete what convtool takes. */
#ifndef CT_APP_COMPLETE_COMPLETION_H
#define CT_APP_COMPLETE_COMPLETION_H

#include "app/call/command.h"

app_command_run app_completion;

#endif
