#include "codec/sheet/caption.h"

#include <stdbool.h>
#include <string.h>

#include "codec/sheet/face.h"

enum { DOTS = 3 }; /* that a line which is cut off ends in */

/* The bytes of the line that begins here, at most `most` characters. */
static size_t line_bytes(const char *text, size_t size, int most) {
    size_t at = 0, broken = 0;
    for (int count = 0; at < size; count++) {
        size_t bytes;
        if (count == most) {
            return broken ? broken : at;
        }
        const uint32_t character = codec_face_next(text + at, size - at, &bytes);
        at += bytes;
        if (2 * count >= most && (character == ',' || character == ':' || character == ' ')) {
            broken = at;
        }
    }
    return at;
}

int codec_caption_lines(const char *label, int most) {
    size_t size = strlen(label);
    int lines = 0;
    do {
        const size_t bytes = line_bytes(label, size, most);
        label += bytes;
        size -= bytes;
        lines++;
    } while (size > 0);
    return lines;
}

static void draw(const codec_caption *caption, uint32_t character, int y, int place, uint8_t *row) {
    const unsigned dots = codec_face_row(character, y);
    const size_t dot = (size_t)(caption->dot * caption->channels);
    for (int x = 0; x < FACE_ADVANCE - 1; x++) {
        if (dots >> (FACE_ADVANCE - 2 - x) & 1) {
            memset(row + (size_t)(place * FACE_ADVANCE + x) * dot, caption->ink, dot);
        }
    }
}

/* Moves to a line's text, which may be empty; returns its bytes, and in *left those of the label
 * from there on. */
static size_t find_line(const codec_caption *caption, int line, const char **text, size_t *left) {
    *text = caption->label;
    *left = strlen(caption->label);
    while (true) {
        const size_t bytes = line_bytes(*text, *left, caption->most);
        if (line-- == 0) {
            return bytes;
        }
        *text += bytes;
        *left -= bytes;
    }
}

void codec_caption_row(const codec_caption *caption, int line, int y, uint8_t *row) {
    const char *text;
    size_t left, bytes;
    size_t end = find_line(caption, line, &text, &left);
    const bool cut = line == caption->lines - 1 && left > end;
    for (int place = 0; end > 0; place++, text += bytes, end -= bytes) {
        const uint32_t character = codec_face_next(text, end, &bytes);
        draw(caption, cut && place + DOTS >= caption->most ? '.' : character, y, place, row);
    }
}
