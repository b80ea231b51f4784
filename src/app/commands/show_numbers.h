/* For show: numbers within a terminal's width. */
#ifndef CT_APP_COMMANDS_SHOW_NUMBERS_H
#define CT_APP_COMMANDS_SHOW_NUMBERS_H

/* Six digits; a negative zero is a zero. */
const char *show_number(double number, char text[32]);

/* Prints rows of weights times the divisor, and says what they are divided by. On a terminal with
 * colours the cells are red where they are negative and blue where they are positive. */
void show_matrix(const double *weights, int width, int height, double divisor);

#endif
