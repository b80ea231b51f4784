/* Compiles a chain of stages for one shape. */
#include "conv/plan/plan.h"

#include <float.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"

enum { STREAMED = 8 << 20 };

static size_t image_floats(conv_shape shape) {
    return (size_t)shape.width * (size_t)shape.height * (size_t)shape.channels;
}

/* Floats converted at once, unless one pixel has more. */
enum { BLOCK = 1024 };

static int block_of(int channels, int width) {
    const int pixels = channels < BLOCK ? BLOCK / channels : 1;
    return pixels < width ? pixels : width;
}

/* A scratch row holds a block of any stage, before decimation and with the columns that its window
 * reaches beyond it. */
static void widen_scratch(conv_plan *plan, int64_t columns, int channels) {
    const size_t need = ct_round_up((size_t)columns * (size_t)channels, 16) + ROWS_BLOCK;
    plan->scratch = need > plan->scratch ? need : plan->scratch;
}

static void widen_for_step(conv_plan *plan, const plan_step *step) {
    const path_site *site = &step->site;
    const size_t rows =
        plan_window_rows(step, step->batch > site->align ? step->batch : site->align);
    plan->max_rows = ct_max_size(rows, plan->max_rows);
    plan->max_pointers = ct_max_size(ct_max_size(rows, site->pointers), plan->max_pointers);
    const int batch = step->path->batch; /* even where the image has fewer rows */
    plan->max_batch = batch > plan->max_batch ? batch : plan->max_batch;
    widen_scratch(plan, site->columns, site->in.channels);
}

static bool has_window(const conv_stage *stages, int first, int end) {
    while (first < end && !conv_stage_has_window(&stages[first])) {
        first++;
    }
    return first < end;
}

/* Appends a step for stage i, which turns the shape `in` into `made`. */
static bool add_step(conv_plan *plan, int i, conv_shape in, conv_shape made, conv_samples samples,
                     ct_error *err) {
    plan_step *step = &plan->steps[plan->step_count++];
    step->site =
        (path_site){.stage = plan->stages[i],
                    .in = in,
                    .made = made,
                    .rows = plan->rows,
                    .samples = samples,
                    .bytes = i == plan->crops && plan->in_type == CONV_U8,
                    .bounded = plan->bounded,
                    .last = !plan->more && !has_window(plan->stages, i + 1, plan->stage_count)};
    step->out = made;
    if (!plan_make_step(step)) {
        return ct_fail(err, "out of memory");
    }
    widen_for_step(plan, step);
    return true;
}

/* Puts pointwise stage i, which makes the shape `out`, after the last step, or if there is none
 * yet, before the first. */
static void add_point(conv_plan *plan, int i, conv_shape out) {
    plan_step *last = plan->step_count ? &plan->steps[plan->step_count - 1] : NULL;
    const conv_stage **points = last ? &last->points : &plan->points;
    int *count = last ? &last->point_count : &plan->point_count;
    *points = *count ? *points : &plan->stages[i];
    ++*count;
    if (last) {
        last->out = out;
    } else {
        plan->head = out;
    }
}

static bool add_stage(conv_plan *plan, int i, conv_shape in, conv_shape out, conv_samples samples,
                      ct_error *err) {
    if (!conv_stage_has_window(&plan->stages[i])) {
        add_point(plan, i, out);
    } else if (!add_step(plan, i, in, out, samples, err)) {
        return false;
    }
    const plan_step *step = plan->step_count ? &plan->steps[plan->step_count - 1] : NULL;
    widen_scratch(plan, step ? step->site.block : plan->block, out.channels);
    return true;
}

/* What only the finished plan knows: only the last step may write bytes itself. */
static void finish_steps(conv_plan *plan) {
    plan->gray_bytes = plan->in_type == CONV_U8 && plan->in.channels == 3 && plan->point_count &&
                       plan->points[0].point == CONV_GRAY;
    for (int i = 0; i < plan->step_count; i++) {
        plan_step *step = &plan->steps[i];
        step->site.direct &= i == plan->step_count - 1 && plan->out_type == CONV_U8 &&
                             !step->point_count && step->site.stage.window.stride_x == 1;
    }
}

/* Crops before any other stage only tell which part of the input is seen. */
static bool crop_input(conv_plan *plan, ct_error *err) {
    plan->seen = plan->in;
    while (plan->crops < plan->stage_count && plan->stages[plan->crops].op == CONV_CROP) {
        const conv_stage *crop = &plan->stages[plan->crops++];
        if (!conv_stage_shape(crop, plan->seen, &plan->seen, err)) {
            return false;
        }
        plan->left -= crop->window.left;
        plan->top -= crop->window.top;
    }
    return true;
}

static bool make_steps(conv_plan *plan, conv_samples samples, ct_error *err) {
    bool overflows = false; /* then a later stage may make NaN of it, whatever its own bound is */
    if (!crop_input(plan, err)) {
        return false;
    }
    conv_shape shape = plan->head = plan->seen;
    plan->block = block_of(shape.channels, shape.width);
    widen_scratch(plan, plan->block, shape.channels);
    for (int i = plan->crops; i < plan->stage_count; i++) {
        const conv_stage *stage = &plan->stages[i];
        conv_shape next;
        if (conv_stage_is_whole(stage)) {
            return ct_fail(err, "stage %d needs the whole image; the chain must be cut before it",
                           i + 1);
        }
        if (!conv_stage_shape(stage, shape, &next, err) ||
            !add_stage(plan, i, shape, next, samples, err)) {
            return false;
        }
        samples = samples_after(stage, samples);
        overflows |= samples.most >= (double)FLT_MAX;
        shape = next;
    }
    plan->out = shape;
    plan->finite =
        plan->in_type != CONV_F32 && !overflows && (plan->out_type != CONV_F32 || samples.most > 0);
    finish_steps(plan);
    return true;
}

/* Stages with a window keep their order, whatever move_roots puts between them. Crops before them
 * aren't steps: see move_crops. */
static void number_steps(conv_plan *plan, const conv_stage *stages, size_t count) {
    int steps = 0;
    for (size_t i = 0; i < count; i++) {
        const bool seen = steps == 0 && stages[i].op == CONV_CROP;
        plan->step_of[i] = conv_stage_has_window(&stages[i]) && !seen ? steps++ : -1;
    }
}

/* A crop after nothing but pointwise stages may as well come before them. */
static void move_crops(conv_stage *stages, int count) {
    for (int i = 0, to = 0; i < count; i++) {
        if (stages[i].op == CONV_CROP) {
            const conv_stage crop = stages[i];
            memmove(stages + to + 1, stages + to, (size_t)(i - to) * sizeof *stages);
            stages[to++] = crop;
        } else if (conv_stage_has_window(&stages[i])) {
            return;
        }
    }
}

/* A gradient's magnitude before max or min pooling: the root is taken after the pooling, of fewer
 * samples, which gives the same numbers since the root is monotonic. */
static bool root_moves(const conv_stage *gradient, const conv_stage *pool) {
    return gradient->op == CONV_GRADIENT && gradient->gradient == CONV_MAGNITUDE &&
           pool->op == CONV_POOL && (pool->pool == CONV_POOL_MAX || pool->pool == CONV_POOL_MIN);
}

/* Returns the new number of stages; `stages` has room for twice `count`. */
static int move_roots(conv_stage *stages, int count) {
    for (int i = 0; i + 1 < count; i++) {
        conv_stage *gradient = &stages[i], *pool = &stages[i + 1];
        if (!root_moves(gradient, pool)) {
            continue;
        }
        gradient->gradient = CONV_SQUARED;
        memmove(pool + 2, pool + 1, (size_t)(count - i - 2) * sizeof *pool);
        pool[1] = (conv_stage){.op = CONV_POINT, .point = CONV_ROOT, .window.alpha = -1};
        count++;
    }
    return count;
}

/* What the whole chain's plan knows of the samples that the slice begins with. */
static conv_samples samples_before(const conv_slice *slice) {
    conv_samples samples = conv_samples_of(slice->in_type);
    for (int i = 0; i < slice->first; i++) {
        conv_stage stage = slice->stages[i];
        if (i + 1 < slice->count && root_moves(&stage, &slice->stages[i + 1])) {
            stage.gradient = CONV_SQUARED;
        }
        samples = samples_after(&stage, samples);
    }
    return samples;
}

conv_plan *conv_plan_new(const conv_stage *stages, int count, conv_shape in, conv_type in_type,
                         conv_type out_type, ct_error *err) {
    const int n = count > 0 ? count : 0;
    const conv_slice all = {.stages = stages, .count = n, .in_type = in_type, .end = n};
    return conv_plan_new_slice(&all, in, out_type, err);
}

conv_plan *conv_plan_new_slice(const conv_slice *slice, conv_shape in, conv_type out_type,
                               ct_error *err) {
    conv_plan *plan = calloc(1, sizeof *plan);
    const conv_stage *stages = slice->end ? slice->stages + slice->first : NULL;
    const size_t n = (size_t)(slice->end - slice->first);
    if (!plan) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    *plan = (conv_plan){.rows = rows_chosen(),
                        .in_type = slice->first > 0 ? CONV_F32 : slice->in_type,
                        .bounded = slice->in_type != CONV_F32,
                        .more = has_window(slice->stages, slice->end, slice->count),
                        .out_type = out_type,
                        .in = in,
                        .head = in,
                        .max_batch = 1,
                        .stage_count = (int)n};
    plan->stages = calloc(2 * n + 1, sizeof *plan->stages);
    plan->steps = calloc(n + 1, sizeof *plan->steps);
    plan->step_of = malloc((n + 1) * sizeof *plan->step_of);
    if (!plan->stages || !plan->steps || !plan->step_of) {
        ct_fail(err, "out of memory");
        conv_plan_free(plan);
        return NULL;
    }
    if (n) {
        memcpy(plan->stages, stages, n * sizeof *stages);
        plan->stage_count = move_roots(plan->stages, (int)n);
        move_crops(plan->stages, plan->stage_count);
        number_steps(plan, stages, n);
    }
    /* A pointwise identity checks the shape of a chain without stages. */
    const conv_stage identity = {.op = CONV_POINT, .point = CONV_ABS, .window.alpha = -1};
    conv_shape same;
    if (!conv_stage_shape(&identity, in, &same, err) ||
        !make_steps(plan, samples_before(slice), err)) {
        conv_plan_free(plan);
        return NULL;
    }
    plan->stream = image_floats(plan->out) * sizeof(float) > STREAMED;
    if (conv_plan_worker_size(plan) == SIZE_MAX) {
        ct_fail(err, "the rows of the stages take more than any memory");
        conv_plan_free(plan);
        return NULL;
    }
    return plan;
}

void conv_plan_free(conv_plan *plan) {
    if (!plan) {
        return;
    }
    for (int i = 0; i < plan->step_count; i++) {
        plan_free_step(&plan->steps[i]);
    }
    free(plan->steps);
    free(plan->step_of);
    free(plan->stages);
    free(plan);
}

conv_shape conv_plan_in(const conv_plan *plan) {
    return plan->in;
}

conv_shape conv_plan_out(const conv_plan *plan) {
    return plan->out;
}

conv_type conv_plan_in_type(const conv_plan *plan) {
    return plan->in_type;
}

conv_type conv_plan_out_type(const conv_plan *plan) {
    return plan->out_type;
}

const conv_choice *conv_plan_choice(const conv_plan *plan, int i) {
    const int step = plan->step_of[i];
    return step >= 0 ? &plan->steps[step].choice : NULL;
}
