/* For show: the kernels of a filter. */
#ifndef CT_APP_COMMANDS_SHOW_FILTER_H
#define CT_APP_COMMANDS_SHOW_FILTER_H

#include "app/call/call.h"

/* Shows what the stages of a chain compute, on gray or on as many channels as a bank wants: their
 * kernels, or where there are none what they do; or makes a picture of the kernels for -o. Returns
 * the exit status. */
int show_filter(const app_call *call);

#endif
