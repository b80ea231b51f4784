/* Numbers as people type them, read strictly: the whole text or nothing. */
#ifndef CT_BASE_NUMBER_H
#define CT_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A decimal integer with optional sign within [low, high]; no blanks, nothing after it. */
bool ct_parse_int(const char *text, size_t length, long low, long high, long *out);

/* A whole number within [low, high], written out (1000000), with K, M, G or T after it (64K; powers
 * of 1024, lower case too) or as a power (2^28). No sign, no blanks, nothing after it. */
bool ct_parse_count(const char *text, size_t length, uint64_t low, uint64_t high, uint64_t *out);

/* A finite number: decimal, exponent, or a fraction of two such numbers ("1/9"). Refuses nan, inf,
 * hexadecimal, blanks, a zero denominator and whatever overflows a double. Doesn't depend on the
 * locale. */
bool ct_parse_number(const char *text, size_t length, double *out);

/* The error for a text that ct_parse_number refused; where a decimal comma was meant, it suggests
 * the point: "expected a number, got '0,5'; did you mean 0.5?" Returns false. */
bool ct_fail_number(ct_error *err, const char *text, size_t length);

#endif
