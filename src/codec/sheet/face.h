/* A small bitmap face for captions: ASCII, each character 5 dots wide and 9 high, of which the last
 * two lie below the line. Internal to src/codec/sheet. */
#ifndef CT_CODEC_SHEET_FACE_H
#define CT_CODEC_SHEET_FACE_H

#include <stddef.h>
#include <stdint.h>

/* Dots: a character with the space behind it, and its height. */
enum { FACE_ADVANCE = 6, FACE_HEIGHT = 9 };

/* A row of the character's dots, 0 <= y < FACE_HEIGHT: the leftmost is bit 4. What isn't printable
 * ASCII is a box. */
unsigned codec_face_row(uint32_t character, int y);

/* The UTF-8 character at `text` and its bytes, 1 to 4; a byte that begins none is one of its own.
 * At most `size` bytes, of which there is at least one, are looked at. */
uint32_t codec_face_next(const char *text, size_t size, size_t *bytes);

#endif
