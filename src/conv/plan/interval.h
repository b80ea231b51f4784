/* Which rows a step's windows read. */
#ifndef CT_CONV_PLAN_INTERVAL_H
#define CT_CONV_PLAN_INTERVAL_H

#include "conv/plan/step.h"

/* The ring's row for row v of the padded input (v = 0 is the image's first): v itself for wrapping,
 * where rows come round again; PLAN_NO_ROW for the constant, and for rows that pooling leaves
 * out. */
enum { PLAN_NO_ROW = -(1 << 30) };
int plan_ring_row(const plan_step *step, int v);

/* The first row of the padded input that the windows of output rows y..y+count-1 read; *rows is how
 * many they are, dilation_y apart. */
int plan_window_top(const plan_step *step, int y, int count, int *rows);

#endif
