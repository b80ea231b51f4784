/* Deals the bands of one pass to worker threads; they are written in order where the writer needs
 * that. */
#include "flow/crew.h"

#include <stdlib.h>

#include "base/minmax.h"
#include "flow/clamp.h"

struct worker;

typedef struct crew {
    const flow_pass *pass;
    const flow_bench_of *of;
    flow_bench *bench;
    flow_decoded *decoded; /* NULL where rows come from an image: */
    int next_band;         /* under `lock` */
    int next_seat;         /* likewise */
    /* What is done with a band that is computed, unless it goes to an image. */
    bool (*put)(struct worker *w, ct_error *err);

    pthread_mutex_t lock;
    pthread_cond_t turn;
    int written; /* bands written so far */
    int rows;    /* of those */
    bool failed, from_writer;
    ct_error error; /* the first one */
    conv_stats stats;
    flow_times times;
} crew;

static void fail(crew *c, bool from_writer, const ct_error *error) {
    pthread_mutex_lock(&c->lock);
    if (!c->failed) {
        c->failed = true;
        c->from_writer = from_writer;
        c->error = *error;
    }
    pthread_cond_broadcast(&c->turn);
    pthread_mutex_unlock(&c->lock);
    if (c->decoded) {
        flow_decoded_stop(c->decoded);
    }
}

static bool take_band(crew *c, int *band, ct_error *err) {
    const flow_options *options = c->pass->options;
    *band = -1;
    if (options->cancel && atomic_load_explicit(options->cancel, memory_order_relaxed)) {
        return ct_fail(err, "interrupted");
    }
    if (c->decoded) {
        return flow_decoded_take(c->decoded, band, err);
    }
    pthread_mutex_lock(&c->lock);
    if (!c->failed && c->next_band < c->of->bands.count) {
        *band = c->next_band++;
    }
    pthread_mutex_unlock(&c->lock);
    return true;
}

static const void *band_source(void *context, int y) {
    const crew *c = context;
    if (c->decoded) {
        return flow_decoded_row(c->decoded, y);
    }
    return c->pass->from->rows + (size_t)y * c->pass->from->stride;
}

/* Waits until every earlier band is written; false when the pass failed meanwhile. */
static bool wait_for_turn(crew *c, int band) {
    pthread_mutex_lock(&c->lock);
    while (!c->failed && c->written != band) {
        pthread_cond_wait(&c->turn, &c->lock);
    }
    const bool failed = c->failed;
    pthread_mutex_unlock(&c->lock);
    return !failed;
}

/* Counts a band as written, and says so. */
static void count_band(crew *c, int rows) {
    const flow_options *options = c->pass->options;
    pthread_mutex_lock(&c->lock);
    c->written++;
    c->rows += rows;
    if (options->progress && !c->failed) {
        options->progress(options->progress_context, c->rows, c->of->bands.rows);
    }
    pthread_cond_broadcast(&c->turn);
    pthread_mutex_unlock(&c->lock);
}

/* A worker and the band that it has. */
typedef struct worker {
    crew *crew;
    const flow_seat *seat;
    int band, first, count; /* the band's rows */
    char *rows;
    conv_stats stats;
    flow_meter meter;
    flow_seconds seconds;
    double serial; /* of these, while no other worker could have done the same */
} worker;

/* Compresses where the format can (many threads at once), then writes in order. */
static bool write_in_order(worker *w, ct_error *err) {
    crew *c = w->crew;
    codec_writer *writer = c->pass->writer;
    codec_packed *packed = NULL;
    if (!codec_pack(writer, w->first, w->count, w->rows, c->of->row_bytes, &packed, err)) {
        return false;
    }
    bool ok = true;
    flow_meter_lap(&w->meter, &w->seconds.encoding);
    if (wait_for_turn(c, w->band)) {
        ok = codec_write(writer, w->count, w->rows, c->of->row_bytes, packed, err);
        w->serial += flow_meter_lap(&w->meter, &w->seconds.encoding);
        if (ok) {
            count_band(c, w->count);
        }
    }
    codec_packed_free(packed);
    return ok;
}

/* In the order of the rows, so that a sum doesn't depend on bands and threads. */
static bool fold_in_order(worker *w, ct_error *err) {
    crew *c = w->crew;
    (void)err;
    if (wait_for_turn(c, w->band)) {
        conv_fold_rows(c->pass->fold, w->count, w->rows, c->of->row_bytes);
        w->serial += flow_meter_lap(&w->meter, &w->seconds.computing);
        count_band(c, w->count);
    }
    return true;
}

static bool write_anywhere(worker *w, ct_error *err) {
    crew *c = w->crew;
    const bool ok =
        codec_write_at(c->pass->writer, w->first, w->count, w->rows, c->of->row_bytes, err);
    if (ok) {
        count_band(c, w->count);
    }
    flow_meter_lap(&w->meter, &w->seconds.encoding);
    return ok;
}

/* Clamps to a white below the type's maximum. The samples above it are counted instead of those
 * that the engine clamped, which are among them. */
static void clamp_band(worker *w, uint64_t before) {
    const flow_pass *pass = w->crew->pass;
    const conv_shape out = conv_plan_out(pass->plan);
    w->stats.above =
        before + flow_clamp(w->rows, (size_t)out.width * (size_t)w->count, out.channels,
                            pass->alpha, conv_plan_out_type(pass->plan), (unsigned)pass->white);
}

/* Puts the band into the turned image. */
static void turn_band(const worker *w) {
    static const int orientations[] = {1, 6, 3, 8}; /* of quarter turns */
    const flow_pass *pass = w->crew->pass;
    const conv_shape out = conv_plan_out(pass->plan);
    const size_t pixel = (size_t)out.channels * conv_type_size(pass->to->type);
    const codec_turn turn = codec_turn_of(orientations[pass->turns], out.width, out.height, pixel);
    codec_turn_rows(&turn, w->first, w->count, out.width, w->rows, w->crew->of->row_bytes,
                    pass->to->rows);
}

/* Fails only where rows are read, and seen, on the way. */
static bool compute_band(worker *w, ct_error *err) {
    crew *c = w->crew;
    const flow_pass *pass = c->pass;
    const uint64_t above = w->stats.above;
    const int end = w->first + w->count;
    w->rows = flow_pass_buffers(pass) ? w->seat->buffer
                                      : pass->to->rows + (size_t)w->first * pass->to->stride;
    if (!pass->cascade) {
        conv_worker_run(w->seat->worker, w->first, end, band_source, c, w->rows, c->of->row_bytes,
                        &w->stats);
    } else if (!flow_cascade_run(pass->cascade, w->first, end, w->rows, c->of->row_bytes, &w->stats,
                                 err)) {
        return false;
    }
    if (pass->white > 0) {
        clamp_band(w, above);
    }
    if (c->decoded) {
        flow_decoded_done(c->decoded, w->band);
    }
    if (pass->turns) {
        turn_band(w);
    }
    return true;
}

/* Takes the next band, with the rows that it needs; w->band is -1 where there is none. */
static bool begin_band(worker *w, ct_error *err) {
    crew *c = w->crew;
    const flow_bands *bands = &c->of->bands;
    const bool ok = take_band(c, &w->band, err);
    const double lap = flow_meter_lap(&w->meter, &w->seconds.decoding);
    w->serial += c->decoded && !flow_decoded_shared(c->decoded) ? lap : 0;
    w->first = w->band * bands->height;
    w->count = ct_min(bands->height, bands->rows - w->first);
    return ok;
}

static void run_bands(worker *w) {
    crew *c = w->crew;
    ct_error err = {""};
    while (begin_band(w, &err)) {
        if (w->band < 0) {
            return;
        }
        if (!compute_band(w, &err)) {
            break;
        }
        flow_meter_lap(&w->meter, &w->seconds.computing);
        if (!c->pass->to && !c->put(w, &err)) {
            fail(c, true, &err);
            return;
        }
    }
    fail(c, false, &err);
}

static void *run_thread(void *context) {
    crew *c = context;
    ct_error err;
    worker w = {.crew = c};
    flow_meter_start(&w.meter, c->pass->options->timed);
    conv_stats_none(&w.stats);
    pthread_mutex_lock(&c->lock);
    const int number = c->next_seat++;
    pthread_mutex_unlock(&c->lock);
    w.seat = flow_bench_seat(c->bench, number, c->of, &err);
    flow_meter_lap(&w.meter, &w.seconds.computing);
    if (w.seat) {
        run_bands(&w);
    } else {
        fail(c, false, &err);
    }
    w.seconds.waiting = flow_meter_waited(&w.meter);
    pthread_mutex_lock(&c->lock);
    conv_stats_add(&c->stats, &w.stats);
    if (w.meter.on) {
        flow_times_worker(&c->times, number, &w.seconds);
        c->times.serial += w.serial;
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* The calling thread works too; if the system refuses a thread, fewer do it. */
static void run_threads(crew *c, int jobs) {
    pthread_t threads[FLOW_MOST_JOBS];
    int started = 0;
    while (started < jobs - 1 && pthread_create(&threads[started], NULL, run_thread, c) == 0) {
        started++;
    }
    run_thread(c);
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

bool flow_crew_run(const flow_pass *pass, const flow_bench_of *of, flow_bench *bench,
                   flow_report *report, ct_error *err) {
    const bool anywhere = pass->writer && of->jobs > 1 && codec_writes_anywhere(pass->writer);
    bool (*put)(worker *, ct_error *) = pass->fold ? fold_in_order
                                        : anywhere ? write_anywhere
                                                   : write_in_order;
    crew all = {.pass = pass,
                .of = of,
                .bench = bench,
                .decoded = bench->decoded,
                .put = put,
                .lock = PTHREAD_MUTEX_INITIALIZER,
                .turn = PTHREAD_COND_INITIALIZER};
    conv_stats_none(&all.stats);
    run_threads(&all, of->jobs);
    if (all.failed) {
        *err = all.error;
        report->from_writer = all.from_writer;
    }
    report->stats = all.stats;
    flow_times_add(&report->times, &all.times);
    pthread_cond_destroy(&all.turn);
    pthread_mutex_destroy(&all.lock);
    return !all.failed;
}
