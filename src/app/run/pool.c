#include "app/run/pool.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "app/run/cleanup.h"
#include "app/run/descriptor.h"
#include "app/run/spread.h"

/* Results that may wait for those of earlier jobs: one slow image among many small ones doesn't
 * hold the other threads up for long, and few results are kept. */
enum { AHEAD = 1024 };

typedef struct shared {
    const app_pool *pool;
    int threads;     /* in all */
    size_t together; /* images at once, at most */
    pthread_mutex_t lock;
    pthread_cond_t room;
    app_result **slots; /* slots[i % ahead] for job i: one that waits; NULL: none */
    size_t ahead;       /* number of slots */
    size_t next;        /* the next job to begin */
    size_t told;        /* jobs told; those before `next` and not told have begun */
    double left;        /* the cost of jobs that aren't ended */
    bool stopped;
    app_gate gate;
} shared;

/* Tells the result whose turn it is, unless its job waited for memory and wasn't begun. */
static void tell(shared *s, app_result *result) {
    if (result->status != APP_LEFT) {
        s->pool->tell(s->pool->context, &s->pool->jobs->list[s->told], result);
    }
    app_result_free(result);
    s->told++;
}

/* Tells the result of job i, and those that waited for it; or keeps it until its turn comes. The
 * lock is held: what is said of one job isn't mixed with another's. */
static void hand_in(shared *s, size_t i, app_result *result) {
    app_result **slot = &s->slots[i % s->ahead];
    if (i != s->told && (*slot = malloc(sizeof **slot))) {
        **slot = *result;
        return;
    }
    while (i != s->told) { /* no memory to keep it */
        pthread_cond_wait(&s->room, &s->lock);
    }
    tell(s, result);
    while (s->told < s->next && *(slot = &s->slots[s->told % s->ahead])) {
        tell(s, *slot);
        free(*slot);
        *slot = NULL;
    }
    pthread_cond_broadcast(&s->room);
}

/* What a job takes, in bytes of its file: nobody knows more before it's opened. */
static double cost_of(const app_job *job) {
    const app_file *file = &job->from->file;
    return job->done ? 0 : S_ISREG(file->mode) && file->size > 0 ? (double)file->size : 1;
}

/* A job gets the share of the threads that it has of the work that isn't done: one, while there
 * are enough images alike; more, when few are left, or when it would take as long as all others. */
static int threads_for(const shared *s, double cost) {
    const double share = cost > 0 ? s->threads * cost / s->left : 1;
    return share > 1 ? (int)share : 1;
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
    app_result result; /* always the same memory: it's several KB */
    hand.share.gate = s->together > 1 ? &s->gate : NULL;
    pthread_mutex_lock(&s->lock);
    while (may_begin(s)) {
        const size_t i = s->next++;
        const app_job *job = &pool->jobs->list[i];
        const double cost = cost_of(job);
        const int threads = job->template ? s->threads : threads_for(s, cost);
        pthread_mutex_unlock(&s->lock);
        app_convert(pool->call, pool->chain, job, threads, &hand, pool->progress, &result);
        const bool stop = pool->call->fail_fast && result.status == APP_ERROR;
        if (stop) {
            app_gate_close(&s->gate);
        }
        app_share_leave(&hand.share);
        pthread_mutex_lock(&s->lock);
        s->left -= cost;
        if (stop) {
            s->stopped = true;
            pthread_cond_broadcast(&s->room); /* to those that wait to begin another */
        }
        hand_in(s, i, &result);
    }
    pthread_mutex_unlock(&s->lock);
    app_hand_free(&hand);
    return NULL;
}

/* Images in one pipe or device come one after the other; and those that are written as a file for
 * each channel, of which there may be as many as the system lets one program have open. */
static bool comes_in_turn(const app_jobs *jobs) {
    for (size_t i = 0; i < jobs->count; i++) {
        const app_job *job = &jobs->list[i];
        bool direct = app_is_direct(job) || job->template;
        for (int k = 0; k < job->tap_count; k++) {
            direct = direct || app_is_direct(&job->taps[k]);
        }
        if (direct) {
            return true;
        }
    }
    return false;
}

/* The caller's thread works too. Where the system has no more threads or descriptors, fewer do. */
static void run_threads(shared *s) {
    const size_t most = s->pool->jobs->count, wanted = (size_t)s->threads;
    size_t count = comes_in_turn(s->pool->jobs) ? 1 : wanted < most ? wanted : most;
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
                .threads = app_threads(pool->call),
                .lock = PTHREAD_MUTEX_INITIALIZER,
                .room = PTHREAD_COND_INITIALIZER};
    app_result *only = NULL;
    app_gate_start(&s.gate, pool->call->limits.max_memory, s.threads);
    for (size_t i = 0; i < pool->jobs->count; i++) {
        s.left += cost_of(&pool->jobs->list[i]);
    }
    const size_t ahead = pool->call->showing ? 2 * (size_t)s.threads : AHEAD; /* pictures wait */
    s.ahead = s.threads > 1 && pool->jobs->count > 1 ? ahead : 1;
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
