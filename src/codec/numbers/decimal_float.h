/* Between whole numbers and floats. Internal to src/codec/numbers. */
#ifndef CT_CODEC_NUMBERS_DECIMAL_FLOAT_H
#define CT_CODEC_NUMBERS_DECIMAL_FLOAT_H

#include <float.h>
#include <stdbool.h>
#include <stdint.h>

/* digits x 10^exponent as the nearest float; false where rounding errors might make it another. */
bool codec_decimal_fast(uint64_t digits, int exponent, float *out);

/* Whether a whole number isn't quite a float. */
static inline bool codec_decimal_loses(uint64_t number) {
    return number >> FLT_MANT_DIG && number >> __builtin_ctzll(number) >> FLT_MANT_DIG;
}

#endif
