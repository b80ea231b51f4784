#include "codec/sheet/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "base/text.h"
#include "codec/sheet/caption.h"
#include "codec/sheet/face.h"

enum { INK = 214 }; /* on CODEC_SHEET_GRAY; both suit black and white pictures */

enum {
    GOOD_SIDE = 128,  /* pixels: smaller pictures are enlarged to about that */
    LEAST_SIDE = 16,  /* pixels: a list of numbers, a row or a column, gets about so wide */
    TEXT_WIDTH = 240, /* pixels: pictures that are wider have larger letters */
    LEAST_WIDTH = 8 * FACE_ADVANCE,
    MOST_LINES = 3,
    GAP = 10,     /* dots between cells, and around them */
    TEXT_GAP = 3, /* between a caption and its picture, and between lines */
    MOST_SIDE = 1 << 24,
};

struct codec_sheet {
    codec_cell *cells; /* with labels of their own */
    int count;
    codec_grid grid;
    int zoom_x, zoom_y; /* pixels of the sheet for one of a picture */
    int dot;            /* pixels of the sheet for a dot of the face */
    int pixels;         /* across the widest picture */
    int width, height;  /* of a cell, without its caption: of all pictures, enlarged */
    int lines;          /* of the longest caption */
    int sheet_width, sheet_height;
};

static int caption_height(const codec_sheet *sheet) {
    return sheet->dot * sheet->lines * (FACE_HEIGHT + TEXT_GAP);
}

static int gap(const codec_sheet *sheet) {
    return sheet->dot * GAP;
}

static bool copy_cells(codec_sheet *sheet, const codec_cell *cells, ct_error *err) {
    int width = 1, height = 1;
    for (int i = 0; i < sheet->count; i++) {
        sheet->cells[i] = cells[i];
        if (!(sheet->cells[i].label = strdup(cells[i].label))) {
            return ct_fail(err, "out of memory");
        }
        width = ct_max(width, cells[i].width);
        height = ct_max(height, cells[i].height);
    }
    const int zoom = ct_max(1, GOOD_SIDE / ct_max(width, height));
    sheet->zoom_x = ct_max(zoom, LEAST_SIDE / width);
    sheet->zoom_y = ct_max(zoom, LEAST_SIDE / height);
    sheet->pixels = width;
    sheet->width = ct_max(width * sheet->zoom_x, LEAST_WIDTH);
    sheet->height = height * sheet->zoom_y;
    sheet->dot = ct_max(1, (sheet->width + TEXT_WIDTH / 2) / TEXT_WIDTH);
    return true;
}

/* How far columns and rows are from what looks best: a third wider than high, without empty
 * places. */
static double badness(const codec_sheet *sheet, int columns, int rows) {
    const double width = (double)columns * sheet->width, height = (double)rows * sheet->height;
    const double places = (double)columns * rows;
    return fabs(log(width / height * 3 / 4)) + 5 * (places - sheet->count) / places;
}

/* Pictures that aren't much wider than high stand side by side rather than above each other. */
static codec_grid best_grid(const codec_sheet *sheet) {
    codec_grid best = {.columns = sheet->count, .rows = 1};
    const bool across = sheet->width <= 2 * sheet->height;
    for (int columns = sheet->count; columns >= 1; columns--) {
        const int rows = ct_div_up(sheet->count, columns);
        if ((!across || columns >= rows) &&
            badness(sheet, columns, rows) < badness(sheet, best.columns, best.rows)) {
            best = (codec_grid){columns, rows};
        }
    }
    return best;
}

static bool choose_grid(codec_sheet *sheet, codec_grid grid, ct_error *err) {
    const int count = sheet->count;
    if (!grid.columns && !grid.rows) {
        sheet->grid = best_grid(sheet);
        return true;
    }
    sheet->grid.columns = grid.columns ? grid.columns : ct_div_up(count, grid.rows);
    sheet->grid.rows = grid.rows ? grid.rows : ct_div_up(count, grid.columns);
    return (int64_t)sheet->grid.columns * sheet->grid.rows >= count ||
           ct_fail(err, "%dx%d has room for %d pictures, but there are %d", sheet->grid.columns,
                   sheet->grid.rows, sheet->grid.columns * sheet->grid.rows, count);
}

static bool measure(codec_sheet *sheet, ct_error *err) {
    const int most = sheet->width / sheet->dot / FACE_ADVANCE;
    sheet->lines = 1;
    for (int i = 0; i < sheet->count; i++) {
        sheet->lines = ct_max(sheet->lines, codec_caption_lines(sheet->cells[i].label, most));
    }
    sheet->lines = ct_min(sheet->lines, MOST_LINES);
    const int64_t across = (int64_t)sheet->width + gap(sheet);
    const int64_t down = (int64_t)sheet->height + caption_height(sheet) + gap(sheet);
    const int64_t width = across * sheet->grid.columns + gap(sheet);
    const int64_t height = down * sheet->grid.rows + gap(sheet);
    if (width > MOST_SIDE || height > MOST_SIDE) {
        return ct_fail(err, "the sheet would have %lldx%lld pixels; the most is %d a side",
                       (long long)width, (long long)height, MOST_SIDE);
    }
    sheet->sheet_width = (int)width;
    sheet->sheet_height = (int)height;
    return true;
}

codec_sheet *codec_sheet_new(const codec_cell *cells, int count, codec_grid grid, ct_error *err) {
    codec_sheet *sheet = calloc(1, sizeof *sheet);
    if (!sheet || !(sheet->cells = calloc((size_t)count, sizeof *sheet->cells))) {
        ct_fail(err, "out of memory");
        goto fail;
    }
    sheet->count = count;
    if (!copy_cells(sheet, cells, err) || !choose_grid(sheet, grid, err) || !measure(sheet, err)) {
        goto fail;
    }
    return sheet;
fail:
    codec_sheet_free(sheet);
    return NULL;
}

void codec_sheet_free(codec_sheet *sheet) {
    if (!sheet) {
        return;
    }
    for (int i = 0; sheet->cells && i < sheet->count; i++) {
        free((void *)(uintptr_t)sheet->cells[i].label);
    }
    free(sheet->cells);
    free(sheet);
}

void codec_sheet_size(const codec_sheet *sheet, int *width, int *height) {
    *width = sheet->sheet_width;
    *height = sheet->sheet_height;
}

codec_grid codec_sheet_grid(const codec_sheet *sheet) {
    return sheet->grid;
}

/* A row that is being made. */
typedef struct sheet_row {
    const codec_sheet *sheet;
    int channels;
    codec_cell_row *cell_row;
    void *context;
    uint8_t *row;     /* of the sheet */
    uint8_t *picture; /* of a picture */
} sheet_row;

/* The row of dots that crosses the captions, from 0 at the top of the first line. */
static void add_captions(const sheet_row *r, int first, int dots) {
    const codec_sheet *sheet = r->sheet;
    const int pitch = FACE_HEIGHT + TEXT_GAP, line = dots / pitch, y = dots % pitch;
    const int across = sheet->width + gap(sheet);
    for (int i = first; y < FACE_HEIGHT && i < first + sheet->grid.columns && i < sheet->count;
         i++) {
        const int left = gap(sheet) + across * (i - first);
        const codec_caption caption = {.label = sheet->cells[i].label,
                                       .most = sheet->width / sheet->dot / FACE_ADVANCE,
                                       .lines = sheet->lines,
                                       .dot = sheet->dot,
                                       .ink = INK,
                                       .channels = r->channels};
        codec_caption_row(&caption, line, y, r->row + (size_t)left * (size_t)r->channels);
    }
}

/* Each pixel `zoom_x` times. */
static void enlarge(const sheet_row *r, int width, uint8_t *to) {
    const size_t pixel = (size_t)r->channels;
    const int zoom = r->sheet->zoom_x;
    if (zoom == 1) {
        memcpy(to, r->picture, (size_t)width * pixel);
        return;
    }
    for (int x = 0; x < width; x++) {
        for (int k = 0; k < zoom; k++, to += pixel) {
            memcpy(to, r->picture + (size_t)x * pixel, pixel);
        }
    }
}

static void add_pictures(const sheet_row *r, int first, int y) {
    const codec_sheet *sheet = r->sheet;
    const int across = sheet->width + gap(sheet);
    for (int i = first; i < first + sheet->grid.columns && i < sheet->count; i++) {
        const codec_cell *cell = &sheet->cells[i];
        const size_t left = (size_t)(gap(sheet) + across * (i - first));
        if (y < cell->height) {
            r->cell_row(r->context, i, y, r->picture);
            enlarge(r, cell->width, r->row + left * (size_t)r->channels);
        }
    }
}

/* Row y of the sheet. Returns how many rows from there on are alike: those of an enlarged pixel, or
 * of a dot. */
static int make_row(const sheet_row *r, int y) {
    const codec_sheet *sheet = r->sheet;
    const int down = sheet->height + caption_height(sheet) + gap(sheet);
    const int first = y / down * sheet->grid.columns, caption = y % down - gap(sheet);
    const int picture = caption - caption_height(sheet);
    memset(r->row, CODEC_SHEET_GRAY, (size_t)sheet->sheet_width * (size_t)r->channels);
    if (caption < 0) {
        return -caption;
    }
    if (picture < 0) {
        add_captions(r, first, caption / sheet->dot);
        return sheet->dot - caption % sheet->dot;
    }
    add_pictures(r, first, picture / sheet->zoom_y);
    return sheet->zoom_y - picture % sheet->zoom_y;
}

/* Makes rows y and those below it, as many as are alike but at most `most`; returns how many. */
static int make_rows(sheet_row *r, int y, int most, uint8_t *rows) {
    const size_t bytes = (size_t)r->sheet->sheet_width * (size_t)r->channels;
    r->row = rows;
    const int count = ct_min(make_row(r, y), most);
    for (int k = 1; k < count; k++) {
        memcpy(rows + bytes * (size_t)k, rows, bytes);
    }
    return count;
}

bool codec_sheet_write(const codec_sheet *sheet, int channels, codec_cell_row *cell_row,
                       void *context, codec_writer *writer, ct_error *err) {
    enum { BAND = 64 }; /* rows: PNG compresses those of a call together */
    const size_t bytes = (size_t)sheet->sheet_width * (size_t)channels;
    sheet_row r = {.sheet = sheet, .channels = channels, .cell_row = cell_row, .context = context};
    uint8_t *band = malloc(BAND * bytes);
    r.picture = malloc((size_t)sheet->pixels * (size_t)channels);
    bool ok = (band && r.picture) || ct_fail(err, "out of memory");
    for (int y = 0; ok && y < sheet->sheet_height;) {
        const int most = ct_min(BAND, sheet->sheet_height - y);
        int count = 0;
        while (count < most) {
            count += make_rows(&r, y + count, most - count, band + bytes * (size_t)count);
        }
        ok = codec_write(writer, count, band, bytes, NULL, err);
        y += count;
    }
    free(band);
    free(r.picture);
    return ok;
}
