#include "app/commands/worksheet_kinds.h"

#include <stddef.h>

#include "app/commands/worksheet_makers.h"

static bool has_kernel(const sheet_lesson *l) {
    return sheet_lesson_kernel(l) >= 0;
}

/* As many cells as the exercise on pictures can show four times. */
static bool has_small_kernel(const sheet_lesson *l) {
    const int i = sheet_lesson_kernel(l);
    const conv_window *w = i >= 0 ? &l->program->stages[i].window : NULL;
    return w && w->width * w->height <= SHEET_WHICH_CELLS;
}

static int windows(const sheet_lesson *l, bool pools) {
    int count = 0;
    for (int i = 0; i < l->program->count; i++) {
        const conv_stage *stage = &l->program->stages[i];
        count += conv_stage_has_window(stage) && (!pools || stage->op == CONV_POOL);
    }
    return count;
}

static bool has_padding(const sheet_lesson *l) {
    const int i = sheet_lesson_kernel(l);
    const conv_window *w = i >= 0 ? &l->program->stages[i].window : NULL;
    return w && w->left > 0 && !w->keep;
}

static bool has_pool(const sheet_lesson *l) {
    return windows(l, true) > 0;
}

static bool has_median(const sheet_lesson *l) {
    bool found = false;
    for (int i = 0; i < l->program->count; i++) {
        found = found || l->program->stages[i].op == CONV_MEDIAN;
    }
    return found;
}

static bool has_windows(const sheet_lesson *l) {
    return windows(l, false) > 0;
}

static bool has_several(const sheet_lesson *l) {
    return windows(l, false) > 1;
}

static bool never(const sheet_lesson *l) {
    (void)l;
    return false;
}

/* To add one: a row here, and its function in a file of the command. */
static const sheet_kind kinds[] = {
    {"convolution", "a window times a kernel", has_kernel, sheet_make_convolution},
    {"median", "the middle one of a window", has_median, sheet_make_median},
    {"padding", "what lies beyond the edge", has_padding, sheet_make_padding},
    {"pooling", "the greatest or mean of each window", has_pool, sheet_make_pooling},
    {"sizes", "stride, padding and the output's size", has_windows, sheet_make_sizes},
    {"which", "which kernel made this picture", has_small_kernel, sheet_make_which},
    {"receptive", "how much of the input a result sees", has_several, sheet_make_receptive},
    {"dense", "a fully connected layer", never, sheet_make_dense},
    {"lstm", "one step of an LSTM", never, sheet_make_lstm},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

const sheet_kind *sheet_kind_at(size_t i) {
    return i < KINDS ? &kinds[i] : NULL;
}

const char *sheet_kind_name_at(const void *unused, size_t i) {
    (void)unused;
    return i < KINDS ? kinds[i].name : NULL;
}
