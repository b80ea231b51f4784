/* POSIX threads for a machine that has none: WebAssembly in a page. Locks are always free, and
 * starting a thread fails, so that src/flow does all work in the calling one. */
#ifndef CT_LESSON_WASI_PTHREAD_H
#define CT_LESSON_WASI_PTHREAD_H

#include <errno.h>

typedef int pthread_mutex_t, pthread_cond_t, pthread_t;

#define PTHREAD_MUTEX_INITIALIZER 0
#define PTHREAD_COND_INITIALIZER  0

static inline int pthread_mutex_init(pthread_mutex_t *mutex, const void *attributes) {
    (void)mutex;
    (void)attributes;
    return 0;
}

static inline int pthread_mutex_lock(pthread_mutex_t *mutex) {
    (void)mutex;
    return 0;
}

static inline int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    (void)mutex;
    return 0;
}

static inline int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    (void)mutex;
    return 0;
}

static inline int pthread_mutex_destroy(pthread_mutex_t *mutex) {
    (void)mutex;
    return 0;
}

static inline int pthread_cond_init(pthread_cond_t *cond, const void *attributes) {
    (void)cond;
    (void)attributes;
    return 0;
}

/* Nobody else could change what is waited for: a wait would be forever. */
static inline int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) {
    (void)cond;
    (void)mutex;
    __builtin_trap();
}

static inline int pthread_cond_broadcast(pthread_cond_t *cond) {
    (void)cond;
    return 0;
}

static inline int pthread_cond_destroy(pthread_cond_t *cond) {
    (void)cond;
    return 0;
}

static inline int pthread_create(pthread_t *thread, const void *attributes, void *(*run)(void *),
                                 void *context) {
    (void)thread;
    (void)attributes;
    (void)run;
    (void)context;
    return EAGAIN;
}

static inline int pthread_join(pthread_t thread, void **result) {
    (void)thread;
    (void)result;
    return 0;
}

#endif
