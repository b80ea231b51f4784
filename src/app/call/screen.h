/* What can be shown where text goes: how wide it is, and which characters. */
#ifndef CT_APP_CALL_SCREEN_H
#define CT_APP_CALL_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

/* Columns and rows of the terminal that a stream goes to; 0 where it isn't one, or doesn't tell. */
typedef struct app_screen {
    int columns, rows;
    int width, height; /* in pixels */
} app_screen;
app_screen app_screen_of(FILE *stream);

/* Columns for text: the terminal's, else those of the variable COLUMNS, else 80; within 60 and
 * 160. */
int app_text_columns(FILE *stream);

/* Whether the locale of LC_ALL, LC_CTYPE or LANG has UTF-8, so that characters like the sign for
 * "times" can be shown. */
bool app_locale_is_utf8(void);

/* The columns that text in UTF-8 takes, each character being one wide. */
int app_text_width(const char *text);

#endif
