/* Disturbs a program while it gives a file its name, for tests/cli/replacing.py: with this in
 * LD_PRELOAD, the shell does BEFORE_RENAME_N before the N-th call of rename or renameat2. With
 * RENAME_WITHOUT=FLAG, a number, renameat2 fails with that flag, as on some file systems. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void disturb(void) {
    static int calls;
    char name[32];
    snprintf(name, sizeof name, "BEFORE_RENAME_%d", ++calls);
    const char *command = getenv(name);
    unsetenv("LD_PRELOAD"); /* the shell's own programs aren't disturbed */
    if (command && system(command) != 0) {
        abort();
    }
}

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned int flags) {
    const char *without = getenv("RENAME_WITHOUT");
    disturb();
    if (without && *without && flags == strtoul(without, NULL, 10)) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
}

int rename(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}
