/* Help in lines of at most 80 columns. */
#ifndef CT_APP_CALL_LAYOUT_H
#define CT_APP_CALL_LAYOUT_H

/* Text broken at blanks, each line indented; "\n" ends a line, and one more line end is put behind
 * the text. `column`: where the line stands that is printed to already; 0: at its beginning. */
void app_print_wrapped(const char *text, int indent, int column);

/* Two columns, indented by 2; where the left one is wider than `width` the right one begins on the
 * next line. The right one is wrapped. */
void app_print_row(const char *left, int width, const char *right);

#endif
