/* Whose a temporary file is: its name says it. kill -9 leaves such files behind, and a later run
 * may remove them once their process is gone. */
#ifndef CT_APP_RUN_OWNER_H
#define CT_APP_RUN_OWNER_H

#include <stdbool.h>

enum { APP_OWNED_NAME = 64 }; /* bytes of such a name, at most */

/* A name for this process's next file: .convtool-MACHINE-PID-TIME.tmp, numbers in base 16. TIME is
 * now, in nanoseconds since the machine's start. MACHINE stands for whatever PID is counted in:
 * this boot of this machine, and the container; where we can't tell, it is left out. A file that
 * exists may have the name. Safe from several threads. */
void app_owned_name(char name[APP_OWNED_NAME]);

/* Whether the name is one of these and its process is known to be gone. One of another machine
 * never is, as nobody here can tell. */
bool app_owner_is_gone(const char *name);

/* Turns the name, or a path that ends with it, into that of a file which no run removes. */
void app_owned_name_keep(char *name);

#endif
