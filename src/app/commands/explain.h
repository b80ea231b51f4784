/* convtool explain, in three parts: the engine's own values (explain_values.c), the arithmetic of
 * one stage redone in double precision (explain_stage.c, explain_point.c), and tables
 * (explain_table.c). */
#ifndef CT_APP_COMMANDS_EXPLAIN_H
#define CT_APP_COMMANDS_EXPLAIN_H

#include "app/call/command.h"

app_command_run app_explain;

#endif
