/* Signals: no temporary file stays, whichever signal ends the program. */
#ifndef CT_APP_RUN_CLEANUP_H
#define CT_APP_RUN_CLEANUP_H

#include <stdbool.h>

/* One for each thread that may work on an image, or for each map of the one image in hand. */
enum { APP_MOST_TEMPORARY = 4096 };

/* INT, TERM, HUP, QUIT and XCPU remove the temporary files and then end the program as usual; those
 * that the parent ignored (nohup) stay ignored. PIPE and XFSZ are ignored, so that a closed pipe
 * and a file at its size limit are errors of write. */
void app_signals_install(void);

/* From now on a first SIGINT only writes the text to standard error, unless it's NULL,
 * and makes app_interrupted true; a second one ends the program. */
void app_signals_be_patient(const char *text);
bool app_interrupted(void);

/* What a signal that ends the program calls first, from its handler; NULL: nothing. It may only
 * call what handlers may. */
void app_signals_before_end(void (*call)(void));

/* Ends the program as that first signal would have. */
void app_signals_end_interrupted(void);

/* Around the creation of a file and its app_cleanup_add: no signal ends the program in between,
 * whichever thread gets it. Short: the handler waits for it. */
void app_signals_hold(void);
void app_signals_release(void);

/* Adds a file that a signal has to remove. Gives the number for app_cleanup_remove; -1 with
 * errno where the path is too long or there is no room. */
int app_cleanup_add(const char *path);
void app_cleanup_remove(int slot);

#endif
