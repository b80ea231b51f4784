#include "app/run/team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* A task is some ten microseconds of work at least, and the next comes soon: a thread looks so
 * often before it sleeps. */
enum { MOST = 64, LOOKS = 200 };

struct app_team {
    net_team net;
    pthread_t threads[MOST];
    int started;

    void (*task)(void *argument, int i);
    void *argument;
    int count;
    atomic_int next;      /* of the task's parts */
    atomic_int working;   /* threads that may still be at one */
    atomic_uint round;    /* goes up with each task */
    pthread_mutex_t lock; /* for sleeping */
    pthread_cond_t more;
    int sleeping;
    bool end;
};

static void work(app_team *team) {
    int i;
    while ((i = atomic_fetch_add(&team->next, 1)) < team->count) {
        team->task(team->argument, i);
    }
}

/* Waits for the round after `seen`; false at the end. */
static bool wait_round(app_team *team, unsigned seen) {
    for (int i = 0; i < LOOKS; i++) {
        if (atomic_load_explicit(&team->round, memory_order_acquire) != seen) {
            return !team->end;
        }
        sched_yield();
    }
    pthread_mutex_lock(&team->lock);
    team->sleeping++;
    while (atomic_load_explicit(&team->round, memory_order_acquire) == seen) {
        pthread_cond_wait(&team->more, &team->lock);
    }
    team->sleeping--;
    pthread_mutex_unlock(&team->lock);
    return !team->end;
}

static void *help(void *argument) {
    app_team *team = argument;
    for (unsigned seen = 0; wait_round(team, seen); seen++) {
        work(team);
        atomic_fetch_sub_explicit(&team->working, 1, memory_order_release);
    }
    return NULL;
}

static void start_round(app_team *team) {
    pthread_mutex_lock(&team->lock);
    atomic_fetch_add_explicit(&team->round, 1, memory_order_release);
    if (team->sleeping > 0) {
        pthread_cond_broadcast(&team->more);
    }
    pthread_mutex_unlock(&team->lock);
}

static void each(void *context, int count, void (*task)(void *argument, int i), void *argument) {
    app_team *team = context;
    team->task = task;
    team->argument = argument;
    team->count = count;
    atomic_store(&team->next, 0);
    atomic_store(&team->working, team->started);
    start_round(team);
    work(team);
    while (atomic_load_explicit(&team->working, memory_order_acquire) > 0) {
        sched_yield();
    }
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
    team->end = true;
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
