/* Holds images back until the memory that they will take fits beside that of the images under way,
 * first come, first served. The threads of those that wait help the others. Safe from several
 * threads. */
#ifndef CT_APP_RUN_GATE_H
#define CT_APP_RUN_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct app_gate {
    uint64_t limit; /* bytes, of all images together */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int threads;            /* in all */
    uint64_t used;          /* bytes, of those inside, and what others hold that wait */
    size_t inside;          /* images */
    int busy;               /* threads, of those inside */
    uint64_t tickets, next; /* given out; the one whose turn it is */
    bool closed;
} app_gate;

void app_gate_start(app_gate *gate, uint64_t limit, int threads);
void app_gate_free(app_gate *gate);

/* What an image takes that wants to begin. */
typedef struct app_gate_for {
    uint64_t bytes;
    uint64_t held; /* of them: they count while it waits, too */
    int threads;   /* with which it takes so many bytes */
    bool begun;    /* it's the next one of a stream: it isn't turned away any more */
} app_gate_for;

/* Waits until the image may begin; one that is alone always may. False once the gate is closed or
 * the program was interrupted: then it isn't inside. Nobody may wait who is inside. *threads: what
 * it could use; more than it has where it waited, or others do, which therefore don't work. */
bool app_gate_enter(app_gate *gate, const app_gate_for *image, int *threads);

/* For an image that is inside: it takes as much as `wanted` from now on; or nothing changes, where
 * there is no room for it, and it's false. */
bool app_gate_widen(app_gate *gate, const app_gate_for *image, const app_gate_for *wanted);

/* The memory is free again. */
void app_gate_leave(app_gate *gate, const app_gate_for *image);

/* From now on nobody is let in. */
void app_gate_close(app_gate *gate);

#endif
