#include "app/run/team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* A task is some ten microseconds of work at least, and the next comes soon: a thread looks so
 * often before it sleeps. */
enum { MOST = 64, LOOKS = 200 };

typedef void team_task(void *argument, int i);

struct app_team {
    net_team net;
    pthread_t threads[MOST];
    int started;

    /* The round's task. A thread that comes late may look at them while the next ones are written,
     * but takes a part only if `next` hasn't changed meanwhile; so that is closed in between. */
    _Atomic(team_task *) task;
    _Atomic(void *) argument;
    atomic_int count;
    _Atomic uint64_t next; /* the round, which goes up with each task, and the next part to do */
    atomic_int left;       /* parts that aren't done */
    pthread_mutex_t lock;  /* for sleeping */
    pthread_cond_t more;
    int sleeping;
    atomic_bool end;
};

enum { ROUND = 32 /* bits of `next` below the round */, CLOSED = INT32_MAX };

static unsigned round_of(const app_team *team) {
    return (unsigned)(atomic_load(&team->next) >> ROUND);
}

/* Does parts of that round until there are none to take. */
static void work(app_team *team, unsigned round) {
    uint64_t next = atomic_load(&team->next);
    while (next >> ROUND == round) {
        team_task *task = atomic_load_explicit(&team->task, memory_order_acquire);
        void *argument = atomic_load_explicit(&team->argument, memory_order_acquire);
        const int count = atomic_load_explicit(&team->count, memory_order_acquire);
        const int i = (int)(uint32_t)next;
        if (i >= count) {
            return;
        }
        if (atomic_compare_exchange_weak(&team->next, &next, next + 1)) {
            task(argument, i);
            atomic_fetch_sub_explicit(&team->left, 1, memory_order_release);
            next = atomic_load(&team->next);
        }
    }
}

/* Waits for the round after `seen`; false at the end. */
static bool wait_round(app_team *team, unsigned seen) {
    for (int i = 0; i < LOOKS; i++) {
        if (round_of(team) != seen) {
            return !atomic_load(&team->end);
        }
        sched_yield();
    }
    pthread_mutex_lock(&team->lock);
    team->sleeping++;
    while (round_of(team) == seen && !atomic_load(&team->end)) { /* the end's round may be seen */
        pthread_cond_wait(&team->more, &team->lock);
    }
    team->sleeping--;
    pthread_mutex_unlock(&team->lock);
    return !atomic_load(&team->end);
}

static void *help(void *argument) {
    app_team *team = argument;
    for (unsigned seen = 0; wait_round(team, seen);) {
        seen = round_of(team);
        work(team, seen);
    }
    return NULL;
}

/* Returns the round. */
static unsigned start_round(app_team *team) {
    const unsigned round = round_of(team) + 1;
    pthread_mutex_lock(&team->lock);
    atomic_store(&team->next, (uint64_t)round << ROUND);
    if (team->sleeping > 0) {
        pthread_cond_broadcast(&team->more);
    }
    pthread_mutex_unlock(&team->lock);
    return round;
}

/* The caller waits for parts that others are at, not for threads that haven't come: where the
 * processors are busy it does all of them itself. */
static void each(void *context, int count, team_task *task, void *argument) {
    app_team *team = context;
    atomic_store_explicit(&team->task, task, memory_order_release);
    atomic_store_explicit(&team->argument, argument, memory_order_release);
    atomic_store_explicit(&team->count, count, memory_order_release);
    atomic_store_explicit(&team->left, count, memory_order_relaxed);
    const unsigned round = start_round(team);
    work(team, round);
    while (atomic_load_explicit(&team->left, memory_order_acquire) > 0) {
        sched_yield();
    }
    atomic_store(&team->next, (uint64_t)round << ROUND | CLOSED);
}

app_team *app_team_new(int threads) {
    app_team *team = calloc(1, sizeof *team);
    if (!team) {
        return NULL;
    }
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->more, NULL);
    while (team->started + 1 < threads && team->started < MOST &&
           pthread_create(&team->threads[team->started], NULL, help, team) == 0) {
        team->started++;
    }
    team->net = (net_team){.threads = team->started + 1, .each = each, .context = team};
    return team;
}

void app_team_free(app_team *team) {
    if (!team) {
        return;
    }
    atomic_store(&team->end, true);
    atomic_store(&team->count, 0);
    start_round(team);
    while (team->started > 0) {
        pthread_join(team->threads[--team->started], NULL);
    }
    pthread_cond_destroy(&team->more);
    pthread_mutex_destroy(&team->lock);
    free(team);
}

const net_team *app_team_net(const app_team *team) {
    return &team->net;
}
