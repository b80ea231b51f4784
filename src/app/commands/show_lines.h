/* A whole program as lines of Python. Internal to show. */
#ifndef CT_APP_COMMANDS_SHOW_LINES_H
#define CT_APP_COMMANDS_SHOW_LINES_H

#include "app/commands/show_python.h"

/* Writes all stages, as the library says things. */
bool show_lines(show_code *code, const python *py, const conv_stage *stages, int count);

#endif
