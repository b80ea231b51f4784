#include "app/run/gate.h"

#include <malloc.h>

#include "app/run/cleanup.h"

void app_gate_start(app_gate *gate, uint64_t limit) {
    *gate = (app_gate){
        .limit = limit, .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
}

void app_gate_free(app_gate *gate) {
    pthread_cond_destroy(&gate->moved);
    pthread_mutex_destroy(&gate->lock);
}

static bool fits(const app_gate *gate, uint64_t bytes) {
    return gate->inside == 0 || (bytes <= gate->limit && gate->used <= gate->limit - bytes);
}

/* What other threads have freed, the allocator keeps for them: where the limit is near, it goes
 * back to the system. */
static void give_freed_memory_back(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

bool app_gate_enter(app_gate *gate, uint64_t bytes) {
    enum { LARGE_SHARE = 4 }; /* of the limit: a quarter */
    pthread_mutex_lock(&gate->lock);
    const uint64_t ticket = gate->tickets++;
    bool waited = false;
    /* Nobody sleeps for ever: where somebody waits, somebody is inside or has the turn, and moves
     * on. Those inside when a signal comes are finished, and then wake the others. */
    while (ticket != gate->next || (!gate->closed && !app_interrupted() && !fits(gate, bytes))) {
        waited = true;
        pthread_cond_wait(&gate->moved, &gate->lock);
    }
    const bool in = !gate->closed && !app_interrupted();
    gate->next++;
    gate->inside += in;
    gate->used += in ? bytes : 0;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
    if (in && (waited || bytes > gate->limit / LARGE_SHARE)) {
        give_freed_memory_back();
    }
    return in;
}

void app_gate_leave(app_gate *gate, uint64_t bytes) {
    pthread_mutex_lock(&gate->lock);
    gate->inside--;
    gate->used -= bytes;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
}

void app_gate_close(app_gate *gate) {
    pthread_mutex_lock(&gate->lock);
    gate->closed = true;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
}
