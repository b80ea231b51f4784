/* Threads for a network's operators, which come from the caller: nothing here starts any. */
#ifndef CT_NET_TEAM_H
#define CT_NET_TEAM_H

#include <stddef.h>

typedef struct net_team {
    int threads;
    /* Calls task(argument, i) once for each i below `count`, in any order, at most `threads` at
     * once, and returns when all have ended. */
    void (*each)(void *context, int count, void (*task)(void *argument, int i), void *argument);
    void *context;
} net_team;

static inline int net_threads(const net_team *team) {
    return team && team->threads > 1 ? team->threads : 1;
}

static inline void net_each(const net_team *team, int count, void (*task)(void *argument, int i),
                            void *argument) {
    if (count > 1 && net_threads(team) > 1) {
        team->each(team->context, count, task, argument);
        return;
    }
    for (int i = 0; i < count; i++) {
        task(argument, i);
    }
}

/* So many additions, multiplications or moves of numbers, some ten microseconds, are worth a second
 * thread. */
enum { NET_WORTH_A_THREAD = 1 << 16 };

/* The same for a task of about `work` such operations in all: what isn't worth a thread is done by
 * the caller alone. */
static inline void net_each_of(const net_team *team, double work, int count,
                               void (*task)(void *argument, int i), void *argument) {
    net_each(work < NET_WORTH_A_THREAD ? NULL : team, count, task, argument);
}

#endif
