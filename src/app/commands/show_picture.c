#include "app/commands/show_picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/run/document.h"
#include "base/checked.h"

void show_color(double weight, double most, uint8_t rgb[3]) {
    static const double red[] = {202, 0, 32}, blue[] = {5, 80, 190};
    const double *full = weight < 0 ? red : blue;
    const double share = most > 0 ? fmin(fabs(weight) / most, 1) : 0;
    for (int c = 0; c < 3; c++) {
        rgb[c] = (uint8_t)lrint(255 + (full[c] - 255) * share);
    }
}

enum {
    SIDE = 400,          /* pixels that a kernel should have */
    LEAST = 2,           /* of a cell */
    MOST = 64,           /* of a cell */
    LINED = 8,           /* cells from here on have lines between them */
    LINE = 200,          /* gray */
    MOST_SIDE = 1 << 15, /* of the picture */
};

/* How the picture is divided. */
typedef struct layout {
    const show_kernels *kernels;
    double most;
    int cell, gap;
    int columns, rows; /* of kernels */
    codec_info info;
} layout;

static bool lay_out(layout *l, const show_kernels *kernels, ct_error *err) {
    const int longest = kernels->width > kernels->height ? kernels->width : kernels->height;
    *l = (layout){.kernels = kernels, .cell = SIDE / longest};
    l->cell = l->cell < LEAST ? LEAST : l->cell > MOST ? MOST : l->cell;
    for (int i = 0; i < kernels->count * kernels->width * kernels->height; i++) {
        l->most = fmax(l->most, fabs(kernels->weights[i]));
    }
    l->columns = kernels->count <= 3 ? kernels->count : (int)ceil(sqrt(kernels->count));
    l->rows = (kernels->count + l->columns - 1) / l->columns;
    if (l->columns > 4) { /* many are shown smaller */
        l->cell = l->cell * 4 / l->columns < LEAST ? LEAST : l->cell * 4 / l->columns;
    }
    l->gap = l->cell < 16 ? 16 : l->cell / 2;
    const long width = (long)l->columns * (kernels->width * l->cell + l->gap) + l->gap;
    const long height = (long)l->rows * (kernels->height * l->cell + l->gap) + l->gap;
    if (width > MOST_SIDE || height > MOST_SIDE) {
        return ct_fail(err, "%d kernels of %dx%d cells don't fit a picture", kernels->count,
                       kernels->width, kernels->height);
    }
    l->info = (codec_info){.width = (int)width,
                           .height = (int)height,
                           .channels = 3,
                           .sample = CODEC_U8,
                           .meta = {.srgb_intent = -1}};
    return true;
}

static void paint_pixel(const layout *l, int x, int y, uint8_t rgb[3]) {
    const show_kernels *k = l->kernels;
    const int wide = k->width * l->cell + l->gap, high = k->height * l->cell + l->gap;
    const int in_x = x % wide - l->gap, in_y = y % high - l->gap;
    const int index = y / high * l->columns + x / wide;
    memset(rgb, 255, 3);
    if (in_x < 0 || in_y < 0 || x / wide >= l->columns || index >= k->count) {
        return;
    }
    const size_t cells = (size_t)(k->width * k->height);
    const int at = in_y / l->cell * k->width + in_x / l->cell;
    show_color(k->weights[(size_t)index * cells + (size_t)at], l->most, rgb);
    const bool edge =
        in_x == 0 || in_y == 0 || in_x == wide - l->gap - 1 || in_y == high - l->gap - 1;
    if (edge || (l->cell >= LINED && (in_x % l->cell == 0 || in_y % l->cell == 0))) {
        memset(rgb, LINE, 3);
    }
}

static bool paint(const layout *l, const app_document *document, const app_call *call,
                  const char *spec, ct_error *err) {
    const size_t pitch = codec_row_bytes(&l->info);
    uint8_t *rows = malloc(pitch * (size_t)l->info.height);
    ct_text record = {0};
    bool ok = (rows && ct_text_print(&record, "show %s", spec)) || ct_fail(err, "out of memory");
    for (int y = 0; ok && y < l->info.height; y++) {
        for (int x = 0; x < l->info.width; x++) {
            paint_pixel(l, x, y, rows + (size_t)y * pitch + (size_t)x * 3);
        }
    }
    ok = ok && app_document_picture(document, call, &l->info, rows, record.bytes, err);
    ct_text_free(&record);
    free(rows);
    return ok;
}

bool show_picture(const app_call *call, const char *spec, const show_kernels *kernels,
                  ct_error *err) {
    app_document document;
    layout l;
    return app_document_look(&document, call->output, NULL, call, err) &&
           lay_out(&l, kernels, err) && paint(&l, &document, call, spec, err);
}
