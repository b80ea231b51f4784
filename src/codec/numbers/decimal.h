/* Decimal numbers as text <-> floats. Doesn't depend on the locale. Internal to src/codec. */
#ifndef CT_CODEC_NUMBERS_DECIMAL_H
#define CT_CODEC_NUMBERS_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct codec_decimal {
    float value;  /* the nearest float */
    bool beyond;  /* a number that no float holds: `value` is infinite */
    bool special; /* the word nan or inf */
    bool loses;   /* a whole number, also if written as 1.6777217e7, that isn't quite a float */
} codec_decimal;

/* Reads the number that the text begins with: an optional sign, digits with or without a point, an
 * optional exponent; or nan, inf, infinity in any case. Returns its length; 0: there is none, or
 * one of 400 characters and more, as in ct_parse_number. */
enum { CODEC_DECIMAL_LONGEST = 400 };
size_t codec_decimal_read(const char *text, const char *end, codec_decimal *out);

/* Where the numbers of a text end, found before they are read: the processor then works on several
 * at once. CODEC_DECIMAL_BEFORE bytes before the text may be
 * looked at, and CODEC_DECIMAL_BEYOND bytes of zeros must follow it. Start from codec_decimal_find;
 * what the text is must not change. */
enum { CODEC_DECIMAL_BEFORE = 16, CODEC_DECIMAL_BEYOND = 64, CODEC_DECIMAL_ENDS = 192 };
typedef struct codec_decimal_ends {
    const char *seen, *end; /* places before `seen` were found; the text's end */
    unsigned next, count;
    const char *at[CODEC_DECIMAL_ENDS];
} codec_decimal_ends;

void codec_decimal_find(codec_decimal_ends *ends, const char *text, const char *end);

/* Reads up to `most` numbers with one `separator` (',', ';', a blank or a tab) and nothing else
 * between them; *text is then right behind the last that was read. Returns how many: what stops it
 * may be no number, or a special one, or one that's beyond. *loses is set if a whole number isn't
 * quite a float. */
size_t codec_decimal_run(codec_decimal_ends *ends, const char **text, char separator, float *out,
                         size_t most, bool *loses);

/* Writes the shortest decimal that reads back as the same float, whole numbers without a point;
 * "nan", "inf", "-inf". Returns its length; there is no NUL behind it. */
enum { CODEC_DECIMAL_TEXT = 32 };
size_t codec_decimal_write(float value, char text[CODEC_DECIMAL_TEXT]);

/* The same for a whole number. */
size_t codec_decimal_write_whole(unsigned value, char text[CODEC_DECIMAL_TEXT]);

#endif
