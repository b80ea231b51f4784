#include "app/run/shard.h"

#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"

/* What any file costs, however small: it's opened, and another is made. */
enum { COST_OF_FILE = 4096 };

typedef struct dealt {
    const app_job *job;
    uint64_t size;
} dealt;

static uint64_t size_of(const app_job *job) {
    const app_file *file = &job->from->file;
    return S_ISREG(file->mode) ? (uint64_t)file->size : 0;
}

/* The largest first. */
static int by_size(const void *a, const void *b) {
    const dealt *left = a, *right = b;
    const int size = (left->size < right->size) - (left->size > right->size);
    const int path = size ? size : strcmp(left->job->input, right->job->input);
    return path ? path : (left->job > right->job) - (left->job < right->job);
}

/* A heap: the shard with the least to do is the first, each has no more than its two children. */
typedef struct load {
    uint64_t bytes;
    int shard;
} load;

static bool comes_first(const load *a, const load *b) {
    return a->bytes != b->bytes ? a->bytes < b->bytes : a->shard < b->shard;
}

/* Moves the first, which got more to do, to its place. */
static void sift(load *heap, size_t count) {
    for (size_t at = 0;;) {
        const size_t left = 2 * at + 1, right = left + 1;
        size_t least = left < count && comes_first(&heap[left], &heap[at]) ? left : at;
        if (right < count && comes_first(&heap[right], &heap[least])) {
            least = right;
        }
        if (least == at) {
            return;
        }
        const load moved = heap[at];
        heap[at] = heap[least];
        heap[least] = moved;
        at = least;
    }
}

/* Deals all out; marks those of the call's shard. */
static void deal(const app_call *call, const app_jobs *jobs, dealt *order, load *heap, bool *ours) {
    const size_t shards = (size_t)call->shards;
    for (size_t i = 0; i < shards; i++) {
        heap[i] = (load){.shard = (int)i + 1};
    }
    for (size_t i = 0; i < jobs->count; i++) {
        order[i] = (dealt){&jobs->list[i], size_of(&jobs->list[i])};
    }
    qsort(order, jobs->count, sizeof *order, by_size);
    for (size_t i = 0; i < jobs->count; i++) {
        ours[order[i].job - jobs->list] = heap->shard == call->shard;
        heap->bytes += order[i].size + COST_OF_FILE;
        sift(heap, shards);
    }
}

static void keep(const app_call *call, app_jobs *jobs, const bool *ours) {
    const size_t all = jobs->count;
    uint64_t bytes = 0;
    jobs->count = 0;
    for (size_t i = 0; i < all; i++) {
        app_job *job = &jobs->list[i];
        if (ours[i]) {
            bytes += size_of(job);
            jobs->list[jobs->count++] = *job;
        } else {
            app_job_free(job);
        }
    }
    if (call->talk == APP_VERBOSE || (call->talk != APP_QUIET && jobs->count == 0 && all > 0)) {
        app_say(NULL, "shard %d/%d: %zu of %s, %s%s", call->shard, call->shards, jobs->count,
                ct_count(all, "input").text, ct_size_of(bytes).text,
                jobs->count ? "" : "; nothing to do");
    }
}

bool app_shard_keep(const app_call *call, app_jobs *jobs, ct_error *err) {
    if (!call->shards) {
        return true;
    }
    dealt *order = calloc(jobs->count + 1, sizeof *order);
    load *heap = calloc((size_t)call->shards, sizeof *heap);
    bool *ours = calloc(jobs->count + 1, sizeof *ours);
    const bool ok = order && heap && ours;
    if (ok) {
        deal(call, jobs, order, heap, ours);
        keep(call, jobs, ours);
    } else {
        ct_fail(err, "out of memory");
    }
    free(order);
    free(heap);
    free(ours);
    return ok;
}
