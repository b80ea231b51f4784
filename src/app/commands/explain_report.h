/* For explain: the explanation as text. */
#ifndef CT_APP_COMMANDS_EXPLAIN_REPORT_H
#define CT_APP_COMMANDS_EXPLAIN_REPORT_H

#include "app/commands/explain_session.h"

/* Writes how the session's output pixel is computed, and finds s->agrees. */
bool explain_report(explain_session *s, const explain_style *style, ct_error *err);

#endif
