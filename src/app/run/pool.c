#include "app/run/pool.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "app/run/cleanup.h"
#include "app/run/descriptor.h"

/* Results that may wait for those of earlier jobs: one slow image among many small ones doesn't
 * hold the other threads up for long, and few results are kept. */
enum { AHEAD = 1024 };

typedef struct slot {
    app_result result;
    bool done;
} slot;

typedef struct shared {
    const app_pool *pool;
    int threads;     /* in all */
    size_t together; /* images at once, at most */
    pthread_mutex_t lock;
    pthread_cond_t room;
    slot *slots;   /* slots[i % ahead] for job i */
    size_t ahead;  /* number of slots */
    size_t next;   /* the next job to begin */
    size_t left;   /* jobs not begun, but for those that --resume found done */
    size_t told;   /* jobs told; those before `next` and not told have begun */
    size_t active; /* jobs that threads are working on */
    bool stopped;
    app_gate gate;
} shared;

/* Tells what is ready, but for those that waited for memory and weren't begun. The lock is held:
 * what is said of one job isn't mixed with another's. */
static void tell_ready(shared *s) {
    for (slot *at; s->told < s->next && (at = &s->slots[s->told % s->ahead])->done; s->told++) {
        at->done = false;
        if (at->result.status != APP_LEFT) {
            s->pool->tell(s->pool->context, &s->pool->jobs->list[s->told], &at->result);
        }
    }
    pthread_cond_broadcast(&s->room);
}

/* While there are enough images, each has one thread; when there are fewer, they share them all. */
static int threads_for_next(const shared *s) {
    const size_t images = s->active + s->left;
    const size_t each = images ? (size_t)s->threads / images : 1;
    return each > 1 ? (int)each : 1;
}

static bool may_begin(shared *s) {
    while (!s->stopped && s->next < s->pool->jobs->count && s->next - s->told >= s->ahead) {
        pthread_cond_wait(&s->room, &s->lock);
    }
    s->stopped |= app_interrupted();
    return !s->stopped && s->next < s->pool->jobs->count;
}

static void *work(void *argument) {
    shared *s = argument;
    const app_pool *pool = s->pool;
    app_hand hand = app_hand_new();
    hand.share.gate = s->together > 1 ? &s->gate : NULL;
    pthread_mutex_lock(&s->lock);
    while (may_begin(s)) {
        const int threads = threads_for_next(s);
        const size_t i = s->next++;
        s->left -= !pool->jobs->list[i].done;
        slot *at = &s->slots[i % s->ahead];
        s->active++;
        pthread_mutex_unlock(&s->lock);
        app_convert(pool->call, pool->chain, &pool->jobs->list[i], threads, &hand, pool->progress,
                    &at->result);
        const bool stop = pool->call->fail_fast && at->result.status == APP_ERROR;
        if (stop) {
            app_gate_close(&s->gate);
        }
        app_share_leave(&hand.share);
        pthread_mutex_lock(&s->lock);
        s->active--;
        at->done = true;
        s->stopped |= stop;
        tell_ready(s);
    }
    pthread_mutex_unlock(&s->lock);
    app_hand_free(&hand);
    return NULL;
}

/* Images in one pipe or device come one after the other. */
static bool writes_directly(const app_jobs *jobs) {
    for (size_t i = 0; i < jobs->count; i++) {
        if (app_is_direct(&jobs->list[i])) {
            return true;
        }
    }
    return false;
}

/* The caller's thread works too. Where the system has no more threads or descriptors, fewer do. */
static void run_threads(shared *s) {
    const size_t most = s->left, wanted = (size_t)s->threads;
    size_t count = writes_directly(s->pool->jobs) ? 1 : wanted < most ? wanted : most;
    count = count > 1 ? app_threads_with_descriptors(count) : count;
    s->together = count;
    pthread_t *threads = count > 1 ? malloc(count * sizeof *threads) : NULL;
    size_t started = 0;
    while (threads && started + 1 < count &&
           pthread_create(&threads[started], NULL, work, s) == 0) {
        started++;
    }
    work(s);
    while (started > 0) {
        pthread_join(threads[--started], NULL);
    }
    free(threads);
}

/* What one image frees, the next takes: without this, glibc gives pages back to the kernel after
 * each image, and a third of the time goes into getting them again. */
static void keep_freed_memory(void) {
#if defined(__GLIBC__)
    enum { KEPT = 32 << 20 };
    mallopt(M_MMAP_THRESHOLD, KEPT);
    mallopt(M_TRIM_THRESHOLD, KEPT);
#endif
}

void app_pool_run(const app_pool *pool) {
    shared s = {.pool = pool,
                .threads = pool->call->jobs > 0 ? pool->call->jobs : flow_processors(),
                .lock = PTHREAD_MUTEX_INITIALIZER,
                .room = PTHREAD_COND_INITIALIZER};
    slot only = {.done = false};
    app_gate_start(&s.gate, pool->call->limits.max_memory);
    for (size_t i = 0; i < pool->jobs->count; i++) {
        s.left += !pool->jobs->list[i].done;
    }
    s.ahead = s.threads > 1 && pool->jobs->count > 1 ? AHEAD : 1;
    s.ahead = s.ahead < pool->jobs->count ? s.ahead : pool->jobs->count;
    s.slots = s.ahead > 1 ? calloc(s.ahead, sizeof *s.slots) : NULL;
    if (!s.slots) {
        s.slots = &only;
        s.ahead = 1;
    }
    if (pool->jobs->count > 1) {
        keep_freed_memory();
    }
    run_threads(&s);
    if (s.slots != &only) {
        free(s.slots);
    }
    app_gate_free(&s.gate);
    pthread_cond_destroy(&s.room);
    pthread_mutex_destroy(&s.lock);
}
