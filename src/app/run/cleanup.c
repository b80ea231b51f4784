#include "app/run/cleanup.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A signal handler gets no argument, so this is global. 16 MiB, of which only what is used is ever
 * touched: mapped, as LeakSanitizer reads all of what is static. Zero: all are free. */
static struct slot {
    char path[PATH_MAX];
    atomic_int state;
} * slots;
enum { FREE, TAKEN, EXISTS };

/* Threads between app_signals_hold and app_signals_release. */
static atomic_int holding;
/* Of this thread: whether it's between them, and the signal that came meanwhile (0: none). */
static _Thread_local volatile sig_atomic_t holds, postponed;
static atomic_bool ending, patient, interrupted;
static void (*_Atomic before_end)(void);
static const char *_Atomic said; /* to a terminal when it comes; NULL: nothing */

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};

enum { DEADLY_COUNT = sizeof deadly / sizeof *deadly };

static void say(const char *text) {
    const int code = errno;
    const ssize_t told = text ? write(STDERR_FILENO, text, strlen(text)) : 0;
    (void)told; /* if it fails, nobody can be told of that either */
    errno = code;
}

/* A first SIGINT only asks to stop, if somebody looks at app_interrupted. Else the default action
 * is restored: sending the signal again ends the program with the status that its parent expects.
 * Where this thread is about to create a file, that waits; and this waits for other threads. */
static void on_signal(int signal_number) {
    if (signal_number == SIGINT && atomic_load(&patient) && !atomic_exchange(&interrupted, true)) {
        say(atomic_load(&said));
        return;
    }
    if (holds) {
        postponed = signal_number;
        return;
    }
    if (atomic_exchange(&ending, true)) {
        return; /* another thread is at it */
    }
    while (atomic_load(&holding) > 0) {
    }
    void (*const call)(void) = atomic_load(&before_end);
    if (call) {
        call();
    }
    for (int i = 0; slots && i < APP_MOST_TEMPORARY; i++) {
        if (atomic_load(&slots[i].state) == EXISTS) {
            unlink(slots[i].path);
        }
    }
    signal(signal_number, SIG_DFL);
    kill(getpid(), signal_number);
}

void app_signals_install(void) {
    void *mapped = mmap(NULL, APP_MOST_TEMPORARY * sizeof *slots, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    slots = mapped == MAP_FAILED ? NULL : mapped;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        struct sigaction before;
        if (sigaction(deadly[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(deadly[i], &action, NULL);
        }
    }
    /* A closed pipe and a file at its size limit become errors of write, which are reported. */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
}

/* No signal is blocked: that would be two system calls for each file. */
void app_signals_hold(void) {
    holds = 1;
    atomic_fetch_add(&holding, 1);
    if (atomic_load(&ending)) { /* the handler, in another thread, may not see our file any more */
        atomic_fetch_sub(&holding, 1);
        while (true) {
            pause();
        }
    }
}

void app_signals_release(void) {
    atomic_fetch_sub(&holding, 1);
    holds = 0;
    const int signal_number = postponed;
    if (signal_number) {
        postponed = 0;
        raise(signal_number);
    }
}

void app_signals_be_patient(const char *text) {
    atomic_store(&said, text);
    atomic_store(&patient, true);
}

void app_signals_before_end(void (*call)(void)) {
    atomic_store(&before_end, call);
}

bool app_interrupted(void) {
    return atomic_load(&interrupted);
}

void app_signals_end_interrupted(void) {
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
}

int app_cleanup_add(const char *path) {
    const size_t size = strlen(path) + 1;
    for (int i = 0; slots && i < APP_MOST_TEMPORARY && size <= PATH_MAX; i++) {
        int state = FREE;
        if (atomic_compare_exchange_strong(&slots[i].state, &state, TAKEN)) {
            memcpy(slots[i].path, path, size);
            atomic_store(&slots[i].state, EXISTS);
            return i;
        }
    }
    errno = size > PATH_MAX ? ENAMETOOLONG : ENOMEM;
    return -1;
}

void app_cleanup_remove(int slot) {
    atomic_store(&slots[slot].state, FREE);
}
