/* Text to floats. Nearly all numbers take a few operations on doubles, whose rounding errors are
 * far below a float's precision; only where they may decide between two floats, or the number is
 * very large or small, the C library is asked. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec/numbers/decimal.h"
#include "codec/numbers/decimal_float.h"

enum {
    LONGEST = 400,           /* characters, as in ct_parse_number */
    BELOW_FLOAT = 29,        /* bits that a double's mantissa has below a float's */
    SLACK = 16,              /* ulps of a double: more than all rounding errors together */
    MOST_EXPONENT = 1000000, /* anything beyond is zero or too large anyway */
};

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
/* Not exact, but multiplying is faster than dividing. */
static const double parts_of_one[] = {1e0,   1e-1,  1e-2,  1e-3,  1e-4,  1e-5,  1e-6,  1e-7,
                                      1e-8,  1e-9,  1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15,
                                      1e-16, 1e-17, 1e-18, 1e-19, 1e-20, 1e-21, 1e-22};
enum { POWER = sizeof powers / sizeof powers[0] - 1, MOST_POWER = 3 * POWER };

static inline double scaled(double value, int exponent) {
    for (; exponent > POWER; exponent -= POWER) {
        value *= powers[POWER];
    }
    for (; exponent < -POWER; exponent += POWER) {
        value *= parts_of_one[POWER];
    }
    return value * (exponent < 0 ? parts_of_one[-exponent] : powers[exponent]);
}

static inline bool to_float(uint64_t digits, int exponent, float *out) {
    double value = (double)digits;
    if (exponent == 0 && digits <= UINT64_C(1) << DBL_MANT_DIG) {
        *out = (float)value;
        return true;
    }
    if (exponent < -MOST_POWER || exponent > MOST_POWER) {
        return false;
    }
    value = scaled(value, exponent);
    if (!(value >= (double)FLT_MIN && value < (double)FLT_MAX)) {
        *out = 0;
        return digits == 0;
    }
    /* Halfway between two floats the last bits decide. */
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const int64_t half = INT64_C(1) << (BELOW_FLOAT - 1);
    const int64_t rest = (int64_t)(bits & ((UINT64_C(1) << BELOW_FLOAT) - 1));
    *out = (float)value;
    return rest < half - SLACK || rest > half + SLACK;
}

bool codec_decimal_fast(uint64_t digits, int exponent, float *out) {
    return to_float(digits, exponent, out);
}

static float by_library(const char *text, size_t length) {
    char copy[LONGEST];
    memcpy(copy, text, length);
    copy[length] = '\0';
    return strtof(copy, NULL);
}

/* The digits of a number, and where its point is. */
typedef struct parts {
    uint64_t digits; /* the first 19 */
    int exponent;
    bool any, dropped; /* any digits; some beyond the first 19 */
} parts;

static inline bool is_digit(const char *at, const char *end) {
    return at < end && (unsigned)(*at - '0') < 10;
}

static inline void take(parts *p, char digit, int behind_point) {
    const uint64_t full = UINT64_C(1000000000000000000);
    if (p->digits < full) {
        p->digits = p->digits * 10 + (uint64_t)(digit - '0');
        p->exponent -= behind_point;
    } else {
        p->dropped = true;
        p->exponent += p->exponent < MOST_EXPONENT ? 1 - behind_point : 0;
    }
    p->any = true;
}

/* Eight bytes, and which of them aren't digits: the lowest bit set is in the first of those. */
static inline uint64_t load_eight(const char *at, uint64_t *others) {
    const uint64_t high = UINT64_C(0xF0F0F0F0F0F0F0F0);
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    /* The byte of a digit becomes 0: its upper half is 3, and stays 3 when 6 is added. */
    *others = ((eight & high) | ((eight + UINT64_C(0x0606060606060606)) & high) >> 4) ^
              UINT64_C(0x3333333333333333);
    return eight;
}

/* The number that eight digits make: neighbours join, to pairs, then fours. */
static inline uint64_t eight_digits(uint64_t eight) {
    const uint64_t pairs = UINT64_C(0x000000FF000000FF);
    eight -= UINT64_C(0x3030303030303030);
    eight = eight * 10 + (eight >> 8);
    eight = (eight & pairs) * (100 + (UINT64_C(1000000) << 32)) +
            (eight >> 16 & pairs) * (1 + (UINT64_C(10000) << 32));
    return eight >> 32;
}

/* Of eight bytes the first 1 to 7, which are digits: they move behind leading zeros. */
static inline uint64_t few_digits(uint64_t eight, unsigned count) {
    return eight_digits(eight << (64 - 8 * count) | UINT64_C(0x3030303030303030) >> 8 * count);
}

/* The number that up to eight digits make, without a loop whose end no processor could guess;
 * *count is how many there are. Needs eight bytes at `at`. */
static inline uint64_t up_to_eight(const char *at, unsigned *count) {
    uint64_t others;
    const uint64_t eight = load_eight(at, &others);
    *count = others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
    return *count == 0 ? 0 : *count == 8 ? eight_digits(eight) : few_digits(eight, *count);
}

static const uint64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

static inline const char *take_digits(parts *p, const char *at, const char *end, int behind_point) {
    const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    const uint64_t room = UINT64_C(10000000000); /* for eight more */
    while (little && end - at >= 8 && p->digits < room) {
        unsigned count;
        const uint64_t value = up_to_eight(at, &count);
        p->digits = p->digits * tens[count] + value;
        p->exponent -= (int)count * behind_point;
        p->any |= count > 0;
        at += count;
        if (count < 8) {
            return at;
        }
    }
    for (; is_digit(at, end); at++) {
        take(p, *at, behind_point);
    }
    return at;
}

/* The exponent after the e; NULL where there is none. */
static const char *read_exponent(const char *at, const char *end, parts *p) {
    const bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    int exponent = 0;
    if (!is_digit(at, end)) {
        return NULL;
    }
    for (; is_digit(at, end); at++) {
        exponent = exponent < MOST_EXPONENT ? exponent * 10 + (*at - '0') : exponent;
    }
    p->exponent += negative ? -exponent : exponent;
    return at;
}

static size_t read_word(const char *text, const char *at, const char *end, codec_decimal *out) {
    static const char *const words[] = {"nan", "infinity", "inf"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t length = strlen(words[i]);
        if ((size_t)(end - at) >= length && strncasecmp(at, words[i], length) == 0) {
            const float value = i == 0 ? NAN : INFINITY;
            *out = (codec_decimal){.value = *text == '-' ? -value : value, .special = true};
            return (size_t)(at - text) + length;
        }
    }
    return 0;
}

size_t codec_decimal_read(const char *text, const char *end, codec_decimal *out) {
    const char *at = text;
    end = end - text > LONGEST ? text + LONGEST : end; /* so no exponent can overflow */
    parts p = {0};
    at += at < end && (*at == '-' || *at == '+');
    const char *first = at;
    at = take_digits(&p, at, end, 0);
    bool whole = true;
    if (at < end && *at == '.') {
        whole = false;
        at = take_digits(&p, at + 1, end, 1);
    }
    if (!p.any) {
        return at == first ? read_word(text, at, end, out) : 0;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        whole = false;
        at = read_exponent(at + 1, end, &p);
    }
    if (!at || at - text >= LONGEST) {
        return 0;
    }
    float value;
    if (!to_float(p.digits, p.exponent, &value)) {
        value = fabsf(by_library(text, (size_t)(at - text)));
    }
    *out = (codec_decimal){.value = *text == '-' ? -value : value,
                           .beyond = isinf(value),
                           .loses = whole && (p.dropped || codec_decimal_loses(p.digits))};
    return (size_t)(at - text);
}

/* ---- many numbers ---- */

/* The digits behind the point, while there are 19 in all: eight at once, which needn't be counted,
 * and what is left. */
static inline const char *fraction(const char *at, uint64_t *digits) {
    const uint64_t room = UINT64_C(10000000000000000000);
    uint64_t others, eight = load_eight(at, &others);
    while (!others && *digits < room / tens[8]) {
        *digits = *digits * tens[8] + eight_digits(eight);
        at += 8;
        eight = load_eight(at, &others);
    }
    if (!others) {
        return NULL;
    }
    static const uint64_t below[] = {UINT64_C(10000000000000000000), UINT64_C(1000000000000000000),
                                     UINT64_C(100000000000000000),   UINT64_C(10000000000000000),
                                     UINT64_C(1000000000000000),     UINT64_C(100000000000000),
                                     UINT64_C(10000000000000),       UINT64_C(1000000000000)};
    const unsigned count = (unsigned)__builtin_ctzll(others) / 8;
    if (count == 0) {
        return at;
    }
    if (*digits >= below[count]) {
        return NULL;
    }
    *digits = *digits * tens[count] + few_digits(eight, count);
    return at + count;
}

/* "e+05" and the like, of one or two digits; NULL: something else. */
static inline const char *short_exponent(const char *at, int *exponent) {
    const bool negative = *at == '-';
    at += negative || *at == '+';
    const unsigned first = (unsigned)(*at - '0'),
                   second = first < 10 ? (unsigned)(at[1] - '0') : 10;
    if (first > 9 || (second < 10 && (unsigned)(at[2] - '0') < 10)) {
        return NULL;
    }
    const int value = second < 10 ? (int)(10 * first + second) : (int)first;
    *exponent += negative ? -value : value;
    return at + (second < 10 ? 2 : 1);
}

/* The usual number: up to 7 digits, perhaps a point and up to 18 more, 19 in all, perhaps a short
 * exponent. Returns where it ends; NULL: it's another. */
static inline const char *quick(const char *at, float *out) {
    const bool negative = *at == '-';
    at += negative;
    uint64_t others;
    const uint64_t eight = load_eight(at, &others);
    const unsigned count = others ? (unsigned)__builtin_ctzll(others) / 8 : 0;
    if (count == 0) {
        return NULL;
    }
    uint64_t digits = few_digits(eight, count);
    int exponent = 0;
    at += count;
    if (*at == '.') {
        const char *first = ++at;
        if (!(at = fraction(first, &digits))) {
            return NULL;
        }
        exponent = (int)(first - at);
    }
    if ((*at | 0x20) == 'e' && !(at = short_exponent(at + 1, &exponent))) {
        return NULL;
    }
    float value;
    if (!to_float(digits, exponent, &value)) {
        return NULL;
    }
    *out = negative ? -value : value;
    return at;
}

size_t codec_decimal_run(const char **text, char separator, float *out, size_t most) {
    const char *at = *text;
    size_t count = 0;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) {
        return 0;
    }
    while (count < most && (at = quick(at, &out[count]))) {
        count++;
        *text = at;
        if (*at++ != separator) {
            break;
        }
    }
    return count;
}
