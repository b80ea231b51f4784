/* Numbers as people type them, read strictly: the whole text or nothing. */
#ifndef CT_BASE_NUMBER_H
#define CT_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* A decimal integer with optional sign within [low, high]; no blanks, nothing after it. */
bool ct_parse_int(const char *text, size_t length, long low, long high, long *out);

/* A finite number: decimal, exponent, or a fraction of two such numbers ("1/9"). Refuses nan, inf,
 * hexadecimal, blanks, a zero denominator and whatever overflows a double. Doesn't depend on the
 * locale. */
bool ct_parse_number(const char *text, size_t length, double *out);

#endif
