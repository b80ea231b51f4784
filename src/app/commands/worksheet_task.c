#include "app/commands/worksheet_task.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/commands/worksheet_makers.h"

enum { MOST_TRIES = 1000 };

/* Whether cell i of the window lies beyond the edge. */
static bool is_beyond(const sheet_task *t, int i) {
    const conv_window *w = &t->stage.window;
    const int x = t->x * w->stride_x - w->left + i % w->width * w->dilation_x;
    const int y = t->y * w->stride_y - w->top + i / w->width * w->dilation_y;
    return x < 0 || y < 0 || x >= t->lesson->width || y >= t->lesson->height;
}

/* Where padding=keep makes no sum, since the window reaches beyond the edge. */
static bool is_kept(const sheet_task *t) {
    const conv_window *w = &t->stage.window;
    bool beyond = false;
    for (int i = 0; w->keep && i < w->width * w->height; i++) {
        beyond = beyond || is_beyond(t, i);
    }
    return beyond;
}

static bool run_stage(const sheet_task *t, const conv_stage *stage, double *made) {
    const conv_shape in = {t->lesson->width, t->lesson->height, 1};
    conv_shape out;
    float *all = sheet_run(stage, 1, in, t->image, &out, t->lesson->err);
    const bool ok = all != NULL;
    if (ok) {
        *made = (double)all[t->y * out.width + t->x];
    }
    free(all);
    return ok;
}

bool sheet_task_gradient(const sheet_task *t, conv_gradient made_of, double *made) {
    conv_stage stage = t->stage;
    stage.gradient = made_of;
    return run_stage(t, &stage, made);
}

/* A gradient with a sum of 0, as mirrored padding makes it at the edge: there's no root to take. */
static bool is_dull(const sheet_task *t) {
    double x = 1, y = 1;
    return t->stage.op == CONV_GRADIENT &&
           (!sheet_task_gradient(t, CONV_X, &x) || !sheet_task_gradient(t, CONV_Y, &y) || x == 0 ||
            y == 0);
}

/* At random, where the window lies inside if it has to. */
static void draw_place(sheet_task *t, conv_shape out) {
    int tries = MOST_TRIES;
    do {
        t->x = sheet_draw(t->lesson->random, 0, out.width - 1);
        t->y = sheet_draw(t->lesson->random, 0, out.height - 1);
    } while ((is_kept(t) || is_dull(t)) && --tries > 0);
}

static bool choose_place(sheet_task *t, conv_shape out) {
    const sheet_lesson *l = t->lesson;
    if (l->digits && l->call->count <= 1) { /* --at is in their middle, but for the edges */
        t->x = (out.width - 1) / 2;
        t->y = (out.height - 1) / 2;
    } else if (l->call->at_given && !l->digits) {
        t->x = l->call->at_x;
        t->y = l->call->at_y;
    } else {
        draw_place(t, out);
    }
    if (t->x < out.width && t->y < out.height && is_kept(t)) {
        return ct_fail(l->err,
                       "padding=keep makes no sum at %d,%d of %dx%d, where the window reaches "
                       "beyond the edge; choose another with --at, or a larger --size",
                       t->x, t->y, out.width, out.height);
    }
    return (t->x < out.width && t->y < out.height) ||
           ct_fail(l->err, "--at %d,%d lies outside the output, which is %dx%d", t->x, t->y,
                   out.width, out.height);
}

bool sheet_task_solve(sheet_task *t) {
    const sheet_lesson *l = t->lesson;
    const conv_shape in = {l->width, l->height, 1};
    conv_shape out;
    if (!(t->image = sheet_lesson_numbers(l, l->err))) {
        return false;
    }
    const bool ok = conv_stage_shape(&t->stage, in, &out, l->err) && choose_place(t, out) &&
                    run_stage(t, &t->stage, &t->made);
    if (ok) {
        sheet_window(&t->stage.window, in, t->x, t->y, t->columns, t->rows);
    }
    return ok;
}

double sheet_task_value(const sheet_task *t, int i) {
    const int width = t->stage.window.width;
    const int x = t->columns[i % width], y = t->rows[i / width];
    return x < 0 || y < 0 ? (double)t->stage.window.fill
                          : (double)t->image[y * t->lesson->width + x];
}

static void draw_image(const sheet_task *t) {
    const sheet_lesson *l = t->lesson;
    const conv_window *w = &t->stage.window;
    sheet_grid *grid = sheet_add_grid(l->sheet, "", "image", l->width, l->height);
    for (int i = 0; i < l->width * l->height; i++) {
        sheet_number(sheet_at(grid, i % l->width, i / l->width), (double)t->image[i]);
    }
    for (int i = 0; i < w->width * w->height; i++) {
        if (!is_beyond(t, i)) {
            sheet_cell *cell = sheet_at(grid, t->columns[i % w->width], t->rows[i / w->width]);
            cell->marked = true;
            cell->strong = i == w->anchor_y * w->width + w->anchor_x;
        }
    }
}

void sheet_task_draw_window(const sheet_task *t) {
    const conv_window *w = &t->stage.window;
    sheet_grid *window = sheet_add_grid(t->lesson->sheet, "", "window", w->width, w->height);
    for (int i = 0; i < w->width * w->height; i++) {
        sheet_cell *cell = sheet_at(window, i % w->width, i / w->width);
        sheet_number(cell, sheet_task_value(t, i));
        cell->beyond = is_beyond(t, i);
        cell->blank = true;
        cell->strong = i == w->anchor_y * w->width + w->anchor_x;
    }
}

/* How the window moves and what its cells are apart, where that isn't 1. */
static void tell_steps(const conv_window *w, char text[160]) {
    const bool strided = w->stride_x > 1 || w->stride_y > 1;
    const int used = !strided ? 0
                              : snprintf(text, 160,
                                         " The window moves %d to the right and %d down "
                                         "at a time (the stride).",
                                         w->stride_x, w->stride_y);
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        snprintf(text + used, 160 - (size_t)used,
                 " Its cells lie %d columns and %d rows apart (the dilation).", w->dilation_x,
                 w->dilation_y);
    }
}

void sheet_task_ask(const sheet_task *t, const char *title, const char *who, const char *then) {
    const conv_window *w = &t->stage.window;
    char padding[64], beyond[128] = "", steps[160] = "";
    sheet_padding_text(w, padding);
    tell_steps(w, steps);
    for (int i = 0; !beyond[0] && i < w->width * w->height; i++) {
        if (is_beyond(t, i)) {
            snprintf(beyond, sizeof beyond, ", with what %s puts into its cells beyond the edge",
                     padding);
        }
    }
    sheet_begin(t->lesson->sheet, title);
    sheet_say(t->lesson->sheet,
              "Which number does %s make at column %d, row %d of the result (both counted from "
              "0)?%s Copy the window%s, %s.",
              who, t->x, t->y, steps, beyond, then);
    sheet_row(t->lesson->sheet);
    draw_image(t);
}
