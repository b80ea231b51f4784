/* Runs a program and prints its wall time in milliseconds, its peak memory in KiB, and the
 * milliseconds that it kept processors busy, with the programs that it ran.
 *   launch PROGRAM ARGUMENT...
 * A small process, since a child's peak includes what its parent held when it forked. */
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static double milliseconds(struct timeval t) {
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec * 1e-3;
}

int main(int argc, char **argv) {
    pid_t child;
    int status;
    struct rusage usage;
    if (argc < 2) {
        fprintf(stderr, "usage: launch PROGRAM ARGUMENT...\n");
        return 2;
    }
    const double start = now();
    if (posix_spawnp(&child, argv[1], NULL, NULL, argv + 1, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child) {
        perror(argv[1]);
        return 1;
    }
    const double wall = now() - start;
    printf("%.3f %ld %.3f\n", wall, usage.ru_maxrss,
           milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
