/* Deals the bands of one pass to worker threads and keeps the writer's order. */
#include "flow/bands.h"

#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/text.h"
#include "flow/clamp.h"

enum {
    SMALL_IMAGE = 1 << 16, /* pixels, below which one thread is as fast as several */
    BAND_BYTES = 4 << 20,  /* of an output band, at most, unless one row has more */
    GOOD_BYTES = 1 << 18,  /* of one, at least, if enough bands remain: codecs start at each */
    GOOD_COUNT = 16,       /* bands enough to share the work well */
    BAND_STEP = 16,        /* rows: workers can compress bands of whole JPEG units */
};

typedef struct band_job {
    const flow_pass *pass;
    flow_bench_of of;
    flow_bench *bench;
    flow_bands bands;
    size_t out_row_bytes;
    flow_decoded *decoded; /* NULL where rows come from an image: */
    int next_band;         /* under `lock` */
    int next_seat;         /* likewise */

    pthread_mutex_t lock;
    pthread_cond_t turn;
    int written; /* bands written so far */
    bool failed, from_writer;
    ct_error error; /* the first one */
    conv_stats stats;
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
    if (!job->failed && job->next_band < job->bands.count) {
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

static void end_turn(band_job *job, int end) {
    const flow_options *options = job->pass->options;
    if (options->progress) {
        options->progress(options->progress_context, end, job->bands.rows);
    }
    pthread_mutex_lock(&job->lock);
    job->written++;
    pthread_cond_broadcast(&job->turn);
    pthread_mutex_unlock(&job->lock);
}

/* Compresses where the format can (many threads at once), then writes in order. */
static bool write_band(band_job *job, int band, int first, int rows, const char *bytes,
                       ct_error *err) {
    codec_writer *writer = job->pass->writer;
    codec_packed *packed = NULL;
    if (!codec_pack(writer, first, rows, bytes, job->out_row_bytes, &packed, err)) {
        return false;
    }
    bool ok = true;
    if (wait_for_turn(job, band)) {
        ok = codec_write(writer, rows, bytes, job->out_row_bytes, packed, err);
        if (ok) {
            end_turn(job, first + rows);
        }
    }
    codec_packed_free(packed);
    return ok;
}

/* Clamps to a white below the type's maximum. The samples above it are counted instead of those
 * that the engine clamped, which are among them. */
static void clamp_band(const band_job *job, char *rows, int count, uint64_t before,
                       conv_stats *stats) {
    const flow_pass *pass = job->pass;
    const conv_shape out = conv_plan_out(pass->plan);
    stats->above =
        before + flow_clamp(rows, (size_t)out.width * (size_t)count, out.channels, pass->alpha,
                            conv_plan_out_type(pass->plan), (unsigned)pass->white);
}

static bool run_bands(band_job *job, conv_worker *worker, char *buffer, conv_stats *stats) {
    const flow_pass *pass = job->pass;
    ct_error err = {""};
    for (int band; take_band(job, &band, &err);) {
        if (band < 0) {
            return true;
        }
        const int first = band * job->bands.height;
        const int end = first + job->bands.height < job->bands.rows ? first + job->bands.height
                                                                    : job->bands.rows;
        char *out = pass->to ? pass->to->rows + (size_t)first * pass->to->stride : buffer;
        const uint64_t above = stats->above;
        conv_worker_run(worker, first, end, band_source, job, out, job->out_row_bytes, stats);
        if (pass->white > 0) {
            clamp_band(job, out, end - first, above, stats);
        }
        if (job->decoded) {
            flow_decoded_done(job->decoded, band);
        }
        if (pass->writer && !write_band(job, band, first, end - first, out, &err)) {
            fail(job, true, &err);
            return false;
        }
    }
    fail(job, false, &err);
    return false;
}

static void *run_thread(void *context) {
    band_job *job = context;
    ct_error err;
    conv_stats stats;
    conv_stats_none(&stats);
    pthread_mutex_lock(&job->lock);
    const int number = job->next_seat++;
    pthread_mutex_unlock(&job->lock);
    const flow_seat *seat = flow_bench_seat(job->bench, number, &job->of, &err);
    if (seat) {
        run_bands(job, seat->worker, seat->buffer, &stats);
    } else {
        fail(job, false, &err);
    }
    pthread_mutex_lock(&job->lock);
    conv_stats_add(&job->stats, &stats);
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

int flow_processors(void) {
    cpu_set_t own;
    const long count = sched_getaffinity(0, sizeof own, &own) == 0
                           ? CPU_COUNT(&own)
                           : sysconf(_SC_NPROCESSORS_ONLN); /* more than a cpu_set_t holds */
    return count < 1 ? 1 : count < FLOW_MOST_JOBS ? (int)count : FLOW_MOST_JOBS;
}

static bool is_small(conv_shape shape) {
    return (int64_t)shape.width * shape.height < SMALL_IMAGE;
}

static int choose_jobs(const flow_pass *pass, conv_shape out) {
    const conv_shape in = conv_plan_in(pass->plan);
    if (pass->options->jobs > 0) {
        return pass->options->jobs < FLOW_MOST_JOBS ? pass->options->jobs : FLOW_MOST_JOBS;
    }
    if (is_small(in) && is_small(out)) {
        return 1;
    }
    const int most = pass->options->most, processors = most == 1 ? 1 : flow_processors();
    return most > 0 && most < processors ? most : processors;
}

static flow_bands bands_of(int rows, int height) {
    return (flow_bands){rows, height, (rows + height - 1) / height};
}

/* Bytes that `jobs` workers hold: their rows, their bands, and the decoded rows of the bands that
 * are under way. */
static size_t pass_bytes(const band_job *job, int jobs) {
    const flow_pass *pass = job->pass;
    const conv_shape in = conv_plan_in(pass->plan);
    const flow_bands *bands = &job->bands;
    const int rows = jobs < bands->count ? jobs * bands->height : bands->rows;
    const int from = (bands->rows - rows) / 2;
    int first, end;
    conv_plan_rows(pass->plan, from, from + rows, &first, &end);
    size_t each = pass->to ? 0 : (size_t)bands->height * job->out_row_bytes;
    size_t decoded = pass->reader && end > first ? (size_t)(end - first) : 0, all;
    const size_t row_bytes = conv_row_bytes(in, conv_plan_in_type(pass->plan));
    const bool fits = ct_add(each, conv_plan_worker_size(pass->plan), &each) &&
                      ct_mul(each, (size_t)jobs, &all) && ct_mul(decoded, row_bytes, &decoded) &&
                      ct_add(all, decoded, &all);
    return fits ? all : SIZE_MAX;
}

/* As many of `jobs` threads as have a band to do and room within the budget, which makes bands
 * lower where not even one fits; 0 with an error if none does. */
static int fit_jobs(band_job *job, int jobs, ct_error *err) {
    const double gain = 0.9;
    const flow_pass *pass = job->pass;
    flow_bands *bands = &job->bands;
    const uint64_t budget = pass->options->memory;
    jobs = jobs < bands->count ? jobs : bands->count;
    if (conv_plan_repeats(pass->plan, bands->height) > gain * jobs) {
        jobs = 1; /* together they would take as long */
    }
    while (jobs > 1 && pass_bytes(job, jobs) > budget) {
        jobs--;
    }
    while (bands->height > 1 && pass_bytes(job, jobs) > budget) {
        *bands = bands_of(bands->rows, bands->height / 2);
    }
    const size_t bytes = pass_bytes(job, jobs);
    if (bytes > budget) {
        ct_fail(err, "the rows of the stages take %s; the limit is %s (--max-memory)",
                ct_size_of(bytes).text, ct_size_of(budget).text);
        return 0;
    }
    return jobs;
}

/* The bands don't depend on the number of jobs, so that a writer that packs each by itself always
 * makes the same bytes, unless memory is short. */
static flow_bands choose_bands(const flow_pass *pass, conv_shape out, size_t row_bytes) {
    int height = pass->options->band;
    if (height <= 0 && is_small(conv_plan_in(pass->plan)) && is_small(out) &&
        (size_t)out.height * row_bytes <= GOOD_BYTES) {
        height = out.height; /* one thread does it, and codecs start once */
    } else if (height <= 0) {
        height = conv_plan_band(pass->plan);
        const size_t most = BAND_BYTES / row_bytes;
        height = (size_t)height > most && most > 0 ? (int)most : height;
        const size_t good = GOOD_BYTES / row_bytes, shared = (size_t)out.height / GOOD_COUNT;
        const size_t higher = good < shared ? good : shared;
        height = (size_t)height < higher ? (int)higher : height;
        height = (height + BAND_STEP - 1) / BAND_STEP * BAND_STEP;
        const int unit = conv_plan_unit(pass->plan);
        height = height > unit ? height - height % unit : unit;
    }
    height = height < out.height ? height : out.height;
    return bands_of(out.height, height);
}

/* A codec filters the rows of a band, and compressed they take no more than that again. */
uint64_t flow_pass_memory(const flow_pass *pass) {
    const conv_shape out = conv_plan_out(pass->plan);
    band_job job = {.pass = pass,
                    .out_row_bytes = conv_row_bytes(out, conv_plan_out_type(pass->plan))};
    ct_error over;
    job.bands = choose_bands(pass, out, job.out_row_bytes);
    int jobs = fit_jobs(&job, choose_jobs(pass, out), &over);
    jobs = jobs > 0 ? jobs : 1;
    const uint64_t band = (uint64_t)job.bands.height * job.out_row_bytes;
    return pass_bytes(&job, jobs) + (pass->to ? 0 : 2 * band * (uint64_t)jobs);
}

bool flow_run_pass(const flow_pass *pass, flow_report *report, ct_error *err) {
    const conv_shape out = conv_plan_out(pass->plan);
    flow_bench own = {0};
    band_job job = {.pass = pass,
                    .bench = pass->bench ? pass->bench : &own,
                    .lock = PTHREAD_MUTEX_INITIALIZER,
                    .turn = PTHREAD_COND_INITIALIZER};
    conv_stats_none(&job.stats);
    job.out_row_bytes = conv_row_bytes(out, conv_plan_out_type(pass->plan));
    const bool kept = job.bench->jobs > 0;
    job.bands = kept ? job.bench->bands : choose_bands(pass, out, job.out_row_bytes);
    const int jobs = kept ? job.bench->jobs : fit_jobs(&job, choose_jobs(pass, out), err);
    job.of = (flow_bench_of){.plan = pass->plan,
                             .reader = pass->reader,
                             .bands = job.bands,
                             .jobs = jobs,
                             .memory = pass->options->memory,
                             .bytes = pass_bytes(&job, jobs),
                             .buffer = pass->to ? 0 : (size_t)job.bands.height * job.out_row_bytes,
                             .alpha = pass->alpha,
                             .measure = pass->options->measure};
    bool ok = jobs > 0 && flow_bench_lay(job.bench, &job.of, err);
    job.decoded = job.bench->decoded;
    if (ok && pass->reader && jobs > 1) {
        codec_read_ahead(pass->reader);
    }
    if (ok) {
        run_threads(&job, jobs);
        ok = !job.failed;
        if (!ok) {
            *err = job.error;
            report->from_writer = job.from_writer;
        }
    }
    if (ok && job.decoded) {
        ok = flow_decoded_drain(job.decoded, err);
    }
    report->stats = job.stats;
    report->jobs = jobs;
    report->band = job.bands.height;
    flow_bench_clear(&own);
    pthread_cond_destroy(&job.turn);
    pthread_mutex_destroy(&job.lock);
    return ok;
}
