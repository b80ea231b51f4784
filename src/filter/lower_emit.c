/* Builds a program, stage by stage. */
#include "filter/lower_emit.h"

#include <math.h>
#include <stdlib.h>

#include "filter/range.h"

/* What a program's stages point into. */
typedef struct owned_block {
    struct owned_block *next;
    double numbers[];
} owned_block;

void *lower_bytes(lowering *l, size_t size) {
    owned_block *block = malloc(sizeof *block + size);
    if (!block) {
        ct_fail(l->err, "out of memory");
        return NULL;
    }
    block->next = l->program->owned;
    l->program->owned = block;
    return block->numbers;
}

double *lower_numbers(lowering *l, size_t count) {
    return lower_bytes(l, count * sizeof(double));
}

bool lower_room(lowering *l) {
    filter_program *p = l->program;
    if (p->count < l->capacity) {
        return true;
    }
    const int capacity = l->capacity ? 2 * l->capacity : 16;
    conv_stage *stages = realloc(p->stages, (size_t)capacity * sizeof *stages);
    p->stages = stages ? stages : p->stages;
    int *origin = realloc(p->origin, (size_t)capacity * sizeof *origin);
    p->origin = origin ? origin : p->origin;
    if (!stages || !origin) {
        return ct_fail(l->err, "out of memory");
    }
    l->capacity = capacity;
    return true;
}

/* The largest side allowed with this padding, where a row may have so many pixels. */
static int trial_side(int before, int after, int most) {
    const int side = (most < CONV_MAX_SIDE ? most : CONV_MAX_SIDE) - before - after;
    return side > 1 ? side : 1;
}

/* Tracks the range of the numbers, and a threshold whose black and white reach the output. */
static void follow_range(lowering *l, const conv_stage *stage, int channels) {
    filter_program *p = l->program;
    filter_threshold *t = &p->threshold;
    if (stage->op == CONV_POINT && stage->point == CONV_THRESHOLD && !t->beyond && !t->below) {
        *t = (filter_threshold){l->origin, (double)stage->a, l->white, false, false};
        const bool known = p->range.known && !p->range.overshoots;
        t->beyond = known && t->value > p->range.high + 1e-5 * fabs(p->range.high);
        t->below = known && t->value <= p->range.low;
    }
    range_after(&p->range, stage, channels);
    if (!p->range.binary && !t->beyond && !t->below) {
        t->stage = -1;
    }
}

bool lower_emit(lowering *l, const conv_stage *stage) {
    conv_shape in = l->shape, out;
    if (l->trial) {
        const int most = CONV_MAX_ROW / in.channels;
        in.width = trial_side(stage->window.left, stage->window.right, most);
        in.height = trial_side(stage->window.top, stage->window.bottom, CONV_MAX_SIDE);
    }
    if (!conv_stage_shape(stage, in, &out, l->err) || !lower_room(l)) {
        return false;
    }
    l->program->stages[l->program->count] = *stage;
    l->program->origin[l->program->count++] = l->origin;
    if (stage->op == CONV_LAYER || out.channels != in.channels) {
        l->program->names = NULL; /* they are other channels now */
    }
    l->shape = out;
    follow_range(l, stage, in.channels);
    return true;
}

/* Whether the operation handles alpha itself, or changes the channels. */
static bool knows_alpha(conv_point point) {
    return point == CONV_GRAY || point == CONV_DROP_ALPHA || point == CONV_PREMULTIPLY ||
           point == CONV_UNPREMULTIPLY || point == CONV_WEIGH;
}

bool lower_point(lowering *l, conv_point point, double a, double b) {
    filter_program *p = l->program;
    if (point == CONV_PREMULTIPLY && p->count > 0 && p->stages[p->count - 1].op == CONV_POINT &&
        p->stages[p->count - 1].point == CONV_UNPREMULTIPLY) {
        p->count--; /* the two cancel out */
        return true;
    }
    conv_stage s = {.op = CONV_POINT, .point = point, .a = (float)a, .b = (float)b};
    s.window.alpha =
        l->alpha && !l->plain_alpha && !knows_alpha(point) ? l->shape.channels - 1 : -1;
    return lower_emit(l, &s);
}

bool lower_gray(lowering *l) {
    const int colors = l->shape.channels - (l->alpha ? 1 : 0);
    if (colors == 1) {
        return true;
    }
    return colors == 3 ? lower_point(l, CONV_GRAY, 0, 0)
                       : ct_fail(l->err,
                                 "gray needs 3 channels, red, green and blue; there are "
                                 "%d here, and none is alpha",
                                 colors);
}

bool lower_drop_alpha(lowering *l) {
    if (l->alpha && !lower_point(l, CONV_DROP_ALPHA, 0, 0)) {
        return false;
    }
    l->alpha = false;
    return true;
}

void filter_program_free(filter_program *program) {
    for (owned_block *block = program->owned; block;) {
        owned_block *next = block->next;
        free(block);
        block = next;
    }
    free(program->stages);
    free(program->origin);
    *program = (filter_program){0};
}

double lower_number(const argument *a, double fallback) {
    return a->given ? a->number : fallback;
}

double lower_level(const lowering *l, const argument *a, double fallback) {
    return a->given && a->percent ? a->number * l->white : lower_number(a, fallback);
}
