/* For explain: --steps, a pixel after another in the terminal. */
#ifndef CT_APP_COMMANDS_EXPLAIN_STEPS_H
#define CT_APP_COMMANDS_EXPLAIN_STEPS_H

#include "app/commands/explain_session.h"

/* Whether there is a terminal to show it on and to read keys from; else the error says so. */
bool explain_steps_possible(ct_error *err);

/* Shows the session's pixel, and moves on as keys say, until q. Whatever ends it, the terminal is
 * as before. */
bool explain_steps(explain_session *s, ct_error *err);

#endif
