/* A number of any form to a float. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec/numbers/decimal.h"
#include "codec/numbers/decimal_float.h"

enum {
    LONGEST = CODEC_DECIMAL_LONGEST,
    MOST_EXPONENT = 1000000, /* anything beyond is zero or too large anyway */
};

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
    if (!codec_decimal_fast(p.digits, p.exponent, &value)) {
        value = fabsf(by_library(text, (size_t)(at - text)));
    }
    *out = (codec_decimal){.value = *text == '-' ? -value : value,
                           .beyond = isinf(value),
                           .loses = whole ? p.dropped || codec_decimal_loses(p.digits)
                                          : value >= 0x1p24F &&
                                                codec_decimal_power_loses(p.digits, p.exponent)};
    return (size_t)(at - text);
}
