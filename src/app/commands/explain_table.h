/* For explain: tables of numbers that fit a terminal. */
#ifndef CT_APP_COMMANDS_EXPLAIN_TABLE_H
#define CT_APP_COMMANDS_EXPLAIN_TABLE_H

#include "app/commands/explain_style.h"
#include "app/commands/explain_window.h"

/* What is printed of a window. */
typedef struct explain_cells {
    const explain_window *window;
    int channel;
    const double *weights; /* NULL: only the window's values are shown */
    double divisor;        /* all weights were divided by it: it's shown apart; 0 is 1 */
    int chosen;            /* without weights: the cell to mark with a star; -1: none */
    bool alike;            /* and all cells that equal it */
    bool unplaced;         /* the cells aren't those of the image in its order: no names */
} explain_cells;

/* Prints side by side, within the style's width, the window's values of one channel (those beyond
 * the edge in brackets, the centre's in angle brackets) with the names of the image's rows and
 * columns, the weights, and the products. */
void explain_table(const explain_style *style, const explain_cells *cells);

/* What all weights can be multiplied by to become whole numbers, at most 10000; 1 where they are,
 * and where there is no such number. */
double explain_divisor(const double *weights, int count);

#endif
