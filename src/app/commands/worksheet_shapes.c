/* Exercises on a chain: sizes of outputs, receptive fields. */
#include <stdio.h>
#include <string.h>

#include "app/commands/worksheet_makers.h"
#include "conv/account.h"

enum { ROWS = 4, MOST_ROWS = 10, COLUMNS = 5 };

/* So many rows below their heads. */
static sheet_grid *new_table(const sheet_lesson *l, int columns, int rows) {
    sheet_grid *table = sheet_add_grid(l->sheet, "", "", columns, rows + 1);
    if (table) {
        table->table = true;
    }
    for (int i = 0; i < columns; i++) {
        sheet_at(table, i, 0)->strong = true;
    }
    return table;
}

/* A row of the table: a window, and how wide its input is. */
typedef struct drawn {
    int in;
    conv_stage stage;
} drawn;

/* Whether row i has the input and window of one before it. */
static bool is_known(const drawn *rows, int i) {
    bool known = false;
    for (int k = 0; k < i; k++) {
        known = known || (rows[k].in == rows[i].in &&
                          rows[k].stage.window.width == rows[i].stage.window.width);
    }
    return known;
}

/* A window that fits. */
static drawn draw_stage(sheet_random *random) {
    static const int sides[] = {28, 32, 64, 100, 224, 12, 7, 50};
    static const int windows[] = {2, 3, 5, 7};
    const int cells = windows[sheet_draw(random, 0, 3)];
    conv_stage stage = {
        .op = CONV_POOL, .pool = CONV_POOL_MAX, .window = sheet_plain_window(cells, cells)};
    stage.window.stride_x = stage.window.stride_y = sheet_draw(random, 1, 3);
    stage.window.left = stage.window.right = sheet_draw(random, 0, cells / 2);
    stage.window.top = stage.window.bottom = stage.window.left;
    return (drawn){sides[sheet_draw(random, 0, 7)], stage};
}

/* Rows that ask for something: none without padding and stride, and neither is missing in more than
 * half of them. */
static bool is_mixed(const drawn rows[ROWS]) {
    int plain = 0, bare = 0, slow = 0;
    for (int i = 0; i < ROWS; i++) {
        const conv_window *w = &rows[i].stage.window;
        bare += w->left == 0;
        slow += w->stride_x == 1;
        plain += w->left == 0 && w->stride_x == 1;
    }
    return plain == 0 && bare <= ROWS / 2 && slow <= ROWS / 2;
}

static void draw_rows(sheet_random *random, drawn rows[ROWS]) {
    do {
        for (int i = 0; i < ROWS; i++) {
            do { /* twice the same is dull */
                rows[i] = draw_stage(random);
            } while (is_known(rows, i));
        }
    } while (!is_mixed(rows));
}

bool sheet_make_sizes(const sheet_lesson *l) {
    sheet_begin(l->sheet, "Stride, padding and the output's size");
    sheet_say(l->sheet,
              "How wide is the output? It's floor((in + 2·padding - window) / stride) + 1.");
    sheet_row(l->sheet);
    static const char *const heads[COLUMNS] = {"in", "window", "padding", "stride", "out"};
    sheet_grid *table = new_table(l, COLUMNS, ROWS);
    for (int i = 0; i < COLUMNS; i++) {
        sheet_words(sheet_at(table, i, 0), "%s", heads[i]);
    }
    drawn rows[ROWS];
    draw_rows(l->random, rows);
    for (int i = 1; i <= ROWS; i++) {
        conv_shape out;
        const int in = rows[i - 1].in;
        const conv_stage stage = rows[i - 1].stage;
        if (!conv_stage_shape(&stage, (conv_shape){in, in, 1}, &out, l->err)) {
            return false;
        }
        sheet_words(sheet_at(table, 0, i), "%d", in);
        sheet_words(sheet_at(table, 1, i), "%d×%d", stage.window.width, stage.window.height);
        sheet_words(sheet_at(table, 2, i), "%d", stage.window.left);
        sheet_words(sheet_at(table, 3, i), "%d", stage.window.stride_x);
        sheet_words(sheet_at(table, 4, i), "%d", out.width);
        sheet_at(table, 4, i)->blank = true;
    }
    return true;
}

/* ---- receptive fields ---- */

/* The stage's name in the chain, as far as a cell has room. */
static void name_stage(sheet_cell *cell, const sheet_lesson *l, int index) {
    const int origin = l->program->origin[index];
    const char *text = origin < 0 ? "" : filter_chain_stage_text(l->chain, (size_t)origin);
    sheet_words(cell, strlen(text) < sizeof cell->text ? "%s" : "%.19s…", text);
}

static int count_windows(const sheet_lesson *l) {
    int count = 0;
    for (int i = 0; i < l->program->count; i++) {
        count += conv_stage_has_window(&l->program->stages[i]);
    }
    return count;
}

static bool is_dilated(const sheet_lesson *l) {
    bool dilated = false;
    for (int i = 0; i < l->program->count; i++) {
        const conv_stage *stage = &l->program->stages[i];
        dilated = dilated || (conv_stage_has_window(stage) && stage->window.dilation_x > 1);
    }
    return dilated;
}

/* Of the chain's stages that have a window. */
static bool ask_fields(const sheet_lesson *l) {
    static const char *const heads[] = {"stage", "window", "dilation", "stride", "field", "jump"};
    conv_shape shape = {l->width, l->height, 1};
    conv_field field = conv_field_start();
    const bool dilated = is_dilated(l);
    const int rows = count_windows(l), columns = COLUMNS + dilated;
    sheet_begin(l->sheet, "Receptive field");
    sheet_say(l->sheet,
              "How many columns of the input does one sample of each result depend on? A window "
              "adds (window - 1) · %sjump; a stride multiplies the jump for the stages below.",
              dilated ? "dilation · " : "");
    sheet_row(l->sheet);
    sheet_grid *table = new_table(l, columns, rows);
    for (int i = 0; i < columns; i++) {
        sheet_words(sheet_at(table, i, 0), "%s", heads[i + (!dilated && i >= 2)]);
    }
    for (int i = 0, row = 1; i < l->program->count; i++) {
        const conv_stage *stage = &l->program->stages[i];
        const conv_window *w = &stage->window;
        conv_field_add(&field, stage, shape);
        if (conv_stage_has_window(stage)) {
            const int answer = columns - 2;
            name_stage(sheet_at(table, 0, row), l, i);
            sheet_words(sheet_at(table, 1, row), "%d", w->width);
            if (dilated) {
                sheet_words(sheet_at(table, 2, row), "%d", w->dilation_x);
            }
            sheet_words(sheet_at(table, answer - 1, row), "%d", w->stride_x);
            sheet_words(sheet_at(table, answer, row), "%.6g", field.width);
            sheet_words(sheet_at(table, answer + 1, row), "%.6g", field.jump_x);
            sheet_at(table, answer, row)->blank = sheet_at(table, answer + 1, row)->blank = true;
            row++;
        }
        if (!conv_stage_shape(stage, shape, &shape, l->err)) {
            return false;
        }
    }
    return true;
}

enum { DRAWN_STAGES = 3, DRAWN_SIDE = 64 };

/* Other windows than the chain's: three of different kinds. */
static bool draw_chain(const sheet_lesson *l, ct_text *text) {
    static const char *const known[] = {"box:3",          "maxpool:2",     "box:5",
                                        "box:3:stride=2", "avgpool:3",     "conv:gaussian5",
                                        "box:7:stride=2", "maxpool:3:2:1", "sobel:x"};
    enum { KNOWN = sizeof known / sizeof *known };
    int left[KNOWN], kinds = KNOWN;
    bool ok = true;
    for (int i = 0; i < KNOWN; i++) {
        left[i] = i;
    }
    for (int i = 0; ok && i < DRAWN_STAGES; i++) {
        const int k = sheet_draw(l->random, 0, kinds - 1);
        ok = ct_text_print(text, "%s%s", i ? "," : "", known[left[k]]);
        left[k] = left[--kinds];
    }
    return ok || ct_fail(l->err, "out of memory");
}

/* The chain has one exercise in it; further ones have chains of their own. */
static bool ask_other_fields(const sheet_lesson *l) {
    const filter_settings settings = {0};
    const filter_image image = {
        .width = DRAWN_SIDE, .height = DRAWN_SIDE, .channels = 1, .white = 255, .out_white = 255};
    const filter_defaults defaults = {0};
    sheet_lesson own = *l;
    filter_program program = {0};
    ct_text text = {0};
    filter_chain *chain = draw_chain(l, &text) ? filter_parse(text.bytes, &defaults, l->err) : NULL;
    own.chain = chain;
    own.program = &program;
    own.width = own.height = DRAWN_SIDE;
    const bool ok =
        chain && filter_lower(chain, &settings, &image, &program, l->err) && ask_fields(&own);
    filter_program_free(&program);
    filter_chain_free(chain);
    ct_text_free(&text);
    return ok;
}

bool sheet_make_receptive(const sheet_lesson *l) {
    const int rows = count_windows(l);
    if (rows == 0 || rows > MOST_ROWS) {
        return ct_fail(l->err, "receptive: the chain has %d stages with a window; expected 1 to %d",
                       rows, MOST_ROWS);
    }
    return l->turn == 0 ? ask_fields(l) : ask_other_fields(l);
}
