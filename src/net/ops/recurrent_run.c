#include "net/ops/recurrent_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"

/* ---- weights ---- */

typedef struct packed {
    recurrent read; /* what the node says; of another call */
    int count;
    recurrent_weights of[2];
} packed;

void recurrent_free(void *own) {
    packed *p = own;
    for (int i = 0; p && i < p->count; i++) {
        recurrent_matrix_free(&p->of[i].in);
        recurrent_matrix_free(&p->of[i].back);
        recurrent_matrix_free(&p->of[i].last);
    }
    free(p);
}

static const void *at(const net_tensor *tensor, size_t i) {
    return (const char *)tensor->data + i * net_type_size(tensor->type);
}

/* The biases of what comes in, and of the state. They are one sum, but where GRU's reset acts upon
 * the state's. */
static void split_biases(const recurrent *r, int direction, double *in, double *back) {
    const net_tensor *biases = net_in(r->call, 3);
    const size_t all = r->cell->gates * r->hidden;
    for (size_t i = 0; i < all; i++) {
        const size_t first = (size_t)direction * 2 * all + i;
        in[i] = biases ? net_real_at(biases, first) : 0;
        back[i] = biases ? net_real_at(biases, first + all) : 0;
        if (!r->reset_last || i < all - r->hidden) {
            in[i] += back[i];
            back[i] = 0;
        }
    }
}

static bool pack_direction(const recurrent *r, int direction, recurrent_weights *to) {
    const size_t all = r->cell->gates * r->hidden, d = (size_t)direction;
    const size_t late = r->cell->late[0] ? r->hidden : 0;
    double *biases = malloc((2 * all + 1) * sizeof *biases);
    if (!biases) {
        return false;
    }
    split_biases(r, direction, biases, biases + all);
    const net_tensor *in = r->call->in[1], *back = r->call->in[2];
    const bool ok = recurrent_matrix_new(&to->in, r->type, at(in, d * all * r->inputs), all,
                                         r->inputs, biases) &&
                    recurrent_matrix_new(&to->back, r->type, at(back, d * all * r->hidden),
                                         all - late, r->hidden, biases + all) &&
                    (!late || recurrent_matrix_new(&to->last, r->type,
                                                   at(back, (d * all + all - late) * r->hidden),
                                                   late, r->hidden, biases + all + all - late));
    free(biases);
    return ok;
}

static packed *pack(const recurrent *r, ct_error *err) {
    packed *made = calloc(1, sizeof *made);
    bool ok = made != NULL;
    if (ok) {
        made->read = *r;
    }
    for (int d = 0; ok && d < r->directions; d++) {
        made->count++;
        ok = pack_direction(r, d, &made->of[d]);
    }
    if (!ok) {
        recurrent_free(made);
        ct_fail(err, "out of memory");
        return NULL;
    }
    return made;
}

bool recurrent_make(const net_call *call, const recurrent_cell *cell, void **own, ct_error *err) {
    recurrent r;
    const net_tensor *biases = net_in(call, 3);
    if (!call->in[1]->data || !call->in[2]->data || (biases && !biases->data)) {
        return true;
    }
    return recurrent_read(call, cell, &r, err) && (*own = pack(&r, err)) != NULL;
}

/* ---- one direction ---- */

static size_t bytes_of(const recurrent *r, size_t numbers) {
    return numbers * net_type_size(r->type);
}

enum { LINE = 64 };

/* Bytes for `rows` times `each` numbers, in whole lines. */
static bool room(const recurrent *r, size_t rows, size_t each, size_t *bytes) {
    size_t count;
    if (!ct_mul(rows, each, &count) || !ct_mul(count, net_type_size(r->type), bytes) ||
        *bytes > SIZE_MAX / 16) {
        return false;
    }
    *bytes = ct_round_up(*bytes + 1, LINE);
    return true;
}

static void free_way(recurrent_way *way) {
    free(way->from_in);
}

/* One piece of memory for all; what begins at 0 lies at its end. */
static bool make_way(recurrent_way *way) {
    const recurrent *r = way->of;
    size_t rows, from_in, gates, each;
    if (!ct_mul(r->steps, r->batch, &rows) ||
        !room(r, rows, r->cell->gates * r->hidden, &from_in) ||
        !room(r, r->batch, r->cell->gates * r->hidden, &gates) ||
        !room(r, r->batch, r->hidden, &each)) {
        return false;
    }
    char *all = way->from_in = aligned_alloc(LINE, from_in + gates + 4 * each);
    if (!all) {
        return false;
    }
    way->gates = all += from_in;
    way->last_gate = all += gates;
    way->extra = all + each;
    way->state = all + 2 * each;
    way->memory = all + 3 * each;
    memset(all, 0, 4 * each);
    return true;
}

/* Where a direction's state of one of the batch lies, in numbers. */
static size_t state_at(const recurrent_way *way, size_t b) {
    const recurrent *r = way->of;
    const size_t d = (size_t)way->direction, directions = (size_t)r->directions;
    return (r->batch_first ? b * directions + d : d * r->batch + b) * r->hidden;
}

static size_t result_at(const recurrent_way *way, size_t b, size_t step) {
    const recurrent *r = way->of;
    const size_t d = (size_t)way->direction, directions = (size_t)r->directions;
    return (r->batch_first ? (b * r->steps + step) * directions + d
                           : (step * directions + d) * r->batch + b) *
           r->hidden;
}

/* Copies a state of each of the batch in from an input, or out to an output. */
static void load(const recurrent_way *way, void *to, const net_tensor *from) {
    const recurrent *r = way->of;
    for (size_t b = 0; from && b < r->batch; b++) {
        memcpy((char *)to + bytes_of(r, b * r->hidden), at(from, state_at(way, b)),
               bytes_of(r, r->hidden));
    }
}

static void save(const recurrent_way *way, const net_tensor *to, const void *from) {
    const recurrent *r = way->of;
    for (size_t b = 0; to && b < r->batch; b++) {
        memcpy((char *)to->data + bytes_of(r, state_at(way, b)),
               (const char *)from + bytes_of(r, b * r->hidden), bytes_of(r, r->hidden));
    }
}

static size_t length_of(const recurrent *r, size_t b) {
    const net_tensor *lengths = net_in(r->call, 4);
    return lengths ? (size_t)net_whole_at(lengths, b) : r->steps;
}

static const net_tensor *wanted(const net_call *call, int i) {
    return i < call->node->output_count ? call->out[i] : NULL;
}

/* The steps of the batch whose sequences aren't at their end; `do_step` (late: GRU's last gate). */
static void step_all(const recurrent_way *way, size_t step, recurrent_step *do_step, bool keep) {
    const recurrent *r = way->of;
    const net_tensor *all = wanted(r->call, 0);
    const bool backward = r->backward[way->direction];
    for (size_t b = 0; b < r->batch; b++) {
        const size_t length = length_of(r, b);
        if (step >= length) {
            continue;
        }
        const size_t now = backward ? length - 1 - step : step;
        const size_t row = r->batch_first ? b * r->steps + now : now * r->batch + b;
        do_step(way, b, (const char *)way->from_in + bytes_of(r, row * r->cell->gates * r->hidden));
        if (keep && all) {
            memcpy((char *)all->data + bytes_of(r, result_at(way, b, now)),
                   (const char *)way->state + bytes_of(r, b * r->hidden), bytes_of(r, r->hidden));
        }
    }
}

static bool run_way(recurrent_way *way, const net_team *team, ct_error *err) {
    const recurrent *r = way->of;
    const recurrent_weights *w = way->weights;
    const int kind = r->type == NET_DOUBLE;
    recurrent_step *late = r->cell->late[kind];
    if (!make_way(way)) {
        return ct_fail(err, "out of memory");
    }
    load(way, way->state, net_in(r->call, 5));
    load(way, way->memory, r->cell->has_memory ? net_in(r->call, 6) : NULL);
    bool ok = recurrent_matrix_multiply(&w->in, team, way->from_in, r->call->in[0]->data,
                                        r->steps * r->batch, err);
    for (size_t step = 0; ok && step < r->steps; step++) {
        ok = recurrent_matrix_multiply(&w->back, NULL, way->gates, way->state, r->batch, err);
        step_all(way, step, r->cell->step[kind], !late);
        if (late) {
            ok = ok &&
                 recurrent_matrix_multiply(&w->last, NULL, way->last_gate,
                                           r->reset_last ? way->state : way->extra, r->batch, err);
            step_all(way, step, late, true);
        }
    }
    save(way, wanted(r->call, 1), way->state);
    save(way, r->cell->has_memory ? wanted(r->call, 2) : NULL, way->memory);
    return ok;
}

/* ---- both ---- */

typedef struct ways {
    recurrent_way way[2];
    bool ok[2];
} ways;

static void run_one(void *argument, int i) {
    ways *w = argument;
    w->ok[i] = run_way(&w->way[i], NULL, NULL);
}

/* Lengths must be within the sequence; steps beyond them are 0. */
static bool take_lengths(const recurrent *r, ct_error *err) {
    const net_tensor *lengths = net_in(r->call, 4), *all = wanted(r->call, 0);
    size_t bytes;
    for (size_t b = 0; lengths && b < r->batch; b++) {
        const int64_t length = net_whole_at(lengths, b);
        if (length < 0 || (uint64_t)length > r->steps) {
            return ct_fail(err, "a sequence's length is %lld, where there are %zu steps",
                           (long long)length, r->steps);
        }
    }
    if (lengths && all && net_bytes(all, &bytes)) {
        memset(all->data, 0, bytes);
    }
    return true;
}

bool recurrent_run(const net_call *call, const recurrent_cell *cell, ct_error *err) {
    recurrent r;
    const packed *weights = call->own;
    if (weights) {
        r = weights->read;
        r.call = call;
    } else if (!recurrent_read(call, cell, &r, err)) {
        return false;
    }
    if (!take_lengths(&r, err)) {
        return false;
    }
    packed *own = weights ? NULL : pack(&r, err);
    weights = weights ? weights : own;
    if (!weights) {
        return false;
    }
    const net_tensor *peepholes = cell->has_memory ? net_in(call, 7) : NULL;
    ways w = {0};
    for (int d = 0; d < r.directions; d++) {
        w.way[d] =
            (recurrent_way){.of = &r,
                            .direction = d,
                            .functions = r.functions[d],
                            .weights = &weights->of[d],
                            .peephole = peepholes ? at(peepholes, (size_t)d * 3 * r.hidden) : NULL};
    }
    if (r.directions == 1) {
        w.ok[0] = run_way(&w.way[0], call->team, err);
    } else {
        const double sums = (double)r.steps * (double)r.batch *
                            (double)(net_count(call->in[1]) + net_count(call->in[2]));
        net_each_of(call->team, sums, 2, run_one, &w);
    }
    bool ok = true;
    for (int d = 0; d < r.directions; d++) {
        free_way(&w.way[d]);
        ok = ok && w.ok[d];
    }
    recurrent_free(own);
    return ok || r.directions == 1 || ct_fail(err, "out of memory");
}
