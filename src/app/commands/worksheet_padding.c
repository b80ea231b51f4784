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
    {CONV_CONSTANT, "zero", "00|abcd|00"},       {CONV_UNEVEN, "uneven", "cb|abcd|dc"},
};

enum {
    BORDERS = sizeof borders / sizeof *borders,
    COMMON = BORDERS - 1 /* those that are asked for where the chain has none */
};

void sheet_padding_text(const conv_window *w, char text[64]) {
    if (w->border == CONV_CONSTANT && w->fill != 0) {
        snprintf(text, 64, "padding=constant=%g (%g everywhere)", (double)w->fill, (double)w->fill);
        return;
    }
    text[0] = '\0';
    for (int i = 0; i < BORDERS; i++) {
        if (borders[i].border == w->border) {
            snprintf(text, 64, "padding=%s (%s)", borders[i].name, borders[i].pattern);
        }
    }
}

/* The chain's own padding where it has one, else any: of a window, what concerns its border. */
static conv_window choose_border(const sheet_lesson *l) {
    const int index = sheet_lesson_kernel(l);
    const conv_window *w = index >= 0 ? &l->program->stages[index].window : NULL;
    return w && w->left > 0
               ? *w
               : (conv_window){.border = borders[sheet_draw(l->random, 0, COMMON - 1)].border};
}

bool sheet_make_padding(const sheet_lesson *l) {
    const conv_window chosen = choose_border(l);
    char name[64];
    const int pad = l->width < 6 && l->height < 6 ? 2 : 1;
    if (l->width > 12 || l->height > 12) {
        return ct_fail(l->err, "padding: %dx%d is too much for paper; at most 12x12", l->width,
                       l->height);
    }
    if (chosen.keep) {
        return ct_fail(l->err, "padding: padding=keep puts nothing beyond the edge; try "
                               "padding=replicate");
    }
    float *image = sheet_lesson_numbers(l, l->err);
    if (!image) {
        return false;
    }
    sheet_begin(l->sheet, "Padding");
    sheet_padding_text(&chosen, name);
    sheet_say(l->sheet,
              "Fill in what lies beyond the edge with %s. Between the bars stands a row or column "
              "of the image, outside them what is put beside it.",
              name);
    sheet_row(l->sheet);
    sheet_grid *grid = sheet_add_grid(l->sheet, "", "", l->width + 2 * pad, l->height + 2 * pad);
    for (int y = -pad; y < l->height + pad; y++) {
        for (int x = -pad; x < l->width + pad; x++) {
            const bool inside = x >= 0 && y >= 0 && x < l->width && y < l->height;
            const int from_x = inside ? x : conv_border_index(chosen.border, x, l->width);
            const int from_y = inside ? y : conv_border_index(chosen.border, y, l->height);
            sheet_cell *cell = sheet_at(grid, x + pad, y + pad);
            sheet_number(cell, from_x < 0 || from_y < 0
                                   ? (double)chosen.fill
                                   : (double)image[from_y * l->width + from_x]);
            cell->blank = cell->beyond = !inside;
        }
    }
    free(image);
    return true;
}
