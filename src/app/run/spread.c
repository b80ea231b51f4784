#include "app/run/spread.h"

#include <pthread.h>
#include <stdatomic.h>

#include "flow/flow.h"

enum {
    PIECE = 64,         /* tasks that a thread takes at once */
    MOST_THREADS = 16,  /* more would wait for one another in the kernel */
    WORTH_A_THREAD = 4, /* pieces: a thread takes as long to start as some tasks */
};

typedef struct spread {
    void (*task)(void *context, size_t i);
    void *context;
    size_t count;
    atomic_size_t next;
} spread;

int app_threads(const app_call *call) {
    return call->jobs > 0 ? call->jobs : flow_processors();
}

static void *work(void *argument) {
    spread *s = argument;
    size_t first;
    while ((first = atomic_fetch_add(&s->next, PIECE)) < s->count) {
        const size_t end = s->count - first < PIECE ? s->count : first + PIECE;
        for (size_t i = first; i < end; i++) {
            s->task(s->context, i);
        }
    }
    return NULL;
}

void app_spread(int threads, size_t count, void (*task)(void *context, size_t i), void *context) {
    spread s = {.task = task, .context = context, .count = count};
    const size_t worth = count / (PIECE * WORTH_A_THREAD);
    const size_t wanted = (size_t)threads < worth ? (size_t)threads : worth;
    pthread_t others[MOST_THREADS - 1];
    size_t started = 0;
    while (started + 1 < wanted && started + 1 < MOST_THREADS &&
           pthread_create(&others[started], NULL, work, &s) == 0) {
        started++;
    }
    work(&s);
    while (started > 0) {
        pthread_join(others[--started], NULL);
    }
}
