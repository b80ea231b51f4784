/* libchafa, which turns pixels into a terminal's text. It is loaded at run time, when a picture is
 * to be shown: linking it would cost every run milliseconds, for it brings glib along. */
#ifndef CT_CODEC_TERMINAL_CANVAS_H
#define CT_CODEC_TERMINAL_CANVAS_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* What is known of the terminal. */
typedef struct codec_terminal_of {
    char **environment;             /* libchafa reads TERM, COLORTERM and others in it */
    bool escapes;                   /* escape sequences may be used, so that there are colours */
    bool protocols;                 /* and those that send pixels */
    bool utf8;                      /* characters beyond ASCII may be used */
    int columns, rows;              /* for pictures */
    double cell_width, cell_height; /* of a character in pixels; 0: unknown */
} codec_terminal_of;

typedef struct codec_chafa codec_chafa;

/* "libchafa 1.12" that it was built with; NULL: it was built without. */
const char *codec_chafa_library(void);

/* Loads libchafa, and asks it what the terminal can do; NULL with an error that says which Debian
 * package is missing. */
codec_chafa *codec_chafa_new(const codec_terminal_of *of, ct_error *err);
void codec_chafa_free(codec_chafa *chafa);

/* Whether it sends pixels; else characters of 8x8. */
bool codec_chafa_pixels(const codec_chafa *chafa);

/* Appends columns x rows characters made of rgba, whose pixels are cell_width x cell_height for
 * each; without a new line at the end. Where libchafa has no memory, it ends the program. */
bool codec_chafa_print(const codec_chafa *chafa, const uint8_t *rgba, int columns, int rows,
                       int cell_width, int cell_height, ct_text *out, ct_error *err);

#endif
