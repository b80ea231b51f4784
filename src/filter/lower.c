/* A parsed chain becomes the engine's stages for one image. */
#include "filter/lower.h"

#include <stdlib.h>
#include <string.h>

/* What a program's stages point into. */
typedef struct owned_block {
    struct owned_block *next;
    double numbers[];
} owned_block;

double *lower_numbers(lowering *l, size_t count) {
    owned_block *block = malloc(sizeof *block + count * sizeof *block->numbers);
    if (!block) {
        ct_fail(l->err, "out of memory");
        return NULL;
    }
    block->next = l->program->owned;
    l->program->owned = block;
    return block->numbers;
}

static bool make_room(lowering *l) {
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

/* As many samples as there may be together with the padding. */
static int trial_side(int before, int after) {
    const int side = CONV_MAX_SIDE - before - after;
    return side > 1 ? side : 1;
}

bool lower_emit(lowering *l, const conv_stage *stage) {
    conv_shape in = l->shape, out;
    if (l->trial) {
        in.width = trial_side(stage->window.left, stage->window.right);
        in.height = trial_side(stage->window.top, stage->window.bottom);
    }
    if (!conv_stage_shape(stage, in, &out, l->err) || !make_room(l)) {
        return false;
    }
    l->program->stages[l->program->count] = *stage;
    l->program->origin[l->program->count++] = l->origin;
    l->shape = out;
    return true;
}

/* Whether the operation is about alpha, or changes what the channels are. */
static bool knows_alpha(conv_point point) {
    return point == CONV_GRAY || point == CONV_DROP_ALPHA || point == CONV_PREMULTIPLY ||
           point == CONV_UNPREMULTIPLY || point == CONV_WEIGH;
}

bool lower_point(lowering *l, conv_point point, double a, double b) {
    filter_program *p = l->program;
    if (point == CONV_PREMULTIPLY && p->count > 0 && p->stages[p->count - 1].op == CONV_POINT &&
        p->stages[p->count - 1].point == CONV_UNPREMULTIPLY) {
        p->count--; /* the two undo each other */
        return true;
    }
    conv_stage s = {.op = CONV_POINT, .point = point, .a = (float)a, .b = (float)b};
    s.window.alpha = l->alpha && !knows_alpha(point) ? l->shape.channels - 1 : -1;
    return lower_emit(l, &s);
}

bool lower_gray(lowering *l) {
    const int colors = l->shape.channels - (l->alpha ? 1 : 0);
    if (colors == 1) {
        return true;
    }
    return colors == 3 ? lower_point(l, CONV_GRAY, 0, 0)
                       : ct_fail(l->err,
                                 "gray is made of 3 channels, red, green and blue; there "
                                 "are %d here, and none is alpha",
                                 colors);
}

static bool lower_start(lowering *l) {
    if (l->settings->linear && !lower_point(l, CONV_SRGB_DECODE, 0, l->white)) {
        return false;
    }
    return l->settings->color != FILTER_COLOR_GRAY || lower_gray(l);
}

static bool lower_map(lowering *l) {
    const double white = l->white;
    switch (l->settings->map) {
    case FILTER_MAP_ABS:
        return lower_point(l, CONV_ABS, 0, 0);
    case FILTER_SIGNED: /* 128 + v/2 for 8 bits; for floats the middle */
        return lower_point(l, CONV_SCALE, 0.5, l->real ? white / 2 : (white + 1) / 2);
    case FILTER_MINMAX: {
        conv_stage s = {.op = CONV_NORMALIZE, .a = 0, .b = (float)white};
        s.window.alpha = l->alpha ? l->shape.channels - 1 : -1;
        return lower_emit(l, &s);
    }
    case FILTER_CLAMP:
        break;
    }
    return true;
}

/* From the input's numbers to the output's: all channels, alpha too. */
static bool lower_white(lowering *l, double out_white) {
    if (out_white == l->white) {
        return true;
    }
    conv_stage s = {.op = CONV_POINT, .point = CONV_SCALE, .a = (float)(out_white / l->white)};
    s.window.alpha = -1;
    return lower_emit(l, &s);
}

static bool lower_end(lowering *l, double out_white) {
    return (!l->settings->linear || lower_point(l, CONV_SRGB_ENCODE, 0, l->white)) &&
           lower_map(l) && lower_white(l, out_white);
}

bool lower_try(const filter_chain *chain, const chain_stage *stage, ct_error *err) {
    const filter_settings settings = {0};
    filter_program program = {0};
    lowering l = {.program = &program,
                  .settings = &settings,
                  .white = 255,
                  .shape = {1, 1, 3},
                  .trial = true,
                  .err = err};
    const bool ok = lower_stage(&l, chain, stage);
    filter_program_free(&program);
    return ok;
}

bool filter_lower(const filter_chain *chain, const filter_settings *settings,
                  const filter_image *image, filter_program *out, ct_error *err) {
    ct_error local;
    *out = (filter_program){0};
    lowering l = {.program = out,
                  .settings = settings,
                  .white = image->white,
                  .real = image->real,
                  .shape = {image->width, image->height, image->channels},
                  .alpha = image->alpha,
                  .origin = -1,
                  .err = err ? err : &local};
    bool ok = make_room(&l) && lower_start(&l);
    for (size_t i = 0; ok && i < chain->count; i++) {
        l.origin = (int)i;
        ok = lower_stage(&l, chain, &chain->stages[i]) ||
             ct_fail_at(l.err, "%s: ", chain->stages[i].text);
    }
    l.origin = -1;
    if (!ok || !lower_end(&l, image->out_white)) {
        filter_program_free(out);
        return false;
    }
    out->out = l.shape;
    out->out_alpha = l.alpha;
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
