/* Outputs that are terminals: they are shown text, never a picture's bytes. */
#ifndef CT_APP_RUN_TERMINAL_H
#define CT_APP_RUN_TERMINAL_H

#include "app/run/job.h"

/* False, with an error that doesn't name the output, where it's a terminal and the format isn't
 * text. `format` NULL: the input's own, which its first bytes tell, unless it's a pipe. */
bool app_terminal_takes(const app_job *job, const codec_format *format, ct_error *err);

#endif
