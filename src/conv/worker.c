/* Runs a plan on bands of rows: pulls each step's input rows into its ring, as the step needs them.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conv/plan.h"

/* The last rows of a step's input. Row r, for first <= r < next, lies in slot r modulo the size. */
typedef struct ring {
    float *rows;
    float *constant; /* a row of the border's constant */
    int first, next;
} ring;

struct conv_worker {
    const conv_plan *plan;
    ring *rings; /* one a step */
    float *memory;
    float *points[2]; /* scratch rows between pointwise stages */
    float *scratch;   /* for window_run */
    const float **taps;
    int alpha;
    conv_source *source; /* of the run that's under way */
    void *context;
};

static size_t ring_floats(const plan_step *step) {
    return step->pitch * ((size_t)step->ring_rows + 1);
}

static size_t worker_floats(const conv_plan *plan) {
    size_t floats = (2 + SCRATCH_ROWS) * plan->scratch;
    for (int i = 0; i < plan->step_count; i++) {
        floats += ring_floats(&plan->steps[i]);
    }
    return floats;
}

size_t conv_plan_worker_size(const conv_plan *plan) {
    return worker_floats(plan) * sizeof(float) + plan->max_taps * sizeof(float *);
}

/* What stands in a margin or a constant row: pooling takes what can't win or add. */
static float fill_value(const conv_stage *stage, int channel) {
    if (stage->op != CONV_POOL) {
        return channel == stage->window.alpha ? stage->window.fill_alpha : stage->window.fill;
    }
    return stage->pool == CONV_POOL_MAX ? -INFINITY : stage->pool == CONV_POOL_MIN ? INFINITY : 0;
}

static void fill_constant(const plan_step *step, float *row) {
    const int channels = step->in.channels;
    for (size_t i = 0; i < step->pitch; i++) {
        /* The first sample, at `start`, is a channel 0. */
        const size_t phase = i + (size_t)channels * step->start - step->start;
        row[i] = fill_value(&step->stage, (int)(phase % (size_t)channels));
    }
}

conv_worker *conv_worker_new(const conv_plan *plan, int alpha) {
    conv_worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        return NULL;
    }
    worker->plan = plan;
    worker->alpha = alpha;
    worker->rings = calloc((size_t)plan->step_count + 1, sizeof *worker->rings);
    worker->taps = malloc((plan->max_taps + 1) * sizeof *worker->taps);
    const size_t bytes = (worker_floats(plan) * sizeof(float) + 63) / 64 * 64;
    worker->memory = aligned_alloc(64, bytes);
    if (!worker->rings || !worker->taps || !worker->memory) {
        conv_worker_free(worker);
        return NULL;
    }
    memset(worker->memory, 0, bytes); /* the blocks' overhang is computed on, and must be finite */
    float *next = worker->memory;
    worker->points[0] = next;
    worker->points[1] = next + plan->scratch;
    worker->scratch = next + 2 * plan->scratch;
    next += (2 + SCRATCH_ROWS) * plan->scratch;
    for (int i = 0; i < plan->step_count; i++) {
        worker->rings[i].rows = next;
        worker->rings[i].constant = next + plan->steps[i].pitch * (size_t)plan->steps[i].ring_rows;
        fill_constant(&plan->steps[i], worker->rings[i].constant);
        next += ring_floats(&plan->steps[i]);
    }
    return worker;
}

void conv_worker_free(conv_worker *worker) {
    if (worker) {
        free(worker->rings);
        free(worker->taps);
        free(worker->memory);
        free(worker);
    }
}

/* ---- rows, level by level: level 0 is the input, level i + 1 what step i makes ---- */

static void make_row(conv_worker *worker, int level, int y, float *out);

static float *ring_slot(const ring *r, const plan_step *step, int row) {
    const int rows = step->ring_rows;
    const int slot = (row % rows + rows) % rows; /* rows of wrapping may be negative */
    return r->rows + step->pitch * (size_t)slot + step->start;
}

static void fill_margins(const plan_step *step, float *row) {
    const int channels = step->in.channels;
    for (int i = 0; i < step->left + step->right; i++) {
        const int column = i < step->left ? i - step->left : step->in.width + i - step->left;
        float *to = row + (ptrdiff_t)column * channels;
        const float *from = row + (ptrdiff_t)step->margin[i] * channels;
        for (int c = 0; c < channels; c++) {
            to[c] = step->margin[i] < 0 ? fill_value(&step->stage, c) : from[c];
        }
    }
}

/* Makes the ring of step `i` hold the rows low..high, which are no more than it can. */
static void fill_ring(conv_worker *worker, int i, int low, int high) {
    const plan_step *step = &worker->plan->steps[i];
    ring *r = &worker->rings[i];
    if (low < r->first || low > r->next) { /* a new band, or a step back at a border */
        r->first = r->next = low;
    }
    for (; r->next <= high; r->next++) {
        float *row = ring_slot(r, step, r->next);
        const int y = r->next < 0 || r->next >= step->in.height
                          ? conv_border_index(CONV_WRAP, r->next, step->in.height)
                          : r->next;
        make_row(worker, i, y, row);
        fill_margins(step, row);
    }
    if (r->first < r->next - step->ring_rows) {
        r->first = r->next - step->ring_rows;
    }
}

static void step_row(conv_worker *worker, int i, int y, float *out) {
    const plan_step *step = &worker->plan->steps[i];
    const conv_window *w = &step->stage.window;
    const float *rows[CONV_MAX_KERNEL];
    int at[CONV_MAX_KERNEL];
    int low = INT32_MAX, high = INT32_MIN;
    for (int k = 0; k < w->height; k++) {
        at[k] = plan_ring_row(step, y * w->stride_y - w->top + k * w->dilation_y);
        if (at[k] != PLAN_NO_ROW) {
            low = at[k] < low ? at[k] : low;
            high = at[k] > high ? at[k] : high;
        }
    }
    if (low <= high) {
        fill_ring(worker, i, low, high);
    }
    const ring *r = &worker->rings[i];
    for (int k = 0; k < w->height; k++) {
        rows[k] = at[k] != PLAN_NO_ROW      ? ring_slot(r, step, at[k])
                  : step->path == PATH_POOL ? NULL
                                            : r->constant + step->start;
    }
    window_run(worker->plan, step, rows, y, out, worker->scratch, worker->taps);
}

/* Runs `count` pointwise stages from `from` (which may be points[0]) to `out`. */
static void run_points(conv_worker *worker, const conv_stage *points, int count, conv_shape shape,
                       const float *from, float *out) {
    for (int k = 0; k < count; k++) {
        float *to = k == count - 1 ? out : worker->points[(k + 1) & 1];
        points_run(worker->plan->rows, &points[k], shape, from, to);
        conv_stage_shape(&points[k], shape, &shape, NULL); /* was checked by conv_plan_new */
        from = to;
    }
}

static void input_row(conv_worker *worker, int y, float *out) {
    const conv_plan *plan = worker->plan;
    const size_t n = (size_t)plan->in.width * (size_t)plan->in.channels;
    const void *row = worker->source(worker->context, y);
    float *first = plan->point_count ? worker->points[0] : out;
    switch (plan->in_type) {
    case CONV_U8:
        plan->rows->from_u8(first, row, n);
        break;
    case CONV_U16:
        plan->rows->from_u16(first, row, n);
        break;
    case CONV_F32:
        memcpy(first, row, n * sizeof *first);
        break;
    }
    run_points(worker, plan->points, plan->point_count, plan->in, first, out);
}

static void make_row(conv_worker *worker, int level, int y, float *out) {
    if (level == 0) {
        input_row(worker, y, out);
        return;
    }
    const plan_step *step = &worker->plan->steps[level - 1];
    float *first = step->point_count ? worker->points[0] : out;
    step_row(worker, level - 1, y, first);
    run_points(worker, step->points, step->point_count, step->made, first, out);
}

/* ---- the output ---- */

void conv_stats_none(conv_stats *stats) {
    *stats = (conv_stats){.min = FLT_MAX, .max = -FLT_MAX};
}

void conv_stats_add(conv_stats *total, const conv_stats *more) {
    total->samples += more->samples;
    total->negative += more->negative;
    total->above += more->above;
    total->min = more->min < total->min ? more->min : total->min;
    total->max = more->max > total->max ? more->max : total->max;
}

/* `row` without channel `alpha`, in `spare`; returns the floats that are left. */
static size_t without_alpha(const float *row, conv_shape shape, int alpha, float *spare) {
    size_t n = 0;
    for (size_t x = 0; x < (size_t)shape.width; x++) {
        for (int c = 0; c < shape.channels; c++) {
            if (c != alpha) {
                spare[n++] = row[x * (size_t)shape.channels + (size_t)c];
            }
        }
    }
    return n;
}

static void round_row(const conv_plan *plan, const float *row, size_t n, void *to,
                      conv_stats *stats) {
    switch (plan->out_type) {
    case CONV_U8:
        plan->rows->to_u8(to, row, n, &stats->negative, &stats->above);
        break;
    case CONV_U16:
        plan->rows->to_u16(to, row, n, &stats->negative, &stats->above);
        break;
    case CONV_F32:
        memcpy(to, row, n * sizeof *row);
        break;
    }
}

static void write_row(const conv_worker *worker, const float *row, void *to, conv_stats *stats) {
    const conv_plan *plan = worker->plan;
    size_t n = (size_t)plan->out.width * (size_t)plan->out.channels;
    if (worker->alpha >= 0) { /* rounded twice: the second time for the statistics alone */
        conv_stats ignored;
        conv_stats_none(&ignored);
        round_row(plan, row, n, to, &ignored);
        n = without_alpha(row, plan->out, worker->alpha, worker->scratch);
        row = worker->scratch;
        to = worker->scratch + plan->scratch;
    }
    round_row(plan, row, n, to, stats);
    stats->samples += n;
    if (plan->out_type == CONV_F32) {
        plan->rows->range(row, n, &stats->min, &stats->max);
    }
}

void conv_worker_run(conv_worker *worker, int first, int end, conv_source *source, void *context,
                     void *out, size_t out_stride, conv_stats *stats) {
    const conv_plan *plan = worker->plan;
    const int points =
        plan->step_count ? plan->steps[plan->step_count - 1].point_count : plan->point_count;
    float *row =
        worker->points[points & 1]; /* the one that the last pointwise stage doesn't read */
    worker->source = source;
    worker->context = context;
    for (int y = first; y < end; y++) {
        make_row(worker, plan->step_count, y, row);
        write_row(worker, row, (char *)out + (size_t)(y - first) * out_stride, stats);
    }
}
