/* Decimal numbers as text <-> floats. Doesn't depend on the locale. Internal to src/codec. */
#ifndef CT_CODEC_NUMBERS_DECIMAL_H
#define CT_CODEC_NUMBERS_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct codec_decimal {
    float value;  /* the nearest float */
    bool beyond;  /* a number that no float holds: `value` is infinite */
    bool special; /* the word nan or inf */
    bool loses;   /* a whole number, written as one, that isn't quite a float */
} codec_decimal;

/* Reads the number that the text begins with: an optional sign, digits with or without a point, an
 * optional exponent; or nan, inf, infinity in any case. Returns its length; 0: there is none, or
 * one of 400 characters and more. */
size_t codec_decimal_read(const char *text, const char *end, codec_decimal *out);

/* Reads up to `most` numbers of the usual forms with one `separator` and nothing else between them;
 * *text is then right behind the last that was read. Returns how many: what stops it may be a
 * number that only codec_decimal_read knows. None of them is a whole number that isn't a float.
 * CODEC_DECIMAL_BEYOND bytes behind the text, which aren't digits, may be looked at. */
enum { CODEC_DECIMAL_BEYOND = 16 };
size_t codec_decimal_run(const char **text, char separator, float *out, size_t most);

/* Writes the shortest decimal that reads back as the same float, whole numbers without a point;
 * "nan", "inf", "-inf". Returns its length; there is no NUL behind it. */
enum { CODEC_DECIMAL_TEXT = 32 };
size_t codec_decimal_write(float value, char text[CODEC_DECIMAL_TEXT]);

/* The same for a whole number. */
size_t codec_decimal_write_whole(unsigned value, char text[CODEC_DECIMAL_TEXT]);

#endif
