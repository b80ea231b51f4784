/* A contact sheet: pictures in a grid, each below its caption, made row by row. */
#ifndef CT_CODEC_SHEET_SHEET_H
#define CT_CODEC_SHEET_SHEET_H

#include "codec/codec.h"

enum { CODEC_SHEET_GRAY = 38 }; /* the background, of 255 */

typedef struct codec_cell {
    int width, height; /* of the picture; 0: there is none, and with an empty label the place stays
                        * empty */
    const char *label; /* UTF-8; what the face can't draw becomes a box */
} codec_cell;

/* Columns and rows of cells; 0: as many as it takes. */
typedef struct codec_grid {
    int columns, rows;
} codec_grid;

typedef struct codec_sheet codec_sheet;

/* Plans a sheet of `count` cells, 1 or more. All have room for the largest picture. Small ones are
 * enlarged by a whole factor, the same for all; lists, which are a row or column of pixels, across
 * by a larger one; labels that are too long for a line go on in the
 * next, and what doesn't fit into three ends in dots. The labels are copied. Fails where the grid
 * has too few places, or the sheet's sides too many pixels for any limits. */
codec_sheet *codec_sheet_new(const codec_cell *cells, int count, codec_grid grid, ct_error *err);
void codec_sheet_free(codec_sheet *sheet);

/* The sheet's sides in pixels, and the grid that was chosen. */
void codec_sheet_size(const codec_sheet *sheet, int *width, int *height);
codec_grid codec_sheet_grid(const codec_sheet *sheet);

/* Fills row y of a cell's picture, as wide as the picture, with as many 8-bit channels as the
 * sheet. */
typedef void codec_cell_row(void *context, int cell, int y, uint8_t *row);

/* Writes all rows of the sheet to a writer of images of the sheet's size with 8 bits and
 * `channels`, 1 or 3; codec_finish is left to the caller. */
bool codec_sheet_write(const codec_sheet *sheet, int channels, codec_cell_row *cell_row,
                       void *context, codec_writer *writer, ct_error *err);

#endif
