/* An exercise: pooling. */
#include <stdlib.h>

#include "app/commands/worksheet_makers.h"

static conv_stage choose_pool(const sheet_lesson *l) {
    for (int i = 0; i < l->program->count; i++) {
        if (l->program->stages[i].op == CONV_POOL) {
            return l->program->stages[i];
        }
    }
    conv_stage pool = {.op = CONV_POOL, .window = sheet_plain_window(2, 2)};
    pool.pool = sheet_draw(l->random, 0, 1) ? CONV_POOL_MAX : CONV_POOL_AVG;
    pool.window.stride_x = pool.window.stride_y = 2;
    return pool;
}

/* Windows that don't overlap are told apart as the squares of a chessboard; x, y count from the
 * padding's corner. */
static bool is_marked(const conv_window *w, conv_shape out, int x, int y) {
    const int column = x / w->stride_x, row = y / w->stride_y;
    return w->stride_x == w->width && w->stride_y == w->height && column < out.width &&
           row < out.height && column % 2 == row % 2;
}

/* What no window reaches. */
static const char *left_over(const conv_window *w, const sheet_lesson *l, conv_shape out) {
    const bool right = (out.width - 1) * w->stride_x - w->left + w->width < l->width;
    const bool below = (out.height - 1) * w->stride_y - w->top + w->height < l->height;
    return right && below ? " What is left over on the right and below is in no window."
           : right        ? " What is left over on the right is in no window."
           : below        ? " What is left over below is in no window."
                          : "";
}

bool sheet_make_pooling(const sheet_lesson *l) {
    static const char *const takes[] = {"largest number", "smallest number", "mean",
                                        "middle number (the upper left one of four)"};
    const conv_stage pool = choose_pool(l);
    const conv_window *w = &pool.window;
    conv_shape out;
    float *image = sheet_lesson_numbers(l, l->err);
    float *made =
        image ? sheet_run(&pool, 1, (conv_shape){l->width, l->height, 1}, image, &out, l->err)
              : NULL;
    if (made) {
        sheet_begin(l->sheet, "Pooling");
        sheet_say(l->sheet,
                  "Each window of %d×%d, %d further to the right and %d further down each time, "
                  "leaves its %s.%s%s",
                  w->width, w->height, w->stride_x, w->stride_y, takes[pool.pool],
                  w->left > 0 ? " Cells beyond the edge don't count." : "", left_over(w, l, out));
        sheet_row(l->sheet);
        sheet_grid *grid = sheet_add_grid(l->sheet, "", "image", l->width, l->height);
        for (int i = 0; i < l->width * l->height; i++) {
            sheet_cell *cell = sheet_at(grid, i % l->width, i / l->width);
            sheet_number(cell, (double)image[i]);
            cell->marked = is_marked(w, out, i % l->width + w->left, i / l->width + w->top);
        }
        sheet_grid *result = sheet_add_grid(l->sheet, "→", "result", out.width, out.height);
        for (int i = 0; i < out.width * out.height; i++) {
            sheet_cell *cell = sheet_at(result, i % out.width, i / out.width);
            sheet_number(cell, (double)made[i]);
            cell->blank = true;
        }
    }
    const bool ok = made != NULL;
    free(made);
    free(image);
    return ok;
}
