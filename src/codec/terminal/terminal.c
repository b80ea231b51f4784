#include "codec/terminal/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"

enum {
    BLOCK = 8,            /* pixels of libchafa's characters, each way */
    MOST_FACTOR = 8,      /* of small images, in columns */
    MOST_PIXELS = 64,     /* the same for protocols */
    ENOUGH_COLUMNS = 128, /* of an image that is enlarged */
    ENOUGH_PIXELS = 512,  /* the same for protocols */
    USUAL_WIDTH = 8,      /* of a terminal's characters, where it doesn't tell, so that nothing */
    USUAL_HEIGHT = 16,    /* sent as pixels is too large for most */
};

struct codec_terminal {
    codec_chafa *chafa;
    bool pixels;
    bool ascii; /* without colours: the characters aren't libchafa's, whose @ is mid-gray */
    int columns, rows;
    double cell_width, cell_height; /* the terminal's, in its pixels */
    int unit_width, unit_height;    /* the pixels that a character is drawn with */
};

const char *codec_terminal_library(void) {
    return codec_chafa_library();
}

codec_terminal *codec_terminal_new(const codec_terminal_of *of, ct_error *err) {
    codec_terminal *t = calloc(1, sizeof *t);
    if (!t) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    t->chafa = codec_chafa_new(of, err);
    if (!t->chafa) {
        free(t);
        return NULL;
    }
    const bool told = of->cell_width >= 1 && of->cell_height >= 1;
    t->pixels = codec_chafa_pixels(t->chafa);
    t->ascii = !of->escapes && !of->utf8;
    t->columns = ct_max(of->columns, 1);
    t->rows = ct_max(of->rows, 1);
    t->cell_width = told ? of->cell_width : USUAL_WIDTH;
    t->cell_height = told ? of->cell_height : USUAL_HEIGHT;
    t->unit_width = t->pixels ? (int)t->cell_width : BLOCK;
    t->unit_height = t->pixels ? (int)t->cell_height : BLOCK;
    return t;
}

void codec_terminal_free(codec_terminal *terminal) {
    if (terminal) {
        codec_chafa_free(terminal->chafa);
        free(terminal);
    }
}

int codec_terminal_columns(const codec_terminal *t) {
    return t->columns;
}

/* The nearest multiple of the unit, but for 0. */
static int whole_units(int pixels, int unit) {
    return ct_max((pixels + unit / 2) / unit, 1) * unit;
}

codec_place codec_terminal_place(const codec_terminal *t, int width, int height, int columns) {
    /* Of one pixel at scale 1: of a protocol, a pixel; else a character wide. */
    const double across = t->pixels ? 1 : t->unit_width;
    const double down = t->pixels ? 1 : t->unit_height * (t->cell_width / t->cell_height);
    const int most_width = ct_clamp(columns, 1, t->columns) * t->unit_width;
    const int most_height = t->rows * t->unit_height;
    double scale = fmin(most_width / (width * across), most_height / (height * down));
    if (scale >= 1) {
        const int enough = t->pixels ? ENOUGH_PIXELS : ENOUGH_COLUMNS;
        const int factor =
            ct_clamp(enough / ct_max(width, height), 1, t->pixels ? MOST_PIXELS : MOST_FACTOR);
        scale = floor(fmin(scale, factor));
    }
    const bool whole = scale < 1 && !t->pixels; /* characters: edges within one are ragged */
    codec_place place = {
        .width = ct_clamp((int)lrint(width * across * scale), 1, most_width),
        .height = ct_clamp((int)lrint(height * down * scale), 1, most_height),
    };
    if (whole) {
        place.width = whole_units(place.width, t->unit_width);
        place.height = whole_units(place.height, t->unit_height);
    }
    place.columns = ct_div_up(place.width, t->unit_width);
    place.rows = ct_div_up(place.height, t->unit_height);
    return place;
}

/* Repeats the picture's pixels over its place. */
static void put_picture(const codec_terminal *t, const codec_placed *placed, uint8_t *canvas,
                        int width) {
    const codec_small *from = placed->picture;
    const codec_place *place = &placed->place;
    for (int y = 0; y < place->height; y++) {
        const int64_t row = (int64_t)y * from->height / place->height;
        const uint8_t *in = from->rgba + (size_t)row * (size_t)from->width * 4;
        uint8_t *out =
            canvas + ((size_t)y * (size_t)width + (size_t)placed->left * (size_t)t->unit_width) * 4;
        for (int x = 0; x < place->width; x++, out += 4) {
            memcpy(out, in + (int64_t)x * from->width / place->width * 4, 4);
        }
    }
}

/* Whole numbers: 0.299 R + 0.587 G + 0.114 B over black, times 1000 x 255. */
static int64_t gray_of(const uint8_t *rgba) {
    return (int64_t)(299 * rgba[0] + 587 * rgba[1] + 114 * rgba[2]) * rgba[3];
}

/* A character for the mean of each cell. */
static bool print_grays(const codec_terminal *t, const uint8_t *canvas, int columns, int rows,
                        ct_text *out) {
    static const char ramp[] = " .:-=+*#%@";
    const int count = t->unit_width * t->unit_height, width = columns * t->unit_width;
    bool ok = true;
    for (int i = 0; ok && i < columns * rows; i++) {
        const int left = i % columns * t->unit_width, top = i / columns * t->unit_height;
        int64_t sum = 0;
        for (int k = 0; k < count; k++) {
            const int x = left + k % t->unit_width, y = top + k / t->unit_width;
            sum += gray_of(canvas + ((size_t)y * (size_t)width + (size_t)x) * 4);
        }
        const int64_t level = sum / count * (int64_t)(sizeof ramp - 1) / (256 * 1000 * 255);
        ok = ct_text_add(out, &ramp[level], 1) &&
             ((i + 1) % columns != 0 || i + 1 == columns * rows || ct_text_add(out, "\n", 1));
    }
    return ok;
}

bool codec_terminal_draw(const codec_terminal *t, const codec_placed *pictures, int count,
                         ct_text *out, ct_error *err) {
    int columns = 1, rows = 1;
    for (int i = 0; i < count; i++) {
        columns = ct_max(columns, pictures[i].left + pictures[i].place.columns);
        rows = ct_max(rows, pictures[i].place.rows);
    }
    const int width = columns * t->unit_width, height = rows * t->unit_height;
    uint8_t *canvas = calloc((size_t)width * (size_t)height, 4); /* what is between is clear */
    if (!canvas) {
        return ct_fail(err, "out of memory");
    }
    for (int i = 0; i < count; i++) {
        put_picture(t, &pictures[i], canvas, width);
    }
    const bool ok =
        (t->ascii ? print_grays(t, canvas, columns, rows, out) || ct_fail(err, "out of memory")
                  : codec_chafa_print(t->chafa, canvas, columns, rows, t->unit_width,
                                      t->unit_height, out, err)) &&
        (ct_text_add(out, "\n", 1) || ct_fail(err, "out of memory"));
    free(canvas);
    return ok;
}
