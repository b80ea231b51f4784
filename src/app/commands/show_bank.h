/* convtool show for banks. */
#ifndef CT_APP_COMMANDS_SHOW_BANK_H
#define CT_APP_COMMANDS_SHOW_BANK_H

#include <stdbool.h>

#include "app/call/call.h"

/* Whether the operand is a bank's: bank:... or the name of one that no filter
 * has, perhaps with arguments. */
bool show_is_bank(const char *spec);

/* Prints every filter of the call's bank; returns the exit status. */
int show_bank(const app_call *call);

#endif
