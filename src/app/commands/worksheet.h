/* convtool worksheet: exercises on paper, their numbers by the engine. Kinds of exercises
 * (worksheet_kinds.c and the files named after what they are about) fill a sheet
 * (worksheet_sheet.c), which is printed as HTML (worksheet_html.c) or text (worksheet_text.c). */
#ifndef CT_APP_COMMANDS_WORKSHEET_H
#define CT_APP_COMMANDS_WORKSHEET_H

#include "app/call/command.h"

app_command_run app_worksheet;

#endif
