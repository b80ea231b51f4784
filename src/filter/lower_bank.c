#include "filter/lower_bank.h"

#include <stdio.h>
#include <string.h>

#include "filter/banks.h"
#include "filter/lower_window.h"

/* How the filters see the image. */
typedef struct bank_view {
    int channels; /* each filter's */
    int groups;
    int repeats; /* how often all filters come: once for each channel, with --color each */
} bank_view;

/* ---- the channels ---- */

static bool works_on_gray(const chain_stage *stage) {
    return stage->own[BANK_GROUPS].x <= 1 &&
           (stage->bank ? stage->bank->gray
                        : !bank_def_find(stage->own[BANK_SOURCE].text)->all_channels);
}

bool lower_bank_takes_gray(const chain_stage *stage, const filter_settings *settings) {
    return settings->color == FILTER_COLOR_AUTO && works_on_gray(stage);
}

int lower_bank_channels(const chain_stage *stage) {
    const argument *groups = &stage->own[BANK_GROUPS];
    const bool any = works_on_gray(stage) || (!stage->bank && groups->x <= 1);
    return any ? 0 : (stage->bank ? stage->bank->channels : 1) * (groups->given ? groups->x : 1);
}

static int colours_of(const lowering *l) {
    return l->shape.channels - (l->alpha ? 1 : 0);
}

/* Gray, or each channel by itself. */
static bool view_gray(lowering *l, bank_view *view) {
    const int colours = colours_of(l);
    if (l->settings->color == FILTER_COLOR_EACH) {
        *view = (bank_view){.channels = 1, .groups = colours, .repeats = colours};
        return lower_drop_alpha(l);
    }
    if (colours != 1 && colours != 3) {
        /* --channels picks from the input, which nothing changed yet. */
        return ct_fail(l->err,
                       "its filters are for one channel, and %d have no gray; %s, or apply the "
                       "filters to all with --color each",
                       colours,
                       l->program->count ? "make them one with norm or argmax before it"
                                         : "pick one with --channels");
    }
    return lower_gray(l) && lower_drop_alpha(l);
}

/* So many channels: colours with their alpha, or without it. */
static bool view_channels(lowering *l, int wanted, const bank_view *view) {
    const int colours = colours_of(l);
    if (l->shape.channels == wanted) {
        l->alpha = false; /* a channel as all are */
        return true;
    }
    if (colours == wanted) {
        return lower_drop_alpha(l);
    }
    char groups[48] = "";
    if (view->groups > 1) {
        snprintf(groups, sizeof groups, " (%d in each of %d groups)", view->channels, view->groups);
    }
    return ct_fail(l->err, "its weights are for %d channel%s%s, and the image has %d here%s",
                   wanted, wanted == 1 ? "" : "s", groups, l->shape.channels,
                   wanted == 1 && colours == 3 ? "; put 'gray' before it" : "");
}

/* Each group has its share of what is there. */
static bool view_all(lowering *l, bank_view *view) {
    if (!lower_drop_alpha(l)) {
        return false;
    }
    view->channels = l->shape.channels / view->groups;
    return l->shape.channels % view->groups == 0 ||
           ct_fail(l->err, "%d groups don't divide the image's %d channels", view->groups,
                   l->shape.channels);
}

/* While there is no image, there are as many channels as it takes. */
static void try_channels(lowering *l, const chain_stage *stage, const bank_view *view) {
    if (l->trial && (stage->bank || view->groups > 1)) {
        l->shape.channels = view->channels * view->groups;
    }
}

static bool find_view(lowering *l, const chain_stage *stage, bank_view *view) {
    const argument *groups = &stage->own[BANK_GROUPS];
    const bank_def *def = stage->bank ? NULL : bank_def_find(stage->own[BANK_SOURCE].text);
    *view = (bank_view){.channels = stage->bank ? stage->bank->channels : 1,
                        .groups = groups->given ? groups->x : 1,
                        .repeats = 1};
    try_channels(l, stage, view);
    return works_on_gray(stage)       ? view_gray(l, view)
           : def && def->all_channels ? view_all(l, view)
                                      : view_channels(l, view->channels * view->groups, view);
}

/* ---- what the program owns ---- */

static double *copy_times(lowering *l, const double *numbers, size_t count, int repeats) {
    double *copy = lower_numbers(l, count * (size_t)repeats);
    for (int i = 0; copy && i < repeats; i++) {
        memcpy(copy + count * (size_t)i, numbers, count * sizeof *copy);
    }
    return copy;
}

static double *copy_bias(lowering *l, const chain_stage *stage, int filters, int repeats) {
    if (stage->bias_count > 1) {
        return copy_times(l, stage->bias, (size_t)filters, repeats);
    }
    return copy_times(l, stage->bias, 1, filters * repeats);
}

/* With --color each, "n, channel 0". */
static bool copy_names(lowering *l, const filter_bank *bank, int repeats, const char *const **out) {
    const size_t count = (size_t)bank->filters * (size_t)repeats, room = BANK_NAME + 24;
    *out = NULL;
    if (!bank->names) {
        return true;
    }
    const char **names = lower_bytes(l, count * sizeof *names);
    char *text = names ? lower_bytes(l, count * room) : NULL;
    for (size_t i = 0; text && i < count; i++) {
        const char *name = bank->names[i % (size_t)bank->filters];
        names[i] = text + i * room;
        if (repeats > 1) {
            snprintf(text + i * room, room, "%s, channel %zu", name, i / (size_t)bank->filters);
        } else {
            snprintf(text + i * room, room, "%s", name);
        }
    }
    *out = names;
    return text != NULL;
}

static bool emit(lowering *l, const filter_chain *chain, const chain_stage *stage,
                 const filter_bank *bank, const bank_view *view) {
    const size_t cells = (size_t)bank->width * (size_t)bank->height;
    const size_t count = cells * (size_t)bank->filters * (size_t)bank->channels;
    if ((size_t)bank->filters * (size_t)view->repeats > CONV_MAX_CHANNELS) {
        return ct_fail(l->err, "%d filters for each of %d channels; expected at most %d in all",
                       bank->filters, view->repeats, CONV_MAX_CHANNELS);
    }
    if (bank->filters * view->repeats % view->groups) {
        return ct_fail(l->err, "%d filters can't be parted into %d groups of equal size",
                       bank->filters * view->repeats, view->groups);
    }
    double *weights = copy_times(l, bank->weights, count, view->repeats);
    double *bias = stage->bias ? copy_bias(l, stage, bank->filters, view->repeats) : NULL;
    const char *const *names;
    if (!weights || (stage->bias && !bias) || !copy_names(l, bank, view->repeats, &names)) {
        return false;
    }
    const int filters = bank->filters * view->repeats;
    turn_if_flipped(chain, stage, weights, filters * bank->channels, (int)cells);
    conv_stage s = {.op = CONV_LAYER,
                    .weights = weights,
                    .filters = filters,
                    .groups = view->groups,
                    .bias = bias};
    s.window = make_window(chain, stage, bank->width, bank->height, bank->anchor_x, bank->anchor_y);
    if (!lower_emit(l, &s)) {
        return false;
    }
    l->program->names = names;
    return true;
}

bool lower_bank(lowering *l, const filter_chain *chain, const chain_stage *stage) {
    bank_view view;
    if (!find_view(l, stage, &view)) {
        return false;
    }
    if (stage->bank) {
        return emit(l, chain, stage, stage->bank, &view);
    }
    filter_bank *bank = bank_make(stage, view.channels, l->err);
    const bool ok = bank && emit(l, chain, stage, bank, &view);
    bank_free(bank);
    return ok;
}
