#include "net/half.h"

#include <string.h>

static float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

float net_half_to_float(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7FFF;
    if (rest >= 0x7C00) { /* infinity or NaN */
        return float_of(sign | 0x7F800000 | (rest & 0x3FF) << 13);
    }
    if (rest < 0x400) { /* subnormal, or 0 */
        const float value = (float)rest * 0x1p-24F;
        return sign ? -value : value;
    }
    return float_of(sign | (rest + (112 << 10)) << 13);
}

uint16_t net_float_to_half(float value) {
    const uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000, rest = bits & 0x7FFFFFFF;
    if (rest > 0x7F800000) {
        return (uint16_t)(sign | 0x7E00);
    }
    if (rest >= 0x477FF000) { /* 65520 and more */
        return (uint16_t)(sign | 0x7C00);
    }
    if (rest < 0x38800000) { /* subnormal: adding 2^-1 rounds to multiples of 2^-24 */
        return (uint16_t)(sign | (bits_of(float_of(rest) + 0.5F) - bits_of(0.5F)));
    }
    return (uint16_t)(sign | (rest - (112U << 23) + 0xFFF + (rest >> 13 & 1)) >> 13);
}

float net_bfloat_to_float(uint16_t bits) {
    return float_of((uint32_t)bits << 16);
}

uint16_t net_float_to_bfloat(float value) {
    const uint32_t bits = bits_of(value);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) {
        return (uint16_t)(bits >> 16 | 0x40);
    }
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}
