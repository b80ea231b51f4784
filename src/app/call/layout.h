/* Help in lines of at most 80 columns. */
#ifndef CT_APP_CALL_LAYOUT_H
#define CT_APP_CALL_LAYOUT_H

/* Prints text broken at blanks, each line indented; "\n" ends a line, and another line end follows
 * the text. `column`: how far the current line is printed already; 0: not at all. */
void app_print_wrapped(const char *text, int indent, int column);

/* Prints two columns, indented by 2; where the left one is wider than `width`, the right one begins
 * on the next line. The right one is wrapped. */
void app_print_row(const char *left, int width, const char *right);

#endif
