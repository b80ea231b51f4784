/* For explain: where a window lies, in words. */
#ifndef CT_APP_COMMANDS_EXPLAIN_PLACE_H
#define CT_APP_COMMANDS_EXPLAIN_PLACE_H

#include "app/commands/explain_style.h"
#include "app/commands/explain_window.h"

/* Prints a line about the window of stage `index` for its output pixel x, y: its size, and the
 * columns and rows of its input that it covers. */
void explain_place_line(const explain_style *style, const explain_image *image, int index, int x,
                        int y);

/* Where cells of the window lie beyond the edge, prints a line that says what is taken for them. */
void explain_beyond_line(const explain_style *style, const explain_image *image, int index,
                         const explain_window *window);

#endif
