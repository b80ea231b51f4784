/* For explain: the numbers for programs. */
#ifndef CT_APP_COMMANDS_EXPLAIN_JSON_H
#define CT_APP_COMMANDS_EXPLAIN_JSON_H

#include "app/commands/explain_session.h"

/* Writes the session's pixel, and for each of the engine's stages its window, its kernels and what
 * it makes, as one object; and finds s->agrees, as explain_report does. */
bool explain_json(explain_session *s, FILE *out, ct_error *err);

#endif
