/* Decides how a pass is cut into bands and how many threads share them. */
#include "flow/bands.h"

#include <sched.h>
#include <stdint.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "base/text.h"
#include "flow/crew.h"

enum {
    SMALL_IMAGE = 1 << 16, /* pixels, below which one thread is as fast as several */
    BAND_BYTES = 4 << 20,  /* of an output band, at most, unless one row has more */
    GOOD_BYTES = 1 << 18,  /* of one, at least, if enough bands remain: codecs start at each */
    GOOD_COUNT = 16,       /* bands enough to share the work well */
    BAND_STEP = 16,        /* rows: workers can compress bands of whole JPEG units */
};

typedef struct band_job {
    const flow_pass *pass;
    flow_bands bands;
    size_t out_row_bytes;
} band_job;

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
    return (flow_bands){rows, height, ct_div_up(rows, height)};
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
    size_t each = flow_pass_buffers(pass) ? (size_t)bands->height * job->out_row_bytes : 0;
    size_t decoded = pass->reader && end > first ? (size_t)(end - first) : 0, all;
    const size_t row_bytes = conv_row_bytes(in, conv_plan_in_type(pass->plan));
    if (pass->cascade) { /* it has workers of its own, and reads */
        return ct_add(each, flow_cascade_bytes(pass->cascade), &all) ? all : SIZE_MAX;
    }
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
        height = ct_div_up(height, BAND_STEP) * BAND_STEP;
        const int unit = conv_plan_unit(pass->plan);
        height = height > unit ? height - height % unit : unit;
    }
    height = height < out.height ? height : out.height;
    return bands_of(out.height, height);
}

/* What a pass takes whose reader decodes groups of `step` rows. */
typedef struct pass_needs {
    int step;          /* 0: rows come in order */
    size_t bench;      /* bytes, which may be kept for the next image */
    uint64_t decoders; /* bytes of the reader's */
} pass_needs;

/* With the step that the reader has, or 0 where there is no room for groups. */
static pass_needs needs_of(const band_job *job, int jobs, int step) {
    const flow_pass *pass = job->pass;
    const size_t row = conv_row_bytes(conv_plan_in(pass->plan), conv_plan_in_type(pass->plan));
    const size_t alone = pass_bytes(job, jobs);
    const size_t spare = row * (size_t)flow_decoded_spare(step, jobs, row);
    const uint64_t each = step > 1 ? codec_reader_group_memory(pass->reader) : 0;
    const uint64_t more = spare + each * (uint64_t)jobs, most = pass->options->memory;
    if (alone > most || more > most - alone) {
        return (pass_needs){.bench = alone};
    }
    return (pass_needs){.step = step, .bench = alone + spare, .decoders = more - spare};
}

/* A codec filters the rows of a band, and compressed they take no more than that again. */
bool flow_pass_memory(const flow_pass *pass, uint64_t *bytes, ct_error *err) {
    const conv_shape out = conv_plan_out(pass->plan);
    band_job job = {.pass = pass,
                    .out_row_bytes = conv_row_bytes(out, conv_plan_out_type(pass->plan))};
    job.bands = choose_bands(pass, out, job.out_row_bytes);
    const int jobs = fit_jobs(&job, pass->cascade ? 1 : choose_jobs(pass, out), err);
    if (!jobs) {
        return false;
    }
    const bool several = pass->reader && jobs > 1;
    const pass_needs needs =
        needs_of(&job, jobs, several ? codec_reader_most_step(pass->reader, jobs) : 0);
    const uint64_t band = (uint64_t)job.bands.height * job.out_row_bytes;
    *bytes = needs.bench + needs.decoders + (pass->to ? 0 : 2 * band * (uint64_t)jobs);
    return true;
}

/* Its last rows; the one thread read, too, while it computed. */
static bool finish_cascade(const flow_pass *pass, flow_times *times, ct_error *err) {
    const bool ok = flow_cascade_finish(pass->cascade, err);
    const double reading = flow_cascade_reading(pass->cascade);
    if (pass->options->timed) {
        flow_seconds *told[] = {&times->all, &times->worker[0]};
        for (int i = 0; i < 2; i++) {
            told[i]->computing -= reading;
            told[i]->decoding += reading;
        }
        times->serial += reading;
    }
    return ok;
}

/* On a bench that is laid: the reader's last row is read by the end. */
static bool run_laid(const flow_pass *pass, const flow_bench_of *of, flow_bench *bench,
                     flow_report *report, ct_error *err) {
    flow_times *times = &report->times;
    double workers = 0;
    const bool shared = bench->decoded && flow_decoded_shared(bench->decoded);
    if (pass->cascade ? of->ahead : of->reader && of->jobs > 1 && !shared) {
        codec_read_ahead(pass->reader);
    }
    times->serial += flow_meter_lap(pass->meter, &times->all.computing);
    if (!flow_crew_run(pass, of, bench, report, err)) {
        return false;
    }
    flow_meter_lap(pass->meter, &workers); /* which measure themselves */
    if (pass->cascade && !finish_cascade(pass, times, err)) {
        return false;
    }
    if (bench->decoded && !flow_decoded_drain(bench->decoded, err)) {
        return false;
    }
    times->serial += flow_meter_lap(pass->meter, &times->all.decoding);
    if (pass->reader && pass->options->timed) {
        const double ahead = codec_ahead_seconds(pass->reader);
        times->all.decoding += ahead;
        times->serial += ahead;
    }
    return true;
}

bool flow_run_pass(const flow_pass *pass, flow_report *report, ct_error *err) {
    const conv_shape out = conv_plan_out(pass->plan);
    flow_bench own = {0}, *bench = pass->bench ? pass->bench : &own;
    band_job job = {.pass = pass};
    job.out_row_bytes = conv_row_bytes(out, conv_plan_out_type(pass->plan));
    const bool kept = bench->jobs > 0;
    job.bands = kept ? bench->bands : choose_bands(pass, out, job.out_row_bytes);
    const int jobs =
        kept ? bench->jobs : fit_jobs(&job, pass->cascade ? 1 : choose_jobs(pass, out), err);
    const bool several = pass->reader && jobs > 1;
    const pass_needs needs =
        needs_of(&job, jobs, several ? codec_reader_step(pass->reader, jobs) : 0);
    const flow_bench_of of = {
        .plan = pass->cascade ? NULL : pass->plan,
        .reader = pass->cascade ? NULL : pass->reader,
        .bands = job.bands,
        .jobs = jobs,
        .ahead = pass->cascade && pass->reader && choose_jobs(pass, out) > 1,
        .step = needs.step,
        .memory = pass->options->memory,
        .bytes = needs.bench,
        .buffer = flow_pass_buffers(pass) ? (size_t)job.bands.height * job.out_row_bytes : 0,
        .row_bytes = job.out_row_bytes,
        .alpha = pass->alpha,
        .measure = pass->options->measure};
    const bool ok =
        jobs > 0 && flow_bench_lay(bench, &of, err) && run_laid(pass, &of, bench, report, err);
    report->jobs = jobs;
    report->band = job.bands.height;
    flow_bench_clear(&own);
    return ok;
}
