#include "app/commands/worksheet_sheet.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sheet_free(sheet *s) {
    for (int i = 0; i < s->count; i++) {
        for (int b = 0; b < s->exercises[i].count; b++) {
            sheet_block *block = &s->exercises[i].blocks[b];
            for (int g = 0; g < block->count; g++) {
                free(block->grids[g].cells);
                free(block->grids[g].gray);
            }
            free(block->grids);
            free(block->text);
        }
        free(s->exercises[i].blocks);
    }
    free(s->exercises);
    free(s->subject);
    *s = (sheet){0};
}

/* Room for one more behind `count`; NULL when out of memory. */
static void *grow(sheet *s, void *list, int count, size_t size) {
    void *grown = s->failed ? NULL : realloc(list, ((size_t)count + 1) * size);
    if (!grown) {
        s->failed = true;
        return NULL;
    }
    memset((char *)grown + (size_t)count * size, 0, size);
    return grown;
}

void sheet_begin(sheet *s, const char *title) {
    sheet_exercise *list = grow(s, s->exercises, s->count, sizeof *list);
    if (list) {
        s->exercises = list;
        snprintf(list[s->count].title, sizeof list[s->count].title, "%s", title);
        s->count++;
    }
}

static sheet_block *add_block(sheet *s) {
    sheet_exercise *e = s->count > 0 ? &s->exercises[s->count - 1] : NULL;
    sheet_block *list = e ? grow(s, e->blocks, e->count, sizeof *list) : NULL;
    if (!list) {
        return NULL;
    }
    e->blocks = list;
    return &list[e->count++];
}

void sheet_say(sheet *s, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    sheet_block *block = add_block(s);
    if (block && !(block->text = strdup(text))) {
        s->failed = true;
    }
}

void sheet_row(sheet *s) {
    add_block(s);
}

static sheet_grid *new_grid(sheet *s, const char *sign, const char *caption, int width,
                            int height) {
    sheet_exercise *e = s->count > 0 ? &s->exercises[s->count - 1] : NULL;
    sheet_block *row = e && e->count > 0 ? &e->blocks[e->count - 1] : NULL;
    sheet_grid *list = row ? grow(s, row->grids, row->count, sizeof *list) : NULL;
    if (!list) {
        return NULL;
    }
    row->grids = list;
    sheet_grid *grid = &list[row->count++];
    snprintf(grid->sign, sizeof grid->sign, "%s", sign);
    snprintf(grid->caption, sizeof grid->caption, "%s", caption);
    grid->width = width;
    grid->height = height;
    return grid;
}

sheet_grid *sheet_add_grid(sheet *s, const char *sign, const char *caption, int width, int height) {
    sheet_grid *grid = new_grid(s, sign, caption, width, height);
    if (grid && !(grid->cells = calloc((size_t)width * (size_t)height, sizeof *grid->cells))) {
        s->failed = true;
        return NULL;
    }
    return grid;
}

sheet_grid *sheet_add_picture(sheet *s, const char *sign, const char *caption, int width,
                              int height) {
    sheet_grid *grid = new_grid(s, sign, caption, width, height);
    if (grid && !(grid->gray = calloc((size_t)width * (size_t)height, 1))) {
        s->failed = true;
        return NULL;
    }
    return grid;
}

sheet_cell *sheet_at(sheet_grid *grid, int x, int y) {
    static _Thread_local sheet_cell nowhere;
    return grid && grid->cells ? &grid->cells[y * grid->width + x] : &nowhere;
}

const char *sheet_number_text(double number, char text[24]) {
    const double rounded = rint(number * 100) / 100;
    snprintf(text, 24, "%.6g", rounded == 0 ? 0.0 : rounded);
    return text;
}

void sheet_number(sheet_cell *cell, double number) {
    sheet_number_text(number, cell->text);
}

void sheet_words(sheet_cell *cell, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(cell->text, sizeof cell->text, format, arguments);
    va_end(arguments);
}
