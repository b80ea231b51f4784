/* A ring of decoded rows. Bands are taken in order; a row's slot is free for another row once no
 * unfinished or later band needs it. Bands mostly need ascending intervals of rows, but with
 * padding deeper than a band they may go back, so the bounds are taken over all bands to come.
 *
 * The rows that band b adds to those of the bands before it are decoded by the thread that takes b.
 * Where rows come in order, it does so before another takes a band; else the threads decode side by
 * side what each has claimed, and then wait for rows that others have claimed before. Meanwhile
 * they claim further groups, where these have room at once: a group may be higher than many bands.
 * Nobody waits for another's rows while it decodes. */
#include "flow/decoded.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "base/text.h"

struct flow_decoded {
    codec_reader *reader;
    char *rows;
    size_t row_bytes;
    int capacity, height;
    int made_step, step; /* as for flow_decoded_new: of the window, and for this image */
    int next_row;        /* every row before it is read, or being read; changed under `order` */
    flow_bands bands;
    int *oldest; /* the lowest row that band b or any later one needs */
    int *newest; /* 1 + the highest row that band b or any earlier one needs, or its group's end */

    pthread_mutex_t order; /* held by the thread that takes a band, and decodes in order */
    int next_band;
    int claims, most_claims;
    int *ends; /* claim i has the rows from the end of the one before it to ends[i] */

    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t change;
    bool *decoded;  /* the rows of claim i are there */
    int complete;   /* they are for every claim before this one */
    int failed;     /* the first claim whose rows can't be read, or INT_MAX */
    bool *done;     /* band b doesn't need its rows any more */
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
        if (d->step > 1) {
            d->newest[b] =
                ct_min((int)ct_round_up((size_t)d->newest[b], (size_t)d->step), d->height);
        }
    }
    for (int b = count - 1; b-- > 0;) {
        if (d->oldest[b] > d->oldest[b + 1]) {
            d->oldest[b] = d->oldest[b + 1];
        }
    }
}

/* Bands end within groups, and so does the ring. */
enum { ROUNDED = 2, SPARE_MOST = 32 << 20 };

/* For each band that is under way another group may be decoded, as far as there is room. Whoever
 * finds none waits for the bands before, so that one is enough. */
static int groups_more(int step, int alive, size_t row_bytes) {
    const size_t groups = SPARE_MOST / (row_bytes * (size_t)step);
    const int most = groups < (size_t)alive + ROUNDED ? (int)groups - ROUNDED : alive;
    return ct_max(ct_min(most, alive - 1), 1);
}

int flow_decoded_spare(int step, int alive, size_t row_bytes) {
    return step > 1 ? (groups_more(step, alive, row_bytes) + ROUNDED) * step : 0;
}

/* The most rows that `alive` neighbouring bands need at once, in whole groups, so that no group
 * goes over the ring's end. */
static int find_capacity(const flow_decoded *d, int alive) {
    int most = 1;
    for (int b = 0; b < d->bands.count; b++) {
        const int last = b + alive - 1 < d->bands.count ? b + alive - 1 : d->bands.count - 1;
        const int rows = d->newest[last] - d->oldest[b];
        most = rows > most ? rows : most;
    }
    most = most < d->height ? most : d->height;
    if (d->step <= 1) {
        return most;
    }
    most = ct_min(most + groups_more(d->step, alive, d->row_bytes) * d->step, d->height);
    return (int)ct_round_up((size_t)most, (size_t)d->step);
}

/* Allocates what depends on the number of bands, and the rows. */
static bool allocate(flow_decoded *d, const flow_decoded_of *of, ct_error *err) {
    const size_t count = (size_t)of->bands.count;
    size_t bytes;
    d->most_claims = of->bands.count + (d->step > 1 ? ct_div_up(d->height, d->step) : 0);
    d->ends = calloc((size_t)d->most_claims, sizeof *d->ends);
    d->oldest = malloc(count * sizeof *d->oldest);
    d->newest = malloc(count * sizeof *d->newest);
    d->done = calloc(count, sizeof *d->done);
    d->decoded = calloc((size_t)d->most_claims, sizeof *d->decoded);
    if (!d->ends || !d->oldest || !d->newest || !d->done || !d->decoded) {
        return ct_fail(err, "out of memory");
    }
    find_bounds(d, of->plan);
    d->capacity = find_capacity(d, of->jobs);
    if (!ct_mul((size_t)d->capacity, d->row_bytes, &bytes)) {
        bytes = SIZE_MAX;
    }
    if (bytes > of->memory) {
        return ct_fail(err, "the rows needed at once take %s; the limit is %s (--max-memory)",
                       ct_size_of(bytes).text, ct_size_of(of->memory).text);
    }
    d->rows = malloc(bytes);
    return d->rows ? true : ct_fail(err, "out of memory");
}

flow_decoded *flow_decoded_new(const flow_decoded_of *of, ct_error *err) {
    flow_decoded *d = calloc(1, sizeof *d);
    if (!d) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    const conv_shape in = conv_plan_in(of->plan);
    *d = (flow_decoded){.reader = of->reader,
                        .row_bytes = conv_row_bytes(in, conv_plan_in_type(of->plan)),
                        .height = in.height,
                        .made_step = of->step,
                        .step = of->step,
                        .bands = of->bands,
                        .failed = INT_MAX,
                        .order = PTHREAD_MUTEX_INITIALIZER,
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .change = PTHREAD_COND_INITIALIZER};
    if (!allocate(d, of, err)) {
        flow_decoded_free(d);
        return NULL;
    }
    return d;
}

void flow_decoded_free(flow_decoded *d) {
    if (d) {
        pthread_cond_destroy(&d->change);
        pthread_mutex_destroy(&d->lock);
        pthread_mutex_destroy(&d->order);
        free(d->ends);
        free(d->oldest);
        free(d->newest);
        free(d->done);
        free(d->decoded);
        free(d->rows);
        free(d);
    }
}

bool flow_decoded_restart(flow_decoded *d, codec_reader *reader, int step) {
    const size_t count = (size_t)d->bands.count;
    /* Single rows need no more room than rows in order, which any window takes. */
    if (step > 0 && ct_max(step, 1) != ct_max(d->made_step, 1)) {
        return false;
    }
    d->reader = reader;
    d->step = step;
    d->next_row = d->next_band = d->unfinished = d->claims = d->complete = 0;
    d->failed = INT_MAX;
    d->stopped = false;
    memset(d->done, 0, count * sizeof *d->done);
    memset(d->decoded, 0, (size_t)d->most_claims * sizeof *d->decoded);
    return true;
}

bool flow_decoded_shared(const flow_decoded *d) {
    return d->step > 0;
}

void flow_decoded_stop(flow_decoded *d) {
    pthread_mutex_lock(&d->lock);
    d->stopped = true;
    pthread_cond_broadcast(&d->change);
    pthread_mutex_unlock(&d->lock);
}

static char *slot(const flow_decoded *d, int y) {
    return d->rows + (size_t)(y % d->capacity) * d->row_bytes;
}

/* Under `lock`: every row before this one is there. */
static int rows_there(const flow_decoded *d) {
    return d->complete > 0 ? d->ends[d->complete - 1] : 0;
}

/* Under `lock`: whether the ring has room for row y of claim i (in order: 0). The slots in use
 * begin with the lowest row that an unfinished band needs, or that an earlier claim still writes,
 * perhaps for nobody. */
static bool has_room(const flow_decoded *d, int y, int i) {
    const int needed = d->oldest[d->unfinished];
    return y - (d->complete < i ? ct_min(needed, rows_there(d)) : needed) < d->capacity;
}

/* Waits until the ring has that room; false when stopped. */
static bool wait_for_room(flow_decoded *d, int y, int i) {
    pthread_mutex_lock(&d->lock);
    while (!d->stopped && !has_room(d, y, i)) {
        pthread_cond_wait(&d->change, &d->lock);
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

/* ---- in order ---- */

/* Reads the rows that band b adds; false with *stopped or an error. */
static bool read_in_order(flow_decoded *d, int b, bool *stopped, ct_error *err) {
    *stopped = false;
    for (; d->next_row < d->newest[b]; d->next_row++) {
        if (!wait_for_room(d, d->next_row, 0)) {
            *stopped = true;
            return false;
        }
        if (!codec_read_row(d->reader, slot(d, d->next_row), err)) {
            /* Before `order` is released, lest the next thread reads from the broken reader and is
             * the first to report an error. */
            flow_decoded_stop(d);
            return false;
        }
    }
    return true;
}

/* ---- side by side ---- */

typedef struct claim {
    int number, first, end;
} claim;

/* Under `order`: the rows up to `end` become the caller's to decode. */
static claim make_claim(flow_decoded *d, int end) {
    const claim c = {.number = d->claims, .first = d->next_row, .end = end};
    d->ends[d->claims++] = end;
    d->next_row = end;
    return c;
}

/* Under `order`: claims the rows that band b adds, if there are any; false when stopped. */
static bool claim_rows(flow_decoded *d, int b, claim *c) {
    if (d->newest[b] <= d->next_row) {
        return true;
    }
    *c = make_claim(d, d->newest[b]);
    return wait_for_room(d, c->end - 1, c->number);
}

/* Under `lock`: claims the next group if it has room now. While somebody else has `order`, he does
 * so, and may be waiting for the caller's band. */
static bool claim_ahead(flow_decoded *d, claim *c) {
    if (d->step <= 1 || pthread_mutex_trylock(&d->order) != 0) {
        return false;
    }
    const int end = ct_min(d->next_row + d->step, d->height);
    const bool can = end > d->next_row && has_room(d, end - 1, d->claims);
    if (can) {
        *c = make_claim(d, end);
    }
    pthread_mutex_unlock(&d->order);
    return can;
}

/* Rows that don't all fit are such as no band needs: the later take their place. */
static bool read_range(flow_decoded *d, int first, int end, ct_error *err) {
    for (int y = first; y < end;) {
        const int count = ct_min(end - y, d->capacity - y % d->capacity);
        if (!codec_read_at(d->reader, y, count, slot(d, y), d->row_bytes, err)) {
            return false;
        }
        y += count;
    }
    return true;
}

/* After the rows of *c were decoded for band b. Waits until all of the band's rows are there, or
 * fills *c with others to be decoded meanwhile and returns true. */
static bool end_decoding(flow_decoded *d, int b, claim *c) {
    pthread_mutex_lock(&d->lock);
    if (c->number >= 0) {
        d->decoded[c->number] = true;
        while (d->complete < d->most_claims && d->decoded[d->complete]) {
            d->complete++;
        }
        pthread_cond_broadcast(&d->change);
    }
    bool more = false;
    while (!d->stopped && rows_there(d) < d->newest[b] && !(more = claim_ahead(d, c))) {
        pthread_cond_wait(&d->change, &d->lock);
    }
    pthread_mutex_unlock(&d->lock);
    return more;
}

/* Waits until it's known whether rows of an earlier claim can't be read either; false if they can,
 * so that the error is to be told. */
static bool fail_decoding(flow_decoded *d, int number) {
    pthread_mutex_lock(&d->lock);
    d->failed = ct_min(d->failed, number);
    d->stopped = true;
    pthread_cond_broadcast(&d->change);
    while (d->failed == number && d->complete < number) {
        pthread_cond_wait(&d->change, &d->lock);
    }
    const bool first = d->failed == number;
    pthread_mutex_unlock(&d->lock);
    return !first;
}

static bool decode(flow_decoded *d, claim c, int *band, ct_error *err) {
    const int b = *band;
    do {
        if (!read_range(d, c.first, c.end, err)) {
            *band = -1;
            return fail_decoding(d, c.number);
        }
    } while (end_decoding(d, b, &c));
    *band = is_stopped(d) ? -1 : b;
    return true;
}

/* ---- */

/* Under `order`. */
static bool take(flow_decoded *d, int *band, claim *c, ct_error *err) {
    *band = -1;
    if (d->next_band >= d->bands.count || is_stopped(d)) {
        return true;
    }
    const int b = d->next_band;
    bool stopped = false;
    const bool ok = d->step ? claim_rows(d, b, c) : read_in_order(d, b, &stopped, err);
    if (ok) {
        d->next_band++;
        *band = b;
    }
    return ok || d->step || stopped;
}

bool flow_decoded_take(flow_decoded *d, int *band, ct_error *err) {
    claim c = {.number = -1};
    pthread_mutex_lock(&d->order);
    const bool ok = take(d, band, &c, err);
    pthread_mutex_unlock(&d->order);
    return *band >= 0 && d->step ? decode(d, c, band, err) : ok;
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
    pthread_cond_broadcast(&d->change);
    pthread_mutex_unlock(&d->lock);
}

bool flow_decoded_drain(flow_decoded *d, ct_error *err) {
    if (d->step) {
        if (!read_range(d, d->next_row, d->height, err)) {
            return false;
        }
        codec_read_end(d->reader);
    }
    for (; !d->step && d->next_row < d->height; d->next_row++) {
        if (!codec_read_row(d->reader, d->rows, err)) {
            return false;
        }
    }
    return true;
}
