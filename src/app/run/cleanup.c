#include "app/run/cleanup.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* A signal handler gets no argument, so this is the only global state. */
static char temporary[PATH_MAX];
static volatile sig_atomic_t temporary_exists;

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};

enum { DEADLY_COUNT = sizeof deadly / sizeof *deadly };

/* SA_RESETHAND has restored the default action: sending the signal again ends the program with the
 * status that its parent expects. */
static void on_signal(int signal_number) {
    if (temporary_exists) {
        unlink(temporary);
    }
    kill(getpid(), signal_number);
}

void app_signals_install(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
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

void app_signals_hold(sigset_t *before) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        sigaddset(&set, deadly[i]);
    }
    pthread_sigmask(SIG_BLOCK, &set, before);
}

void app_signals_release(const sigset_t *before) {
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

bool app_cleanup_set(const char *path) {
    temporary_exists = 0;
    if (!path) {
        return true;
    }
    size_t size = strlen(path) + 1;
    if (size > sizeof temporary) {
        return false;
    }
    memcpy(temporary, path, size);
    temporary_exists = 1;
    return true;
}
