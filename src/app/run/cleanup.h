/* Signals: whatever ends the program, no temporary file stays. */
#ifndef CT_APP_RUN_CLEANUP_H
#define CT_APP_RUN_CLEANUP_H

#include <signal.h>
#include <stdbool.h>

/* INT, TERM, HUP, QUIT and XCPU remove the temporary file and then end the program as they would
 * have anyway; those that the parent had ignored (nohup) stay ignored. PIPE and XFSZ are ignored,
 * so that a closed pipe and a file at its limit are errors of write. */
void app_signals_install(void);

/* Holds these signals back, so that no file exists whose name isn't known yet. */
void app_signals_hold(sigset_t *before);
void app_signals_release(const sigset_t *before);

/* The file that a signal has to remove; NULL: none. False where the path is too long. */
bool app_cleanup_set(const char *path);

#endif
