#include <stdio.h>
#include <string.h>

#include "app/call/screen.h"
#include "app/commands/worksheet_print.h"

enum { WIDTH = 78, GAP = 3 };

/* ---- paragraphs ---- */

/* A blank becomes "_______", or its answer between two of those. */
static bool fill_blanks(ct_text *out, const char *text, bool solution) {
    bool ok = true, hidden = false;
    for (; ok && *text; text++) {
        if (*text == SHEET_OPEN) {
            ok = ct_text_print(out, solution ? "_" : "_______");
            hidden = !solution;
        } else if (*text == SHEET_CLOSE) {
            ok = !solution || ct_text_print(out, "_");
            hidden = false;
        } else if (!hidden) {
            ok = ct_text_add(out, text, 1);
        }
    }
    return ok;
}

static bool add_paragraph(ct_text *out, const char *text, bool solution) {
    ct_text filled = {0};
    bool ok = fill_blanks(&filled, text, solution);
    int column = 0;
    for (const char *at = ok ? filled.bytes : ""; ok && at && *at;) {
        char word[256];
        const size_t length = strcspn(at, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        const int width = app_text_width(word);
        const bool fits = column == 0 || column + 1 + width <= WIDTH;
        ok = ct_text_print(out, "%s%s", column == 0 ? "" : fits ? " " : "\n", word);
        column = fits ? column + (column > 0) + width : width;
        at += length;
        at += strspn(at, " ");
    }
    ct_text_free(&filled);
    return ok && ct_text_print(out, "\n\n");
}

/* ---- grids ---- */

typedef struct cell_text {
    char text[40];
} cell_text;

/* Window cells have round brackets, the centre angle ones, what is beyond the edge square ones. */
static cell_text show_cell(const sheet_grid *grid, const sheet_cell *cell, bool solution) {
    cell_text shown;
    const char *text = cell->blank && !solution ? "__" : cell->text;
    const char *marks = grid->table    ? "  "
                        : cell->beyond ? "[]"
                        : cell->strong ? "<>"
                        : cell->marked ? "()"
                                       : "  ";
    snprintf(shown.text, sizeof shown.text, "%c%s%c", marks[0], text, marks[1]);
    return shown;
}

static const char shades[] = " .:-=+*#%@";

static int column_width(const sheet_grid *grid, int x) {
    int width = 3;
    for (int y = 0; grid->cells && y < grid->height; y++) {
        const sheet_cell *cell = &grid->cells[y * grid->width + x];
        for (int solution = 0; solution < 2; solution++) { /* the same on both pages */
            const int own = app_text_width(show_cell(grid, cell, solution).text);
            width = own > width ? own : width;
        }
    }
    return width;
}

static int grid_width(const sheet_grid *grid) {
    int width = grid->gray ? grid->width : 0;
    for (int x = 0; !grid->gray && x < grid->width; x++) {
        width += column_width(grid, x);
    }
    const int caption = app_text_width(grid->caption);
    return caption > width ? caption : width;
}

/* A character is about twice as high as it is wide, so it stands for two samples. */
static int gray_of(const sheet_grid *grid, int x, int y) {
    const uint8_t *upper = &grid->gray[2 * y * grid->width + x];
    return 2 * y + 1 < grid->height ? (upper[0] + upper[grid->width]) / 2 : upper[0];
}

static int lines_of(const sheet_grid *grid) {
    return grid->gray ? (grid->height + 1) / 2 : grid->height;
}

/* Line y of a grid, padded to its width. */
static bool add_line(ct_text *out, const sheet_grid *grid, int y, bool solution) {
    int used = 0;
    bool ok = true;
    for (int x = 0; ok && y < lines_of(grid) && x < grid->width; x++) {
        if (grid->gray) {
            const int level = 255 - gray_of(grid, x, y);
            ok = ct_text_add(out, &shades[level * 9 / 255], 1);
            used++;
        } else {
            const cell_text shown = show_cell(grid, &grid->cells[y * grid->width + x], solution);
            const int width = column_width(grid, x);
            ok = ct_text_print(out, "%*s%s", width - app_text_width(shown.text), "", shown.text);
            used += width;
        }
    }
    return ok && ct_text_print(out, "%*s", grid_width(grid) - used, "");
}

static void trim(ct_text *out) {
    while (out->length > 0 && out->bytes[out->length - 1] == ' ') {
        out->bytes[--out->length] = '\0';
    }
}

/* Grids [first, end) beside each other. */
static bool add_beside(ct_text *out, const sheet_block *row, int first, int end, bool solution) {
    int height = 0;
    bool ok = true, captions = false;
    for (int g = first; g < end; g++) {
        const int lines = lines_of(&row->grids[g]);
        height = lines > height ? lines : height;
        captions = captions || row->grids[g].caption[0];
    }
    for (int y = captions ? -1 : 0; ok && y < height; y++) {
        for (int g = first; ok && g < end; g++) {
            const sheet_grid *grid = &row->grids[g];
            const bool sign = grid->sign[0] && y == lines_of(grid) / 2;
            ok = ct_text_print(out, "%*s%s%*s", GAP, "", sign ? grid->sign : " ", GAP - 1, "") &&
                 (y >= 0 ? add_line(out, grid, y, solution)
                         : ct_text_print(out, "%s%*s", grid->caption,
                                         grid_width(grid) - app_text_width(grid->caption), ""));
        }
        trim(out);
        ok = ok && ct_text_print(out, "\n");
    }
    return ok && ct_text_print(out, "\n");
}

static bool add_row(ct_text *out, const sheet_block *row, bool solution) {
    bool ok = true;
    for (int first = 0, end = 0; ok && first < row->count; first = end) {
        int width = 0;
        do { /* at least one, and as many as fit */
            width += grid_width(&row->grids[end++]) + 2 * GAP;
        } while (end < row->count && width + grid_width(&row->grids[end]) + 2 * GAP <= WIDTH + GAP);
        ok = add_beside(out, row, first, end, solution);
    }
    return ok;
}

/* Which marks stand around the cells of some grid; in a table there are none. */
static void find_marks(const sheet_grid *grid, sheet_cell *found) {
    for (int i = 0; grid->cells && !grid->table && i < grid->width * grid->height; i++) {
        found->marked = found->marked || grid->cells[i].marked;
        found->strong = found->strong || grid->cells[i].strong;
        found->beyond = found->beyond || grid->cells[i].beyond;
    }
}

static void find_marks_of(const sheet_exercise *exercise, sheet_cell *found) {
    for (int b = 0; b < exercise->count; b++) {
        for (int g = 0; g < exercise->blocks[b].count; g++) {
            find_marks(&exercise->blocks[b].grids[g], found);
        }
    }
}

/* What the brackets mean, where there are some. */
static bool add_legend(ct_text *out, const sheet *s) {
    sheet_cell found = {0};
    for (int i = 0; i < s->count; i++) {
        find_marks_of(&s->exercises[i], &found);
    }
    const bool window = found.marked || found.strong;
    return !(window || found.beyond) ||
           ct_text_print(out, "In the grids: %s%s%s%s%s.\n\n", found.marked ? "( ) window" : "",
                         found.marked && found.strong ? ", " : "",
                         found.strong ? "< > centre of the window" : "",
                         window && found.beyond ? ", " : "",
                         found.beyond ? "[ ] beyond the edge" : "");
}

static bool add_page(ct_text *out, const sheet *s, bool solution) {
    bool ok = solution ? ct_text_print(out, "\fSolutions: %s\n\n", s->subject)
                       : ct_text_print(out,
                                       SHEET_MARK ": %s\n\nName: ____________________   Date: "
                                                  "___________\n\n",
                                       s->subject);
    ok = ok && (solution || add_legend(out, s));
    for (int i = 0; ok && i < s->count; i++) {
        const sheet_exercise *e = &s->exercises[i];
        ok = ct_text_print(out, "%d. %s\n\n", i + 1, e->title);
        for (int b = 0; ok && b < e->count; b++) {
            ok = e->blocks[b].text ? add_paragraph(out, e->blocks[b].text, solution)
                                   : add_row(out, &e->blocks[b], solution);
        }
    }
    return ok;
}

bool sheet_print_text(const sheet *s, bool solution, ct_text *out, ct_error *err) {
    return (add_page(out, s, false) && (!solution || add_page(out, s, true))) ||
           ct_fail(err, "out of memory");
}
