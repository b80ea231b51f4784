/* convtool explain: an image and a pixel (explain_session.c), the engine's own values there
 * (explain_values.c), the arithmetic of a stage redone in double precision (explain_stage.c,
 * explain_point.c, ...) and tables (explain_table.c), as text (explain_report.c), a key at a time
 * (explain_steps.c) or as JSON (explain_json.c). */
#ifndef CT_APP_COMMANDS_EXPLAIN_H
#define CT_APP_COMMANDS_EXPLAIN_H

#include "app/call/command.h"

app_command_run app_explain;

#endif
