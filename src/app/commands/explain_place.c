#include "app/commands/explain_place.h"

#include <stdlib.h>

#include "base/text.h"

static const char *sign_of(int offset) {
    return offset > 0 ? " + " : offset < 0 ? " - " : "";
}

static void print_steps(const explain_style *style, const conv_window *w, int x, int y, int at_x,
                        int at_y) {
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        explain_line(style, "dilation %d%s%d: the next cell is %d columns or %d rows further",
                     w->dilation_x, style->times, w->dilation_y, w->dilation_x, w->dilation_y);
    }
    if (w->stride_x > 1 || w->stride_y > 1) {
        const int off_x = at_x - x * w->stride_x, off_y = at_y - y * w->stride_y;
        explain_line(style, "stride: column %d %s %d%s%.0d = %d, row %d %s %d%s%.0d = %d", x,
                     style->times, w->stride_x, sign_of(off_x), abs(off_x), at_x, y, style->times,
                     w->stride_y, sign_of(off_y), abs(off_y), at_y);
    }
}

void explain_place_line(const explain_style *style, const explain_image *image, int index, int x,
                        int y) {
    const conv_stage *stage = &image->program.stages[index];
    const explain_window window = explain_window_place(image, index, x, y);
    const int column = window.centre < 0 ? 0 : window.centre % window.width;
    const int row = window.centre < 0 ? 0 : window.centre / window.width;
    const int at_x = window.first_x + column * window.step_x;
    const int at_y = window.first_y + row * window.step_y;
    char size[32];
    snprintf(size, sizeof size, "window %d%s%d", window.width, style->times, window.height);
    if (window.centre < 0) {
        explain_line(style, "%s, from column %d, row %d to column %d, row %d", size, at_x, at_y,
                     at_x + (window.width - 1) * window.step_x,
                     at_y + (window.height - 1) * window.step_y);
    } else if (column == (window.width - 1) / 2 && row == (window.height - 1) / 2) {
        explain_line(style, "%s around column %d, row %d", size, at_x, at_y);
    } else {
        explain_line(style, "%s, its cell %d,%d on column %d, row %d", size, column, row, at_x,
                     at_y);
    }
    if (stage->op != CONV_RESIZE && stage->op != CONV_CROP) {
        print_steps(style, &stage->window, x, y, at_x, at_y);
    }
}

/* ---- beyond the edge ---- */

static const char *const paddings[] = {
    [CONV_MIRROR] = "mirror", [CONV_SYMMETRIC] = "symmetric", [CONV_REPLICATE] = "replicate",
    [CONV_WRAP] = "wrap",     [CONV_CONSTANT] = "constant",   [CONV_UNEVEN] = "uneven",
};

enum { MOST_NAMED = 3 };

/* " column 1 for column -1," for each of `cells` from `first` that lies outside 0..size-1. */
static bool add_sources(ct_text *text, const char *noun, conv_border border, int first, int step,
                        int cells, int size) {
    int named = 0;
    bool ok = true;
    for (int i = 0; ok && i < cells; i++) {
        const int at = first + i * step;
        if (at >= 0 && at < size) {
            continue;
        }
        if (named++ < MOST_NAMED) {
            ok = ct_text_print(text, "%s %s %d for %d", text->length ? "," : "", noun,
                               conv_border_index(border, at, size), at);
        }
    }
    return ok && (named <= MOST_NAMED || ct_text_print(text, " and so on"));
}

static bool has_beyond(const explain_window *window) {
    for (int i = 0; i < window->width * window->height; i++) {
        if (window->beyond[i]) {
            return true;
        }
    }
    return false;
}

void explain_beyond_line(const explain_style *style, const explain_image *image, int index,
                         const explain_window *window) {
    const conv_stage *stage = &image->program.stages[index];
    const conv_shape in = image->shapes[index];
    const conv_border border = stage->window.border;
    char line[512];
    if (!has_beyond(window) || stage->window.keep) {
        return;
    }
    if (stage->op == CONV_POOL) {
        snprintf(line, sizeof line, "[-] is beyond the edge: %s",
                 stage->pool == CONV_POOL_AVG && stage->count_padding
                     ? "nothing is added, but padding counts as cells"
                     : "it doesn't count");
    } else if (border == CONV_CONSTANT) {
        snprintf(line, sizeof line, "[ ] is beyond the edge: padding=%s puts %g there",
                 stage->window.fill == 0 ? "zero" : "constant", (double)stage->window.fill);
    } else {
        ct_text sources = {0};
        const bool ok = add_sources(&sources, "column", border, window->first_x, window->step_x,
                                    window->width, in.width) &&
                        add_sources(&sources, "row", border, window->first_y, window->step_y,
                                    window->height, in.height);
        snprintf(line, sizeof line, "[ ] is beyond the edge: padding=%s takes%s", paddings[border],
                 ok ? sources.bytes : " others");
        ct_text_free(&sources);
    }
    explain_line(style, "%s", line);
}
