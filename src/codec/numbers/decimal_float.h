/* Between whole numbers and floats. Internal to src/codec/numbers. */
#ifndef CT_CODEC_NUMBERS_DECIMAL_FLOAT_H
#define CT_CODEC_NUMBERS_DECIMAL_FLOAT_H

#include <float.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    CODEC_POWER = 22,       /* powers of ten up to this one are exact doubles */
    CODEC_SLACK = 1 << 14,  /* ulps of a double: more than all errors together */
    CODEC_BELOW_FLOAT = 29, /* bits that a double's mantissa has below a float's */
};

/* Digits that are missing are less than one in so many, 2^53 / 10^12 ulps. */
#define CODEC_ENOUGH UINT64_C(1000000000000)

/* 10^(i - CODEC_POWER). Below 1 not exact, but multiplying is faster than dividing. */
static const double codec_powers[2 * CODEC_POWER + 1] = {
    1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11,
    1e-10, 1e-9,  1e-8,  1e-7,  1e-6,  1e-5,  1e-4,  1e-3,  1e-2,  1e-1,  1e0,   1e1,
    1e2,   1e3,   1e4,   1e5,   1e6,   1e7,   1e8,   1e9,   1e10,  1e11,  1e12,  1e13,
    1e14,  1e15,  1e16,  1e17,  1e18,  1e19,  1e20,  1e21,  1e22};

/* digits x 10^exponent as the nearest float; false where it takes more than a few operations on
 * doubles: so near the middle between two floats that rounding errors, or digits that are missing
 * (see CODEC_ENOUGH), may decide, or very large, or very small. */
static inline bool codec_decimal_fast(uint64_t digits, int exponent, float *out) {
    double value = (double)digits;
    int power = exponent;
    for (int i = 0; i < 2 && power > CODEC_POWER; i++, power -= CODEC_POWER) {
        value *= codec_powers[2 * CODEC_POWER];
    }
    for (int i = 0; i < 2 && power < -CODEC_POWER; i++, power += CODEC_POWER) {
        value *= codec_powers[0];
    }
    if (power < -CODEC_POWER || power > CODEC_POWER) {
        return false;
    }
    value *= codec_powers[power + CODEC_POWER];
    *out = (float)value;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    /* From the middle between two floats, in ulps of a double. */
    const int64_t rest = (int64_t)(bits & ((UINT64_C(1) << CODEC_BELOW_FLOAT) - 1));
    const int64_t off = rest - (INT64_C(1) << (CODEC_BELOW_FLOAT - 1));
    if ((off < -CODEC_SLACK || off > CODEC_SLACK) && value >= (double)FLT_MIN &&
        value < (double)FLT_MAX) {
        return true;
    }
    return digits == 0 || (exponent == 0 && digits <= UINT64_C(1) << DBL_MANT_DIG);
}

/* Whether a whole number isn't quite a float. */
static inline bool codec_decimal_loses(uint64_t number) {
    return number >> FLT_MANT_DIG && number >> __builtin_ctzll(number) >> FLT_MANT_DIG;
}

/* The same for digits times a power of 10, if that is a whole number of up to 19 digits. */
static inline bool codec_decimal_power_loses(uint64_t digits, int exponent) {
    for (; exponent < 0 && digits > 0 && digits % 10 == 0; exponent++) {
        digits /= 10;
    }
    for (; exponent > 0 && digits > 0 && digits <= UINT64_MAX / 10; exponent--) {
        digits *= 10;
    }
    return exponent == 0 && codec_decimal_loses(digits);
}

#endif
