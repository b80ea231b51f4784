/* A ring of decoded rows. Bands are taken in order; a row's slot is free for another row once no
 * unfinished or later band needs it. Bands mostly need ascending intervals of rows, but with
 * padding deeper than a band they may go back, so the bounds are taken over all bands to come. */
#include "flow/decoded.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/text.h"

struct flow_decoded {
    codec_reader *reader;
    char *rows;
    size_t row_bytes;
    int capacity, height;
    int next_row; /* the reader's next; changed under `order` */
    flow_bands bands;
    int *oldest; /* the lowest row that band b or any later one needs */
    int *newest; /* 1 + the highest row that band b or any earlier one needs */

    pthread_mutex_t order; /* held by the thread that takes a band and decodes */
    int next_band;

    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t freed;
    bool *done;
    int unfinished; /* every band before it is done */
    bool stopped;
};

static void find_bounds(flow_decoded *d, const conv_plan *plan) {
    const int count = d->bands.count;
    for (int b = 0; b < count; b++) {
        const int first = b * d->bands.height;
        const int end = first + d->bands.height;
        conv_plan_rows(plan, first, end < d->bands.rows ? end : d->bands.rows, &d->oldest[b],
                       &d->newest[b]);
        if (d->oldest[b] >= d->newest[b]) { /* the band needs only constant padding */
            d->oldest[b] = d->height;
            d->newest[b] = 0;
        }
        if (b > 0 && d->newest[b] < d->newest[b - 1]) {
            d->newest[b] = d->newest[b - 1];
        }
    }
    for (int b = count - 1; b-- > 0;) {
        if (d->oldest[b] > d->oldest[b + 1]) {
            d->oldest[b] = d->oldest[b + 1];
        }
    }
}

/* The most rows that `alive` neighbouring bands need at once. */
static int find_capacity(const flow_decoded *d, int alive) {
    int most = 1;
    for (int b = 0; b < d->bands.count; b++) {
        const int last = b + alive - 1 < d->bands.count ? b + alive - 1 : d->bands.count - 1;
        const int rows = d->newest[last] - d->oldest[b];
        most = rows > most ? rows : most;
    }
    return most < d->height ? most : d->height;
}

flow_decoded *flow_decoded_new(const conv_plan *plan, codec_reader *reader, flow_bands bands,
                               int alive, uint64_t budget, ct_error *err) {
    flow_decoded *d = calloc(1, sizeof *d);
    if (!d) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    const size_t count = (size_t)bands.count;
    const conv_shape in = conv_plan_in(plan);
    *d = (flow_decoded){.reader = reader,
                        .row_bytes = conv_row_bytes(in, conv_plan_in_type(plan)),
                        .height = in.height,
                        .bands = bands,
                        .order = PTHREAD_MUTEX_INITIALIZER,
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .freed = PTHREAD_COND_INITIALIZER};
    d->oldest = malloc(count * sizeof *d->oldest);
    d->newest = malloc(count * sizeof *d->newest);
    d->done = calloc(count, sizeof *d->done);
    size_t bytes = 0;
    if (d->oldest && d->newest && d->done) {
        find_bounds(d, plan);
        d->capacity = find_capacity(d, alive);
        if (!ct_mul((size_t)d->capacity, d->row_bytes, &bytes)) {
            bytes = SIZE_MAX;
        }
        if (bytes > budget) {
            ct_fail(err, "the rows needed at once take %s; the limit is %s (--max-memory)",
                    ct_size_of(bytes).text, ct_size_of(budget).text);
            flow_decoded_free(d);
            return NULL;
        }
        d->rows = malloc(bytes);
    }
    if (!d->rows) {
        ct_fail(err, "out of memory");
        flow_decoded_free(d);
        return NULL;
    }
    return d;
}

void flow_decoded_free(flow_decoded *d) {
    if (d) {
        pthread_cond_destroy(&d->freed);
        pthread_mutex_destroy(&d->lock);
        pthread_mutex_destroy(&d->order);
        free(d->oldest);
        free(d->newest);
        free(d->done);
        free(d->rows);
        free(d);
    }
}

void flow_decoded_restart(flow_decoded *d, codec_reader *reader) {
    d->reader = reader;
    d->next_row = d->next_band = d->unfinished = 0;
    d->stopped = false;
    memset(d->done, 0, (size_t)d->bands.count * sizeof *d->done);
}

void flow_decoded_stop(flow_decoded *d) {
    pthread_mutex_lock(&d->lock);
    d->stopped = true;
    pthread_cond_broadcast(&d->freed);
    pthread_mutex_unlock(&d->lock);
}

static char *slot(const flow_decoded *d, int y) {
    return d->rows + (size_t)(y % d->capacity) * d->row_bytes;
}

/* Waits until the ring has room for row y; false when stopped. */
static bool wait_for_room(flow_decoded *d, int y) {
    pthread_mutex_lock(&d->lock);
    while (!d->stopped && d->unfinished < d->bands.count &&
           y - d->oldest[d->unfinished] >= d->capacity) {
        pthread_cond_wait(&d->freed, &d->lock);
    }
    const bool stopped = d->stopped;
    pthread_mutex_unlock(&d->lock);
    return !stopped;
}

static bool is_stopped(flow_decoded *d) {
    pthread_mutex_lock(&d->lock);
    const bool stopped = d->stopped;
    pthread_mutex_unlock(&d->lock);
    return stopped;
}

static bool take(flow_decoded *d, int *band, ct_error *err) {
    *band = -1;
    if (d->next_band >= d->bands.count || is_stopped(d)) {
        return true;
    }
    const int b = d->next_band;
    for (; d->next_row < d->newest[b]; d->next_row++) {
        if (!wait_for_room(d, d->next_row)) {
            return true;
        }
        if (!codec_read_row(d->reader, slot(d, d->next_row), err)) {
            /* Before `order` is released, lest the next thread reads from the broken reader and is
             * the first to report an error. */
            flow_decoded_stop(d);
            return false;
        }
    }
    d->next_band++;
    *band = b;
    return true;
}

bool flow_decoded_take(flow_decoded *d, int *band, ct_error *err) {
    pthread_mutex_lock(&d->order);
    const bool ok = take(d, band, err);
    pthread_mutex_unlock(&d->order);
    return ok;
}

const void *flow_decoded_row(const flow_decoded *d, int y) {
    return slot(d, y);
}

void flow_decoded_done(flow_decoded *d, int band) {
    pthread_mutex_lock(&d->lock);
    d->done[band] = true;
    while (d->unfinished < d->bands.count && d->done[d->unfinished]) {
        d->unfinished++;
    }
    pthread_cond_broadcast(&d->freed);
    pthread_mutex_unlock(&d->lock);
}

bool flow_decoded_drain(flow_decoded *d, ct_error *err) {
    for (; d->next_row < d->height; d->next_row++) {
        if (!codec_read_row(d->reader, d->rows, err)) {
            return false;
        }
    }
    return true;
}
