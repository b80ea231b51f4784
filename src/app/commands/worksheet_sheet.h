/* For worksheet: exercises as text, numbers in cells, and blanks with their answers. */
#ifndef CT_APP_COMMANDS_WORKSHEET_SHEET_H
#define CT_APP_COMMANDS_WORKSHEET_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* A blank in a text: the answer between the two. */
#define SHEET_BLANK(answer) "\001" answer "\002"
enum { SHEET_OPEN = 1, SHEET_CLOSE = 2 };

typedef struct sheet_cell {
    char text[24];
    bool blank;  /* to be filled in; the text is the answer */
    bool beyond; /* outside the image */
    bool marked; /* the window, or what is spoken of */
    bool strong; /* the centre, or a heading */
} sheet_cell;

typedef struct sheet_grid {
    char sign[8]; /* in front of it: "×"; "": nothing */
    char caption[64];
    int width, height;
    sheet_cell *cells; /* row by row */
    bool table;        /* words, of which the first row are headings */
    uint8_t *gray;     /* or a picture: width x height samples; NULL: cells */
} sheet_grid;

/* A paragraph, or grids beside each other. */
typedef struct sheet_block {
    char *text; /* NULL: grids */
    sheet_grid *grids;
    int count;
} sheet_block;

typedef struct sheet_exercise {
    char title[96];
    sheet_block *blocks;
    int count;
} sheet_exercise;

typedef struct sheet {
    char *subject; /* the chain */
    sheet_exercise *exercises;
    int count;
    bool failed; /* out of memory: nothing more is added */
} sheet;

void sheet_free(sheet *s);

/* Begins an exercise; the others add to the last. */
void sheet_begin(sheet *s, const char *title);
void sheet_say(sheet *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Begins a row of grids. */
void sheet_row(sheet *s);

/* Adds a grid of empty cells, or a picture, to the row; NULL when out of memory. It is valid until
 * the next is added. */
sheet_grid *sheet_add_grid(sheet *s, const char *sign, const char *caption, int width, int height);
sheet_grid *sheet_add_picture(sheet *s, const char *sign, const char *caption, int width,
                              int height);

/* The cell x, y; of no grid, one that is written in vain. */
sheet_cell *sheet_at(sheet_grid *grid, int x, int y);

/* Sets a cell to a number as people write it: whole, or with at most two decimals. */
void sheet_number(sheet_cell *cell, double number);
void sheet_words(sheet_cell *cell, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *sheet_number_text(double number, char text[24]);

#endif
