#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ct_parse_int(const char *text, size_t length, long low, long high, long *out) {
    size_t i = 0;
    const bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+')) {
        i = 1;
    }
    if (i == length) {
        return false;
    }
    long value = 0; /* negative, as that side reaches one further */
    for (; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, 10L, &value) ||
            __builtin_sub_overflow(value, (long)(text[i] - '0'), &value)) {
            return false;
        }
    }
    if (!negative && __builtin_sub_overflow(0L, value, &value)) {
        return false;
    }
    if (value < low || value > high) {
        return false;
    }
    *out = value;
    return true;
}

/* Digits only. */
static bool parse_digits(const char *text, size_t length, uint64_t *out) {
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value)) {
            return false;
        }
    }
    *out = value;
    return length > 0;
}

static bool parse_power(const char *text, size_t length, const char *caret, uint64_t *out) {
    const size_t first = (size_t)(caret - text);
    uint64_t base, exponent, value = 1;
    if (!parse_digits(text, first, &base) ||
        !parse_digits(caret + 1, length - first - 1, &exponent)) {
        return false;
    }
    for (; exponent > 0 && base > 1; exponent--) { /* ends by overflow after 63 rounds at most */
        if (__builtin_mul_overflow(value, base, &value)) {
            return false;
        }
    }
    *out = exponent > 0 ? base : value; /* 0 and 1 are their own powers */
    return true;
}

bool ct_parse_count(const char *text, size_t length, uint64_t low, uint64_t high, uint64_t *out) {
    static const char units[] = "KkMmGgTt";
    const char *caret = length ? memchr(text, '^', length) : NULL;
    const char *unit = length ? memchr(units, text[length - 1], sizeof units - 1) : NULL;
    uint64_t value;
    if (!(caret ? parse_power(text, length, caret, &value)
                : parse_digits(text, length - (unit != NULL), &value))) {
        return false;
    }
    const uint64_t times = unit ? UINT64_C(1024) << 10 * ((unit - units) / 2) : 1;
    if ((unit && caret) || __builtin_mul_overflow(value, times, &value) || value < low ||
        value > high) {
        return false;
    }
    *out = value;
    return true;
}

/* The length of the decimal number at the start of the text; 0 if there is none. */
static size_t decimal_length(const char *text, size_t length) {
    size_t i = 0, digits = 0;
    if (i < length && (text[i] == '+' || text[i] == '-')) {
        i++;
    }
    for (; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
        digits++;
    }
    if (i < length && text[i] == '.') {
        for (i++; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
            digits++;
        }
    }
    if (digits == 0) {
        return 0;
    }
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        size_t k = i + 1;
        k += k < length && (text[k] == '+' || text[k] == '-');
        const size_t first = k;
        for (; k < length && text[k] >= '0' && text[k] <= '9'; k++) {
        }
        return k > first ? k : 0;
    }
    return i;
}

/* strtod alone would take "inf", hexadecimal and blanks, so the form is checked first. The program
 * never calls setlocale, so the decimal point is always '.'. */
static bool parse_decimal(const char *text, size_t length, double *out) {
    char copy[400];
    if (length == 0 || length >= sizeof copy || decimal_length(text, length) != length) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    const double value = strtod(copy, NULL);
    if (!isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

bool ct_parse_number(const char *text, size_t length, double *out) {
    const char *slash = memchr(text, '/', length);
    double above, below;
    if (!slash) {
        return parse_decimal(text, length, out);
    }
    const size_t first = (size_t)(slash - text);
    if (!parse_decimal(text, first, &above) ||
        !parse_decimal(slash + 1, length - first - 1, &below) || below == 0 ||
        !isfinite(above / below)) {
        return false;
    }
    *out = above / below;
    return true;
}

bool ct_fail_number(ct_error *err, const char *text, size_t length) {
    char pointed[64];
    double value;
    const int shown = (int)(length < 1000 ? length : 1000);
    const char *comma = memchr(text, ',', length);
    if (comma && length < sizeof pointed) {
        memcpy(pointed, text, length);
        pointed[comma - text] = '.';
        if (ct_parse_number(pointed, length, &value)) {
            return ct_fail(err, "expected a number, got '%.*s'; did you mean %.*s?", shown, text,
                           shown, pointed);
        }
    }
    return ct_fail(err, "expected a number, got '%.*s'", shown, text);
}
