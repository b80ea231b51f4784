/* Code of another library, printed stage by stage. Internal to show. */
#ifndef CT_APP_COMMANDS_SHOW_CODE_H
#define CT_APP_COMMANDS_SHOW_CODE_H

#include "base/text.h"
#include "conv/conv.h"

typedef struct show_code {
    ct_text text; /* what has been written */
    bool failed;  /* out of memory */
    const char *language;
    ct_error *err;
    int side;       /* of the image, each way, for which the stages were made */
    int stage;      /* of those written, from 0 */
    bool unwritten; /* nobody wrote a stage for this language; others may have it */
} show_code;

/* Adds text. */
void show_put(show_code *code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a number with the fewest digits that read back as the same. */
void show_digits(show_code *code, double number);

/* Says that the language can't do it: "--as numpy: WHY". Returns false. */
bool show_cannot(show_code *code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same where only nobody wrote the stage for this language; show_as.c then tells for which
 * languages it is written. */
bool show_unwritten(show_code *code);

/* ---- kernels, spread out by the dilation ---- */

/* The window's extent: its cells and the gaps between them. */
int show_width(const conv_window *w);
int show_height(const conv_window *w);

/* The weight of cell (x, y) of the extent, for kernel k. */
double show_weight(const conv_stage *stage, int k, int x, int y);

/* Whether the padding is what keeps the size at stride 1, and whether there is none. */
bool show_same(const conv_window *w);
bool show_valid(const conv_window *w);

/* Sigma, where the row (or the column) of a product is a Gaussian's; else 0. */
double show_sigma(const double *numbers, int count);

/* Whether kernel k is the catalogue's of that name, undilated, its anchor in the centre. */
bool show_is_named(const conv_stage *stage, int k, const char *name);

/* ---- the languages: each writes the whole program's lines; false with an error ---- */

typedef bool show_language(show_code *code, const conv_stage *stages, int count);
show_language show_numpy, show_scipy, show_opencv, show_torch;
show_language show_imagemagick, show_ffmpeg, show_vips;

#endif
