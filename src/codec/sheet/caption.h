/* Captions: a label broken into lines, drawn a row of dots at a time. Internal to
 * src/codec/sheet. */
#ifndef CT_CODEC_SHEET_CAPTION_H
#define CT_CODEC_SHEET_CAPTION_H

#include <stdint.h>

/* The lines, 1 or more, that a label takes with `most` characters in each, of which there is one at
 * least. They break behind a comma, colon or blank in their second half, else where they are full.
 */
int codec_caption_lines(const char *label, int most);

typedef struct codec_caption {
    const char *label;
    int most;  /* characters of a line */
    int lines; /* what is behind them is left out; the last then ends in dots */
    int dot;   /* pixels for a dot of the face */
    uint8_t ink;
    int channels;
} codec_caption;

/* Draws row y of the dots of a line, 0 <= y < FACE_HEIGHT, into a row of pixels; nothing where the
 * label has no such line. */
void codec_caption_row(const codec_caption *caption, int line, int y, uint8_t *row);

#endif
