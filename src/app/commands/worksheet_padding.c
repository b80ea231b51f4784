/* An exercise: what lies beyond the edge. */
#include <stdio.h>
#include <stdlib.h>

#include "app/commands/worksheet_makers.h"

static const struct {
    conv_border border;
    const char *name, *pattern;
} borders[] = {
    {CONV_MIRROR, "mirror", "cb|abcd|cb"},       {CONV_SYMMETRIC, "symmetric", "ba|abcd|dc"},
    {CONV_REPLICATE, "replicate", "aa|abcd|dd"}, {CONV_WRAP, "wrap", "cd|abcd|ab"},
    {CONV_CONSTANT, "zero", "00|abcd|00"},
};

enum { BORDERS = sizeof borders / sizeof *borders };

/* The padding's place in the table; -1: it isn't there. */
static int find_border(const conv_window *w) {
    for (int i = 0; i < BORDERS; i++) {
        if (borders[i].border == w->border && (w->border != CONV_CONSTANT || w->fill == 0)) {
            return i;
        }
    }
    return -1;
}

void sheet_padding_text(const conv_window *window, char text[64]) {
    const int i = find_border(window);
    if (i < 0) {
        snprintf(text, 64, "the padding");
    } else {
        snprintf(text, 64, "padding=%s (%s)", borders[i].name, borders[i].pattern);
    }
}

/* The chain's own padding where it's one of those, else any of them. */
static int choose_border(const sheet_lesson *l) {
    const int index = sheet_lesson_kernel(l);
    const conv_window *w = index >= 0 ? &l->program->stages[index].window : NULL;
    const int own = w && w->left > 0 ? find_border(w) : -1;
    return own >= 0 ? own : sheet_draw(l->random, 0, BORDERS - 1);
}

bool sheet_make_padding(const sheet_lesson *l) {
    const int chosen = choose_border(l), pad = l->width < 6 && l->height < 6 ? 2 : 1;
    if (l->width > 12 || l->height > 12) {
        return ct_fail(l->err, "padding: %dx%d is too much for paper; at most 12x12", l->width,
                       l->height);
    }
    float *image = sheet_lesson_numbers(l, l->err);
    if (!image) {
        return false;
    }
    sheet_begin(l->sheet, "Padding");
    sheet_say(l->sheet, "Fill in what lies beyond the edge with padding=%s (%s).",
              borders[chosen].name, borders[chosen].pattern);
    sheet_row(l->sheet);
    sheet_grid *grid = sheet_add_grid(l->sheet, "", "", l->width + 2 * pad, l->height + 2 * pad);
    for (int y = -pad; y < l->height + pad; y++) {
        for (int x = -pad; x < l->width + pad; x++) {
            const bool inside = x >= 0 && y >= 0 && x < l->width && y < l->height;
            const int from_x = inside ? x : conv_border_index(borders[chosen].border, x, l->width);
            const int from_y = inside ? y : conv_border_index(borders[chosen].border, y, l->height);
            sheet_cell *cell = sheet_at(grid, x + pad, y + pad);
            sheet_number(cell,
                         from_x < 0 || from_y < 0 ? 0 : (double)image[from_y * l->width + from_x]);
            cell->blank = cell->beyond = !inside;
        }
    }
    free(image);
    return true;
}
