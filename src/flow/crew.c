/* Deals the bands of one pass to worker threads; they are written in order where the writer needs
 * that. */
#include "flow/crew.h"

#include <stdlib.h>

#include "base/minmax.h"
#include "flow/clamp.h"

typedef struct band_job {
    const flow_pass *pass;
    const flow_bench_of *of;
    flow_bench *bench;
    size_t out_row_bytes;
    flow_decoded *decoded; /* NULL where rows come from an image: */
    int next_band;         /* under `lock` */
    int next_seat;         /* likewise */
    bool anywhere;         /* bands are written in any order */

    pthread_mutex_t lock;
    pthread_cond_t turn;
    int written; /* bands written so far */
    int rows;    /* of those */
    bool failed, from_writer;
    ct_error error; /* the first one */
    conv_stats stats;
    flow_times times;
} band_job;

static void fail(band_job *job, bool from_writer, const ct_error *error) {
    pthread_mutex_lock(&job->lock);
    if (!job->failed) {
        job->failed = true;
        job->from_writer = from_writer;
        job->error = *error;
    }
    pthread_cond_broadcast(&job->turn);
    pthread_mutex_unlock(&job->lock);
    if (job->decoded) {
        flow_decoded_stop(job->decoded);
    }
}

static bool take_band(band_job *job, int *band, ct_error *err) {
    const flow_options *options = job->pass->options;
    *band = -1;
    if (options->cancel && atomic_load_explicit(options->cancel, memory_order_relaxed)) {
        return ct_fail(err, "interrupted");
    }
    if (job->decoded) {
        return flow_decoded_take(job->decoded, band, err);
    }
    pthread_mutex_lock(&job->lock);
    if (!job->failed && job->next_band < job->of->bands.count) {
        *band = job->next_band++;
    }
    pthread_mutex_unlock(&job->lock);
    return true;
}

static const void *band_source(void *context, int y) {
    const band_job *job = context;
    if (job->decoded) {
        return flow_decoded_row(job->decoded, y);
    }
    return job->pass->from->rows + (size_t)y * job->pass->from->stride;
}

/* Waits until every earlier band is written; false when the job failed meanwhile. */
static bool wait_for_turn(band_job *job, int band) {
    pthread_mutex_lock(&job->lock);
    while (!job->failed && job->written != band) {
        pthread_cond_wait(&job->turn, &job->lock);
    }
    const bool failed = job->failed;
    pthread_mutex_unlock(&job->lock);
    return !failed;
}

/* Counts a band as written, and says so. */
static void count_band(band_job *job, int rows) {
    const flow_options *options = job->pass->options;
    pthread_mutex_lock(&job->lock);
    job->written++;
    job->rows += rows;
    if (options->progress && !job->failed) {
        options->progress(options->progress_context, job->rows, job->of->bands.rows);
    }
    pthread_cond_broadcast(&job->turn);
    pthread_mutex_unlock(&job->lock);
}

/* A worker and the band that it has. */
typedef struct worker {
    band_job *job;
    const flow_seat *seat;
    int band, first, count; /* the band's rows */
    char *rows;
    conv_stats stats;
    flow_meter meter;
    flow_seconds seconds;
    double alone; /* of these, while no other worker could have done the same */
} worker;

/* Compresses where the format can (many threads at once), then writes in order. */
static bool write_in_order(worker *w, ct_error *err) {
    band_job *job = w->job;
    codec_writer *writer = job->pass->writer;
    codec_packed *packed = NULL;
    if (!codec_pack(writer, w->first, w->count, w->rows, job->out_row_bytes, &packed, err)) {
        return false;
    }
    bool ok = true;
    flow_meter_lap(&w->meter, &w->seconds.encoding);
    if (wait_for_turn(job, w->band)) {
        ok = codec_write(writer, w->count, w->rows, job->out_row_bytes, packed, err);
        w->alone += flow_meter_lap(&w->meter, &w->seconds.encoding);
        if (ok) {
            count_band(job, w->count);
        }
    }
    codec_packed_free(packed);
    return ok;
}

static bool write_anywhere(worker *w, ct_error *err) {
    band_job *job = w->job;
    const bool ok =
        codec_write_at(job->pass->writer, w->first, w->count, w->rows, job->out_row_bytes, err);
    if (ok) {
        count_band(job, w->count);
    }
    flow_meter_lap(&w->meter, &w->seconds.encoding);
    return ok;
}

/* Clamps to a white below the type's maximum. The samples above it are counted instead of those
 * that the engine clamped, which are among them. */
static void clamp_band(worker *w, uint64_t before) {
    const flow_pass *pass = w->job->pass;
    const conv_shape out = conv_plan_out(pass->plan);
    w->stats.above =
        before + flow_clamp(w->rows, (size_t)out.width * (size_t)w->count, out.channels,
                            pass->alpha, conv_plan_out_type(pass->plan), (unsigned)pass->white);
}

static void compute_band(worker *w) {
    band_job *job = w->job;
    const flow_pass *pass = job->pass;
    const uint64_t above = w->stats.above;
    w->rows = pass->to ? pass->to->rows + (size_t)w->first * pass->to->stride : w->seat->buffer;
    conv_worker_run(w->seat->worker, w->first, w->first + w->count, band_source, job, w->rows,
                    job->out_row_bytes, &w->stats);
    if (pass->white > 0) {
        clamp_band(w, above);
    }
    if (job->decoded) {
        flow_decoded_done(job->decoded, w->band);
    }
}

/* Takes the next band, with the rows that it needs; w->band is -1 where there is none. */
static bool begin_band(worker *w, ct_error *err) {
    band_job *job = w->job;
    const flow_bands *bands = &job->of->bands;
    const bool ok = take_band(job, &w->band, err);
    const double lap = flow_meter_lap(&w->meter, &w->seconds.decoding);
    w->alone += job->decoded && !flow_decoded_shared(job->decoded) ? lap : 0;
    w->first = w->band * bands->height;
    w->count = ct_min(bands->height, bands->rows - w->first);
    return ok;
}

static void run_bands(worker *w) {
    band_job *job = w->job;
    ct_error err = {""};
    while (begin_band(w, &err)) {
        if (w->band < 0) {
            return;
        }
        compute_band(w);
        flow_meter_lap(&w->meter, &w->seconds.computing);
        if (job->pass->writer && !(job->anywhere ? write_anywhere : write_in_order)(w, &err)) {
            fail(job, true, &err);
            return;
        }
    }
    fail(job, false, &err);
}

static void *run_thread(void *context) {
    band_job *job = context;
    ct_error err;
    worker w = {.job = job};
    flow_meter_start(&w.meter, job->pass->options->timed);
    conv_stats_none(&w.stats);
    pthread_mutex_lock(&job->lock);
    const int number = job->next_seat++;
    pthread_mutex_unlock(&job->lock);
    w.seat = flow_bench_seat(job->bench, number, job->of, &err);
    flow_meter_lap(&w.meter, &w.seconds.computing);
    if (w.seat) {
        run_bands(&w);
    } else {
        fail(job, false, &err);
    }
    w.seconds.waiting = flow_meter_waited(&w.meter);
    pthread_mutex_lock(&job->lock);
    conv_stats_add(&job->stats, &w.stats);
    if (w.meter.on) {
        flow_times_worker(&job->times, number, &w.seconds);
        job->times.alone += w.alone;
    }
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

/* The calling thread works too; if the system refuses a thread, fewer do it. */
static void run_threads(band_job *job, int jobs) {
    pthread_t threads[FLOW_MOST_JOBS];
    int started = 0;
    while (started < jobs - 1 && pthread_create(&threads[started], NULL, run_thread, job) == 0) {
        started++;
    }
    run_thread(job);
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

bool flow_crew_run(const flow_pass *pass, const flow_bench_of *of, flow_bench *bench,
                   flow_report *report, ct_error *err) {
    const conv_plan *plan = pass->plan;
    band_job job = {.pass = pass,
                    .of = of,
                    .bench = bench,
                    .out_row_bytes = conv_row_bytes(conv_plan_out(plan), conv_plan_out_type(plan)),
                    .decoded = bench->decoded,
                    .anywhere = pass->writer && of->jobs > 1 && codec_writes_anywhere(pass->writer),
                    .lock = PTHREAD_MUTEX_INITIALIZER,
                    .turn = PTHREAD_COND_INITIALIZER};
    conv_stats_none(&job.stats);
    run_threads(&job, of->jobs);
    if (job.failed) {
        *err = job.error;
        report->from_writer = job.from_writer;
    }
    report->stats = job.stats;
    flow_times_add(&report->times, &job.times);
    pthread_cond_destroy(&job.turn);
    pthread_mutex_destroy(&job.lock);
    return !job.failed;
}
