/* For worksheet: a sheet as HTML or text. */
#ifndef CT_APP_COMMANDS_WORKSHEET_PRINT_H
#define CT_APP_COMMANDS_WORKSHEET_PRINT_H

#include "app/commands/worksheet_sheet.h"
#include "base/error.h"

/* What our HTML files and texts begin with. */
#define SHEET_MARK "convtool worksheet"

/* Appends a page, as it's printed on A4 paper; with the solutions on pages of their own behind it,
 * if wanted. False with an error. */
bool sheet_print_html(const sheet *s, bool solution, ct_text *out, ct_error *err);

/* The same as text of at most some 80 columns, unless a grid is wider. */
bool sheet_print_text(const sheet *s, bool solution, ct_text *out, ct_error *err);

#endif
