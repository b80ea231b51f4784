/* Cuts a chain where a stage needs its whole input, or where it is very long, and runs the parts
 * one after the other around images in memory. */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/text.h"
#include "flow/bands.h"
#include "flow/barrier.h"
#include "flow/cascade.h"
#include "flow/cut.h"
#include "flow/keeper.h"

typedef struct flow_run_state {
    const flow_job *job;
    double white; /* of the writer's samples; 0: their type's own */
    flow_options options;
    flow_meter meter;
    flow_image image; /* what the last part made; stride is 0 before */
    bool ahead;       /* it's what the stage behind that part makes: one pixel, or turned */
    uint64_t *most;   /* nothing is run, only the memory that a part takes is found; or NULL */
} flow_run_state;

conv_type flow_type_of(codec_sample sample) {
    return sample == CODEC_U8 ? CONV_U8 : sample == CODEC_U16 ? CONV_U16 : CONV_F32;
}

static uint64_t image_bytes(const flow_image *image) {
    return (uint64_t)image->stride * (uint64_t)image->shape.height;
}

/* Fills the stride. `held` bytes of the budget are in use. */
static bool plan_image(flow_image *image, uint64_t held, uint64_t budget, ct_error *err) {
    const conv_shape shape = image->shape;
    size_t bytes;
    image->stride = conv_row_bytes(shape, image->type);
    if (!ct_mul(image->stride, (size_t)shape.height, &bytes)) {
        bytes = SIZE_MAX;
    }
    if (held > budget || bytes > budget - held) {
        return ct_fail(err,
                       "%dx%d samples of %d channel%s must be held in memory, which takes %s%s; "
                       "the limit is %s (--max-memory)",
                       shape.width, shape.height, shape.channels, shape.channels == 1 ? "" : "s",
                       ct_size_of(bytes).text, held ? " besides the image they come from" : "",
                       ct_size_of(budget).text);
    }
    return true;
}

static bool allocate_image(flow_image *image, uint64_t held, uint64_t budget, ct_error *err) {
    if (!plan_image(image, held, budget, err)) {
        return false;
    }
    image->rows = malloc((size_t)image_bytes(image)); /* within a size_t: plan_image checked */
    return image->rows ? true : ct_fail(err, "out of memory");
}

/* Adds the names of the plan's paths to the report; what doesn't fit is left out. */
static void report_paths(const conv_plan *plan, int count, flow_report *report) {
    for (int i = 0; i < count; i++) {
        const conv_choice *choice = conv_plan_choice(plan, i);
        const size_t used = strlen(report->paths);
        if (choice && used + strlen(choice->path) + 3 < sizeof report->paths) {
            snprintf(report->paths + used, sizeof report->paths - used, "%s%s", used ? ", " : "",
                     choice->path);
        }
    }
}

/* Stages that run in one pass: from the state's image, or before there is one, from the reader; to
 * the writer if it's the last part, else to a new image. */
typedef struct part {
    const conv_stage *stages;
    int first, count; /* stages of the job before these; and of these */
    bool last;
    const conv_stage *fold; /* the stage after them makes one pixel of the image; or NULL */
    conv_shape in;
    conv_type in_type, out_type;
    int alpha; /* the output channel that statistics leave out, or -1 */
    int turns; /* quarters by which the new image is turned */
} part;

static flow_pass pass_of(const flow_run_state *state, const part *p, const conv_plan *plan,
                         flow_image *made) {
    return (flow_pass){.plan = plan,
                       .reader = state->image.stride ? NULL : state->job->in,
                       .from = &state->image,
                       .writer = p->last ? state->job->out : NULL,
                       .to = p->last || p->fold ? NULL : made,
                       .turns = p->turns,
                       .options = &state->options,
                       .alpha = p->alpha,
                       .white = p->last ? state->white : 0};
}

/* The image after the part, and the fold or the turn if it ends with one. */
static flow_image made_by(const part *p, const conv_plan *plan) {
    flow_image made = {.shape = conv_plan_out(plan), .type = p->out_type};
    if (p->fold) {
        made.shape.width = made.shape.height = 1;
    } else if (p->turns % 2) {
        made.shape = (conv_shape){made.shape.height, made.shape.width, made.shape.channels};
    }
    return made;
}

static bool start_fold(flow_pass *pass, const part *p, ct_error *err) {
    if (!p->fold) {
        return true;
    }
    pass->fold = conv_fold_new(p->fold->pool, conv_plan_out(pass->plan));
    return pass->fold || ct_fail(err, "out of memory");
}

static flow_cascade_of cascade_of(const flow_run_state *state, const part *p) {
    const flow_options *options = &state->options;
    const bool reads = state->image.stride == 0;
    return (flow_cascade_of){.stages = p->stages,
                             .count = p->count,
                             .in = p->in,
                             .in_type = p->in_type,
                             .out_type = p->out_type,
                             .alpha = p->alpha,
                             .measure = options->measure,
                             .timed = options->timed,
                             .reader = reads ? state->job->in : NULL,
                             .rows = state->image.rows,
                             .stride = state->image.stride,
                             .watches = options->watches,
                             .watch_count = options->watch_count,
                             .base = p->first,
                             .begun = !reads && !state->ahead};
}

/* Sets pass->cascade where the part is watched. */
static bool add_cascade(const flow_run_state *state, const part *p, flow_pass *pass,
                        ct_error *err) {
    const flow_cascade_of of = cascade_of(state, p);
    if (!flow_cascade_wanted(&of)) {
        return true;
    }
    pass->cascade = flow_cascade_new(&of, err);
    return pass->cascade != NULL;
}

/* Runs the part with a plan that is there. */
static bool run_plan(flow_run_state *state, const part *p, const conv_plan *plan, flow_bench *bench,
                     flow_report *report, ct_error *err) {
    report_paths(plan, p->count, report);
    flow_image made = made_by(p, plan);
    flow_pass pass = pass_of(state, p, plan, &made);
    pass.bench = bench;
    pass.meter = &state->meter;
    /* The image that the last part made is kept until this part is done. */
    const uint64_t held = image_bytes(&state->image);
    bool ok = add_cascade(state, p, &pass, err) &&
              (p->last || allocate_image(&made, held, state->options.memory, err)) &&
              start_fold(&pass, p, err) && flow_run_pass(&pass, report, err);
    if (ok && pass.fold) {
        conv_fold_pixel(pass.fold, (float *)made.rows);
    }
    conv_fold_free(pass.fold);
    flow_cascade_free(pass.cascade);
    free(state->image.rows);
    state->image = made;
    return ok;
}

/* Instead of running it: counts what is in memory meanwhile. */
static bool measure_part(flow_run_state *state, const part *p, flow_report *report, ct_error *err) {
    conv_plan *plan = conv_plan_new(p->stages, p->count, p->in, p->in_type, p->out_type, err);
    if (!plan) {
        return false;
    }
    flow_image made = made_by(p, plan);
    flow_pass pass = pass_of(state, p, plan, &made);
    const uint64_t held = image_bytes(&state->image);
    uint64_t bytes;
    const bool ok = add_cascade(state, p, &pass, err) &&
                    (p->last || plan_image(&made, held, state->options.memory, err)) &&
                    flow_pass_memory(&pass, &bytes, err);
    flow_cascade_free(pass.cascade);
    conv_plan_free(plan);
    if (!ok) {
        return false;
    }
    const bool linked = !p->last && p->stages[p->count].op == CONV_LINK;
    bytes += held + image_bytes(&made) + (linked ? conv_link_memory(made.shape) : 0);
    *state->most = bytes > *state->most ? bytes : *state->most;
    conv_stats_none(&report->stats);
    state->image = made;
    return true;
}

static bool run_part(flow_run_state *state, const part *p, flow_report *report, ct_error *err) {
    conv_plan *plan = conv_plan_new(p->stages, p->count, p->in, p->in_type, p->out_type, err);
    const bool ok = plan && run_plan(state, p, plan, NULL, report, err);
    conv_plan_free(plan);
    return ok;
}

/* Runs a chain that is one part, with what the run before left. */
static bool run_kept(flow_run_state *state, const part *p, flow_report *report, ct_error *err) {
    const flow_job *job = state->job;
    flow_keeper *keeper = state->options.keeper;
    const flow_kept_for wanted = {.stages = job->stages,
                                  .count = job->count,
                                  .in = p->in,
                                  .in_type = p->in_type,
                                  .out_type = p->out_type,
                                  .alpha = p->alpha,
                                  .jobs = state->options.jobs,
                                  .most = state->options.most,
                                  .measure = state->options.measure};
    const conv_plan *plan = flow_keeper_plan(keeper, &wanted, err);
    if (plan && run_plan(state, p, plan, &keeper->bench, report, err)) {
        return true;
    }
    flow_keeper_clear(keeper);
    return false;
}

/* The part of `stages` from `first` up to `end`. */
static part make_part(const flow_run_state *state, const conv_stage *stages, int first, int end) {
    const codec_info *info = codec_reader_info(state->job->in);
    const flow_image *image = state->image.stride ? &state->image : NULL;
    const bool last = end >= state->job->count;
    const conv_stage *barrier = last ? NULL : &stages[end];
    part p = {.stages = stages + first, .first = first, .count = end - first, .last = last};
    p.fold = !last && barrier->op == CONV_GLOBAL ? barrier : NULL;
    p.in = image ? image->shape : (conv_shape){info->width, info->height, info->channels};
    p.in_type = image ? image->type : flow_type_of(info->sample);
    p.out_type = last ? flow_type_of(state->job->out_info->sample)
                      : flow_barrier_type(barrier, first == end, p.in_type);
    p.turns = !last && barrier->op == CONV_TURN ? barrier->turns : 0;
    p.alpha = last                            ? state->options.alpha
              : barrier->op == CONV_NORMALIZE ? barrier->window.alpha
                                              : -1;
    return p;
}

/* Changes the stages: those for whole images are replaced. A turn is part of what the part before
 * it makes. */
static bool run_parts(flow_run_state *state, conv_stage *stages, flow_report *report,
                      ct_error *err) {
    const int count = state->job->count;
    conv_samples known =
        state->job->known.most > 0
            ? state->job->known
            : conv_samples_of(flow_type_of(codec_reader_info(state->job->in)->sample));
    int first = 0, end = flow_first_end(stages, 0, count);
    while (true) {
        const part p = make_part(state, stages, first, end);
        const bool only = p.last && first == 0 && !state->image.stride;
        if (!(state->most ? measure_part
              : only && state->options.keeper && !state->options.watch_count
                  ? run_kept
                  : run_part)(state, &p, report, err)) {
            return false;
        }
        if (p.last) {
            return true;
        }
        state->ahead = p.fold || p.turns;
        known = conv_samples_after(state->job->stages + first, end - first, known);
        if (p.fold || p.turns) { /* it's done */
            known = conv_samples_after(&stages[end], 1, known);
            first = end + 1;
            end = flow_first_end(stages, first, count);
            continue;
        }
        const flow_barrier_of barrier = {&state->image, &report->stats, known, state->most};
        if (!flow_barrier_pass(&stages[end], &barrier, report, err)) {
            return false;
        }
        first = end;
        end = flow_part_end(stages, first, count);
    }
}

/* All parts of a copy of the stages. */
static bool run_all(flow_run_state *state, const flow_options *options, flow_report *report,
                    ct_error *err) {
    const flow_job *job = state->job;
    state->options = *options;
    *report = (flow_report){0};
    flow_meter_start(&state->meter, options->timed);
    if (!state->options.memory) {
        state->options.memory = (uint64_t)4 << 30;
    }
    conv_stage *copy = calloc((size_t)job->count + 1, sizeof *copy);
    if (!copy) {
        return ct_fail(err, "out of memory");
    }
    if (job->count > 0) {
        memcpy(copy, job->stages, (size_t)job->count * sizeof *copy);
    }
    const bool ok = run_parts(state, copy, report, err);
    free(state->image.rows);
    free(copy);
    return ok;
}

bool flow_memory(const flow_job *job, const flow_options *options, uint64_t *bytes, ct_error *err) {
    flow_run_state state = {.job = job, .most = bytes};
    flow_report report;
    *bytes = 0;
    return run_all(&state, options, &report, err);
}

bool flow_run(const flow_job *job, const flow_options *options, flow_report *report,
              ct_error *err) {
    const codec_info *out = job->out_info;
    flow_run_state state = {.job = job};
    if (out->sample != CODEC_F32 && codec_info_white(out) < codec_white(out->sample)) {
        state.white = codec_info_white(out);
    }
    if (!run_all(&state, options, report, err)) {
        return false;
    }
    report->from_writer = !codec_finish(job->out, err);
    report->times.serial += flow_meter_lap(&state.meter, &report->times.all.encoding);
    return !report->from_writer;
}
