/* Signals: no temporary file stays, whichever signal ends the program. */
#ifndef CT_APP_RUN_CLEANUP_H
#define CT_APP_RUN_CLEANUP_H

#include <signal.h>
#include <stdbool.h>

/* INT, TERM, HUP, QUIT and XCPU remove the temporary file and then end the program as usual; those
 * that the parent ignored (nohup) stay ignored. PIPE and XFSZ are ignored, so that a closed pipe
 * and a file at its size limit are errors of write. */
void app_signals_install(void);

/* Blocks these signals while a file exists whose name isn't set yet. */
void app_signals_hold(sigset_t *before);
void app_signals_release(const sigset_t *before);

/* Sets the file that a signal has to remove; NULL: none. False where the path is too long. */
bool app_cleanup_set(const char *path);

#endif
