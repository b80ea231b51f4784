/* A parsed chain becomes the engine's stages for one image. */
#include "filter/lower.h"

#include "filter/lower_bank.h"
#include "filter/lower_emit.h"
#include "filter/lower_stage.h"

static bool lower_start(lowering *l) {
    if (l->settings->linear && !lower_point(l, CONV_SRGB_DECODE, 0, l->white)) {
        return false;
    }
    return l->settings->color != FILTER_COLOR_GRAY || lower_gray(l);
}

bool filter_starts_gray(const filter_chain *chain, const filter_settings *settings) {
    const stage_def *first = chain->stages[0].def;
    return !settings->linear &&
           (settings->color == FILTER_COLOR_GRAY || first->kind == STAGE_GRAY ||
            (settings->color == FILTER_COLOR_AUTO && first->edge) ||
            (first->kind == STAGE_BANK && lower_bank_takes_gray(&chain->stages[0], settings)));
}

int filter_chain_channels(const filter_chain *chain) {
    const chain_stage *first = &chain->stages[0];
    return first->def->kind == STAGE_BANK ? lower_bank_channels(first) : 0;
}

static bool lower_map(lowering *l) {
    const double white = l->white;
    switch (l->settings->map) {
    case FILTER_MAP_ABS:
        return lower_point(l, CONV_ABS, 0, 0);
    case FILTER_SIGNED:                    /* 128 + v/2 for 8 bits; floats have white/2 */
        l->program->range.reached = false; /* --scale applies before the halving */
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

/* Scales the input's white to the output's, in all channels, alpha too. */
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

bool filter_same_image(const filter_image *a, const filter_image *b) {
    return a->width == b->width && a->height == b->height && a->channels == b->channels &&
           a->alpha == b->alpha && a->white == b->white && a->out_white == b->out_white &&
           a->real == b->real;
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
    out->range = (filter_range){.known = !image->real, .high = image->white, .reached = true};
    out->threshold.stage = -1;
    bool ok = lower_room(&l) && lower_start(&l);
    for (size_t i = 0; ok && i < chain->count; i++) {
        l.origin = (int)i;
        l.plain_alpha = chain->stages[i].plain_alpha;
        ok = lower_stage(&l, chain, &chain->stages[i]) ||
             ct_fail_at(l.err, "%s: ", chain->stages[i].text);
    }
    l.origin = -1;
    l.plain_alpha = false;
    if (!ok || !lower_end(&l, image->out_white)) {
        filter_program_free(out);
        return false;
    }
    out->out = l.shape;
    out->out_alpha = l.alpha;
    return true;
}
