#include "watched.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void run_from(int first, int count, unsigned seconds, void (*try)(void *context, int i),
                     void *context, volatile int *at) {
    for (int i = first; i < count; i++) {
        *at = i;
        alarm(seconds); /* SIGALRM ends the process */
        try(context, i);
    }
}

static void say(int status) {
    if (WIFSIGNALED(status)) {
        printf(": died of signal %d\n", WTERMSIG(status));
    } else {
        printf(": ended with status %d\n", WEXITSTATUS(status));
    }
}

int watched(int count, unsigned seconds, void (*try)(void *context, int i),
            void (*name)(void *context, int i), void *context) {
    volatile int *at =
        mmap(NULL, sizeof *at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        perror("mmap");
        exit(2);
    }
    int failed = 0;
    for (int first = 0; first < count; first = *at + 1) {
        fflush(stdout);
        const pid_t child = fork();
        if (child == 0) {
            run_from(first, count, seconds, try, context, at);
            fflush(stdout);
            _exit(0);
        }
        int status;
        if (child < 0 || waitpid(child, &status, 0) != child) {
            perror("fork");
            exit(2);
        }
        if (status == 0) {
            break;
        }
        failed++;
        printf("FAILED ");
        name(context, *at);
        say(status);
    }
    munmap((void *)at, sizeof *at);
    return failed;
}
