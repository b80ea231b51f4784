/* For explain: how text looks, and numbers in it. */
#ifndef CT_APP_COMMANDS_EXPLAIN_STYLE_H
#define CT_APP_COMMANDS_EXPLAIN_STYLE_H

#include <stdbool.h>
#include <stdio.h>

typedef struct explain_style {
    FILE *out;
    int width;                         /* columns of a line */
    const char *dim, *strong, *plain;  /* escape sequences, or "" */
    const char *negative, *positive;   /* likewise: red and blue */
    const char *times, *dot, *squared; /* characters that the locale can show */
} explain_style;

/* For what goes to the stream, now or, from a buffer, later. */
explain_style explain_style_for(FILE *stream);

/* Six digits; a zero has no sign. */
const char *explain_number(double number, char text[32]);

/* The same as a factor or a term: a negative number is in brackets. */
const char *explain_term(double number, char text[32]);

/* Prints a pixel's numbers, each behind a blank, as many as fit a line that has `column` columns
 * already, then ends the line. */
void explain_pixel_numbers(const explain_style *style, int column, const float *pixel,
                           int channels);

/* Prints text, which has no escape sequences, with 3 columns in front, broken at blanks into lines
 * that go on after 6; returns the column reached. Leaves `room` columns free in the last line. */
int explain_wrap(const explain_style *style, const char *text, int room);

/* The same for a line that has `column` columns already, to its end; a blank comes first. */
void explain_go_on(const explain_style *style, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a whole line. */
void explain_line(const explain_style *style, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether two numbers are the same float: beyond its range both are infinite, and nan equals
 * nan. */
bool explain_same_float(double a, double b);

#endif
