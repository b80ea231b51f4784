/* For explain: tables of numbers that fit a terminal. */
#ifndef CT_APP_COMMANDS_EXPLAIN_TABLE_H
#define CT_APP_COMMANDS_EXPLAIN_TABLE_H

#include <stdio.h>

#include "app/commands/explain_values.h"

typedef struct explain_style {
    FILE *out;
    const char *dim, *strong, *plain; /* escape sequences, or "" */
} explain_style;

explain_style explain_style_for(FILE *out);

/* Prints side by side, within 80 columns, the window's values of one channel (those beyond the edge
 * in brackets), the weights, and the products. Without weights: only the values, where `chosen`
 * (-1: none) is the cell to mark with a star. */
void explain_table(const explain_style *style, const explain_window *window, int channel,
                   const double *weights, int chosen);

/* Prints a pixel's numbers, each behind a blank, as many as fit a line that has `column` columns
 * already, then ends the line. */
void explain_pixel_numbers(FILE *out, int column, const float *pixel, int channels);

/* Whether two numbers are the same float: beyond its range both are infinite, and nan equals
 * nan. */
bool explain_same_float(double a, double b);

/* Six digits; a zero has no sign. */
const char *explain_number(double number, char text[32]);

#endif
