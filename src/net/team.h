/* Threads for a network's operators, which come from the caller: nothing here starts any. */
#ifndef CT_NET_TEAM_H
#define CT_NET_TEAM_H

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

#endif
