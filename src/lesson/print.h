/* JSON on standard output, which the page reads: members of an object, each with a comma before. */
#ifndef CT_LESSON_PRINT_H
#define CT_LESSON_PRINT_H

#include <stddef.h>

void lesson_print_text(const char *name, const char *text);
void lesson_print_number(const char *name, double number);
void lesson_print_numbers(const char *name, const double *numbers, size_t count);
void lesson_print_floats(const char *name, const float *numbers, size_t count);
void lesson_print_pair(const char *name, double x, double y);

#endif
