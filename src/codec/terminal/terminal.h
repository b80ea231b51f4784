/* Pictures as the text that shows them in a terminal: sixel, kitty's or iTerm's protocol, coloured
 * blocks, or plain characters. libchafa makes it, and is loaded when the first picture is wanted.
 */
#ifndef CT_CODEC_TERMINAL_TERMINAL_H
#define CT_CODEC_TERMINAL_TERMINAL_H

#include "codec/terminal/canvas.h"
#include "codec/terminal/small.h"

typedef struct codec_terminal codec_terminal;

/* "libchafa 1.12" that it was built with; NULL: it was built without. */
const char *codec_terminal_library(void);

/* NULL with an error that says which Debian package is missing. */
codec_terminal *codec_terminal_new(const codec_terminal_of *of, ct_error *err);
void codec_terminal_free(codec_terminal *terminal);
int codec_terminal_columns(const codec_terminal *terminal); /* for pictures */

/* How wide and high a picture is shown: in characters, and in the pixels that they are made of (of
 * a block, 8x8; of a protocol, the terminal's own). */
typedef struct codec_place {
    int columns, rows;
    int width, height;
} codec_place;

/* The place of an image of width x height square pixels, within `columns` and all rows. A larger
 * image is reduced; a small one is enlarged by a whole factor, to 128 columns or 512 pixels at
 * most. */
codec_place codec_terminal_place(const codec_terminal *terminal, int width, int height,
                                 int columns);

/* A picture and where it goes: `left` characters from the left edge. */
typedef struct codec_placed {
    const codec_small *picture; /* enlarged to the place by repeating its pixels */
    codec_place place;
    int left;
} codec_placed;

/* Appends the text that shows the pictures beside each other, with a new line at its end. */
bool codec_terminal_draw(const codec_terminal *terminal, const codec_placed *pictures, int count,
                         ct_text *out, ct_error *err);

#endif
