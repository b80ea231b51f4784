#include "app/run/gate.h"

#include <malloc.h>

#include "app/run/cleanup.h"
#include "base/minmax.h"

void app_gate_start(app_gate *gate, uint64_t limit, int threads) {
    *gate = (app_gate){.limit = limit,
                       .threads = threads,
                       .lock = PTHREAD_MUTEX_INITIALIZER,
                       .moved = PTHREAD_COND_INITIALIZER};
}

void app_gate_free(app_gate *gate) {
    pthread_cond_destroy(&gate->moved);
    pthread_mutex_destroy(&gate->lock);
}

/* `more` bytes than are used already. */
static bool fits(const app_gate *gate, uint64_t more) {
    return gate->inside == 0 || (more <= gate->limit && gate->used <= gate->limit - more);
}

static bool turns_away(const app_gate *gate, const app_gate_for *image) {
    return !image->begun && (gate->closed || app_interrupted());
}

/* What other threads have freed, the allocator keeps for them: where the limit is near, it goes
 * back to the system. */
static void give_freed_memory_back(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

static bool is_large(const app_gate *gate, const app_gate_for *image) {
    enum { LARGE_SHARE = 4 }; /* of the limit: a quarter */
    return image->bytes > gate->limit / LARGE_SHARE;
}

bool app_gate_enter(app_gate *gate, const app_gate_for *image, int *threads) {
    const uint64_t more = image->bytes - image->held;
    pthread_mutex_lock(&gate->lock);
    const uint64_t ticket = gate->tickets++;
    gate->used += image->held;
    bool waited = false;
    /* Nobody sleeps for ever: where somebody waits, somebody is inside or has the turn, and moves
     * on; what those hold that wait keeps nobody out who would be alone. Those inside when a signal
     * comes are finished, and then wake the others. */
    while (ticket != gate->next || (!turns_away(gate, image) && !fits(gate, more))) {
        waited = true;
        pthread_cond_wait(&gate->moved, &gate->lock);
    }
    const bool in = !turns_away(gate, image);
    gate->next++;
    gate->inside += in;
    gate->used = in ? gate->used + more : gate->used - image->held;
    const bool others = gate->next < gate->tickets;
    *threads =
        waited || others ? ct_max(gate->threads - gate->busy, image->threads) : image->threads;
    gate->busy += in ? image->threads : 0;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
    if (in && (waited || is_large(gate, image))) {
        give_freed_memory_back();
    }
    return in;
}

bool app_gate_widen(app_gate *gate, const app_gate_for *image, const app_gate_for *wanted) {
    pthread_mutex_lock(&gate->lock);
    const uint64_t others = gate->used - image->bytes;
    const bool free = gate->busy - image->threads + wanted->threads <= gate->threads;
    const bool ok =
        free && (gate->inside == 1 || wanted->bytes <= image->bytes ||
                 (wanted->bytes <= gate->limit && others <= gate->limit - wanted->bytes));
    if (ok) {
        gate->used = others + wanted->bytes;
        gate->busy += wanted->threads - image->threads;
    }
    pthread_mutex_unlock(&gate->lock);
    return ok;
}

/* What a large image took is given back before the next one may begin. */
void app_gate_leave(app_gate *gate, const app_gate_for *image) {
    if (is_large(gate, image)) {
        give_freed_memory_back();
    }
    pthread_mutex_lock(&gate->lock);
    gate->inside--;
    gate->used -= image->bytes;
    gate->busy -= image->threads;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
}

void app_gate_close(app_gate *gate) {
    pthread_mutex_lock(&gate->lock);
    gate->closed = true;
    pthread_cond_broadcast(&gate->moved);
    pthread_mutex_unlock(&gate->lock);
}
