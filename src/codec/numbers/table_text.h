/* The text of some rows of a table, read. Internal to src/codec/numbers. */
#ifndef CT_CODEC_NUMBERS_TABLE_TEXT_H
#define CT_CODEC_NUMBERS_TABLE_TEXT_H

#include "codec/format.h"
#include "codec/numbers/decimal.h"

typedef struct codec_table_text {
    bool nonfinite;       /* NaN and infinity are accepted */
    const char *at, *end; /* what is left; behind `end` come CODEC_DECIMAL_BEYOND bytes of zeros */
    const char *line;     /* where the line begins */
    codec_decimal_ends ends;
    unsigned long long line_number;
    char separator; /* ',', ';', or ' ' for blanks and tabs; 0 until the first is found */
    bool tab;       /* the first was a tab */
    bool loses;     /* a whole number isn't quite a float */
    size_t width;   /* numbers of a row; 0: not known yet */
} codec_table_text;

/* Moves on to the next line that is a row; there must be one. */
void codec_table_next(codec_table_text *t);

/* Reads it, `width` numbers, to the line's end; where the width isn't known they are only counted,
 * and it's known then. The error names line and column. */
bool codec_table_row(codec_table_text *t, float *row, ct_error *err);

#endif
