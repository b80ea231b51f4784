#include "codec/terminal/canvas.h"

#ifndef CT_HAVE_CHAFA

const char *codec_chafa_library(void) {
    return NULL;
}

codec_chafa *codec_chafa_new(const codec_terminal_of *of, ct_error *err) {
    (void)of;
    ct_fail(err, "not in this build, which has no libchafa; install libchafa-dev and "
                 "libglib2.0-dev, and build again");
    return NULL;
}

void codec_chafa_free(codec_chafa *chafa) {
    (void)chafa;
}

bool codec_chafa_pixels(const codec_chafa *chafa) {
    (void)chafa;
    return false;
}

bool codec_chafa_print(const codec_chafa *chafa, const uint8_t *rgba, int columns, int rows,
                       int cell_width, int cell_height, ct_text *out, ct_error *err) {
    (void)chafa, (void)rgba, (void)columns, (void)rows, (void)cell_width, (void)cell_height;
    (void)out;
    return ct_fail(err, "not in this build");
}

#else

#include <chafa.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define STRING_OF(x)          #x
#define VERSION(major, minor) "libchafa " STRING_OF(major) "." STRING_OF(minor)
static const char file_name[] = "libchafa.so.0", package[] = "libchafa0";

const char *codec_chafa_library(void) {
    return VERSION(CHAFA_MAJOR_VERSION, CHAFA_MINOR_VERSION);
}

/* The functions of libchafa, and of glib, that are used. */
#define FUNCTIONS(DO)                                                                              \
    DO(chafa_term_db_get_default)                                                                  \
    DO(chafa_term_db_detect)                                                                       \
    DO(chafa_term_info_new)                                                                        \
    DO(chafa_term_info_have_seq)                                                                   \
    DO(chafa_term_info_unref)                                                                      \
    DO(chafa_symbol_map_new)                                                                       \
    DO(chafa_symbol_map_add_by_tags)                                                               \
    DO(chafa_symbol_map_add_by_range)                                                              \
    DO(chafa_symbol_map_unref)                                                                     \
    DO(chafa_canvas_config_new)                                                                    \
    DO(chafa_canvas_config_unref)                                                                  \
    DO(chafa_canvas_config_set_geometry)                                                           \
    DO(chafa_canvas_config_set_cell_geometry)                                                      \
    DO(chafa_canvas_config_set_canvas_mode)                                                        \
    DO(chafa_canvas_config_set_pixel_mode)                                                         \
    DO(chafa_canvas_config_set_preprocessing_enabled)                                              \
    DO(chafa_canvas_config_set_symbol_map)                                                         \
    DO(chafa_canvas_config_set_fill_symbol_map)                                                    \
    DO(chafa_canvas_new)                                                                           \
    DO(chafa_canvas_draw_all_pixels)                                                               \
    DO(chafa_canvas_print)                                                                         \
    DO(chafa_canvas_unref)                                                                         \
    DO(g_string_free)

typedef struct library {
#define POINTER(name) __typeof__(name) *name;
    FUNCTIONS(POINTER)
#undef POINTER
} library;

struct codec_chafa {
    library lib;
    ChafaTermInfo *info;
    ChafaCanvasMode colors;
    ChafaPixelMode mode;
    ChafaSymbolMap *symbols, *fill; /* fill: for places without details; NULL: colours do */
};

/* It stays loaded: glib doesn't like to go. */
static bool load(library *lib, ct_error *err) {
    void *handle = dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        return ct_fail(err, "needs %s, which can't be loaded; install %s (%s)", file_name, package,
                       dlerror());
    }
#define FIND(name)                                                                                 \
    *(void **)(void *)&lib->name = dlsym(handle, #name); /* of what it brings along too */         \
    if (!lib->name) {                                                                              \
        return ct_fail(err, "%s has no function %s; install %s 1.12 or later", file_name, #name,   \
                       package);                                                                   \
    }
    FUNCTIONS(FIND)
#undef FIND
    return true;
}

/* The best first. */
static ChafaPixelMode choose_mode(const codec_chafa *c) {
    static const struct {
        ChafaTermSeq begins;
        ChafaPixelMode mode;
    } protocols[] = {
        {CHAFA_TERM_SEQ_BEGIN_KITTY_IMMEDIATE_IMAGE_V1, CHAFA_PIXEL_MODE_KITTY},
        {CHAFA_TERM_SEQ_BEGIN_ITERM2_IMAGE, CHAFA_PIXEL_MODE_ITERM2},
        {CHAFA_TERM_SEQ_BEGIN_SIXELS, CHAFA_PIXEL_MODE_SIXELS},
    };
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        if (c->lib.chafa_term_info_have_seq(c->info, protocols[i].begins)) {
            return protocols[i].mode;
        }
    }
    return CHAFA_PIXEL_MODE_SYMBOLS;
}

/* The first 16 of 256 colours are the user's own, so they aren't used where there are others. */
static ChafaCanvasMode choose_colors(const codec_chafa *c) {
    static const struct {
        ChafaTermSeq sets;
        ChafaCanvasMode mode;
    } colors[] = {
        {CHAFA_TERM_SEQ_SET_COLOR_FGBG_DIRECT, CHAFA_CANVAS_MODE_TRUECOLOR},
        {CHAFA_TERM_SEQ_SET_COLOR_FGBG_256, CHAFA_CANVAS_MODE_INDEXED_240},
        {CHAFA_TERM_SEQ_SET_COLOR_FGBG_16, CHAFA_CANVAS_MODE_INDEXED_16},
        {CHAFA_TERM_SEQ_SET_COLOR_FGBG_8, CHAFA_CANVAS_MODE_INDEXED_8},
    };
    for (size_t i = 0; i < sizeof colors / sizeof *colors; i++) {
        if (c->lib.chafa_term_info_have_seq(c->info, colors[i].sets)) {
            return colors[i].mode;
        }
    }
    return CHAFA_CANVAS_MODE_FGBG;
}

/* The characters between black and white where there are no colours. */
static void add_grays(const library *lib, ChafaSymbolMap *map, bool utf8) {
    static const char ramp[] = " .:-=+*#%@";
    if (utf8) {
        lib->chafa_symbol_map_add_by_tags(map, CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID |
                                                   CHAFA_SYMBOL_TAG_STIPPLE);
        return;
    }
    for (const char *at = ramp; *at; at++) {
        lib->chafa_symbol_map_add_by_range(map, (gunichar)*at, (gunichar)*at);
    }
}

static void choose_symbols(codec_chafa *c, const codec_terminal_of *of) {
    const library *lib = &c->lib;
    c->symbols = lib->chafa_symbol_map_new();
    if (of->utf8) {
        lib->chafa_symbol_map_add_by_tags(
            c->symbols, CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID | CHAFA_SYMBOL_TAG_BLOCK);
    } else {
        add_grays(lib, c->symbols, false);
    }
    if (c->colors == CHAFA_CANVAS_MODE_FGBG) {
        c->fill = lib->chafa_symbol_map_new();
        add_grays(lib, c->fill, of->utf8);
    }
}

codec_chafa *codec_chafa_new(const codec_terminal_of *of, ct_error *err) {
    codec_chafa *c = calloc(1, sizeof *c);
    if (!c) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    if (!load(&c->lib, err)) {
        free(c);
        return NULL;
    }
    c->colors = CHAFA_CANVAS_MODE_FGBG;
    c->mode = CHAFA_PIXEL_MODE_SYMBOLS;
    if (of->escapes) {
        c->info = c->lib.chafa_term_db_detect(c->lib.chafa_term_db_get_default(), of->environment);
        c->colors = choose_colors(c);
        c->mode = of->protocols ? choose_mode(c) : c->mode;
    } else {
        c->info = c->lib.chafa_term_info_new(); /* of a terminal that knows no sequence */
    }
    choose_symbols(c, of);
    return c;
}

void codec_chafa_free(codec_chafa *c) {
    if (c) {
        c->lib.chafa_term_info_unref(c->info);
        c->lib.chafa_symbol_map_unref(c->symbols);
        if (c->fill) {
            c->lib.chafa_symbol_map_unref(c->fill);
        }
        free(c);
    }
}

bool codec_chafa_pixels(const codec_chafa *c) {
    return c->mode != CHAFA_PIXEL_MODE_SYMBOLS;
}

static ChafaCanvas *make_canvas(const codec_chafa *c, int columns, int rows, int cell_width,
                                int cell_height) {
    const library *lib = &c->lib;
    ChafaCanvasConfig *config = lib->chafa_canvas_config_new();
    lib->chafa_canvas_config_set_geometry(config, columns, rows);
    lib->chafa_canvas_config_set_cell_geometry(config, cell_width, cell_height);
    lib->chafa_canvas_config_set_canvas_mode(
        config, codec_chafa_pixels(c) ? CHAFA_CANVAS_MODE_TRUECOLOR : c->colors);
    lib->chafa_canvas_config_set_pixel_mode(config, c->mode);
    /* It would raise the contrast where colours are few: numbers should look like what they are. */
    lib->chafa_canvas_config_set_preprocessing_enabled(config, FALSE);
    lib->chafa_canvas_config_set_symbol_map(config, c->symbols);
    if (c->fill) {
        lib->chafa_canvas_config_set_fill_symbol_map(config, c->fill);
    }
    ChafaCanvas *canvas = lib->chafa_canvas_new(config);
    lib->chafa_canvas_config_unref(config);
    return canvas;
}

bool codec_chafa_print(const codec_chafa *c, const uint8_t *rgba, int columns, int rows,
                       int cell_width, int cell_height, ct_text *out, ct_error *err) {
    const library *lib = &c->lib;
    const int width = columns * cell_width, height = rows * cell_height;
    ChafaCanvas *canvas = make_canvas(c, columns, rows, cell_width, cell_height);
    lib->chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, rgba, width, height,
                                      width * 4);
    GString *text = lib->chafa_canvas_print(canvas, c->info);
    const bool ok = ct_text_add(out, text->str, text->len) || ct_fail(err, "out of memory");
    lib->g_string_free(text, TRUE);
    lib->chafa_canvas_unref(canvas);
    return ok;
}

#endif
