/* The elements of .npy files as samples. */
#include <math.h>
#include <string.h>

#include "codec/numbers/decimal_float.h"
#include "codec/numbers/npy.h"

/* For each type: conversion of many elements, and one as a double. */
#define CONVERT(name, type, sample, expression)                                                    \
    static void name(const void *from, size_t count, void *samples) {                              \
        const type *in = from;                                                                     \
        sample *out = samples;                                                                     \
        for (size_t i = 0; i < count; i++) {                                                       \
            out[i] = (sample)(expression);                                                         \
        }                                                                                          \
    }

/* IEEE 754's binary16: 5 bits of exponent, 10 of fraction. */
static float half_float(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, fraction = half & 0x3FF;
    const uint32_t exponent = half >> 10 & 0x1F;
    uint32_t bits = sign | (exponent + 112) << 23 | fraction << 13;
    float value;
    if (exponent == 0) { /* zero, or a multiple of 2^-24 */
        value = (float)fraction * 0x1p-24F;
        return sign ? -value : value;
    }
    if (exponent == 31) {
        bits = sign | 0x7F800000 | fraction << 13;
    }
    memcpy(&value, &bits, sizeof value);
    return value;
}

CONVERT(from_b1, uint8_t, uint8_t, in[i] != 0)
CONVERT(from_u1, uint8_t, uint8_t, in[i])
CONVERT(from_i1, int8_t, float, in[i])
CONVERT(from_u2, uint16_t, uint16_t, in[i])
CONVERT(from_i2, int16_t, float, in[i])
CONVERT(from_u4, uint32_t, float, in[i])
CONVERT(from_i4, int32_t, float, in[i])
CONVERT(from_u8, uint64_t, float, in[i])
CONVERT(from_i8, int64_t, float, in[i])
CONVERT(from_f2, uint16_t, float, half_float(in[i]))
CONVERT(from_f4, float, float, in[i])
CONVERT(from_f8, double, float, in[i])

#define LOSES(name, type, size)                                                                    \
    static bool name(const void *from, size_t count) {                                             \
        const type *in = from;                                                                     \
        bool loses = false;                                                                        \
        for (size_t i = 0; i < count; i++) {                                                       \
            loses |= codec_decimal_loses(size);                                                    \
        }                                                                                          \
        return loses;                                                                              \
    }

LOSES(loses_u4, uint32_t, in[i])
LOSES(loses_i4, int32_t, (uint64_t)(in[i] < 0 ? -(int64_t)in[i] : in[i]))
LOSES(loses_u8, uint64_t, in[i])
LOSES(loses_i8, int64_t, in[i] < 0 ? -(uint64_t)in[i] : (uint64_t)in[i])

/* Doubles that were meant as whole numbers: beyond 2^53 all are. */
static bool loses_f8(const void *from, size_t count) {
    const double *in = from;
    bool loses = false;
    for (size_t i = 0; i < count; i++) {
        const double size = fabs(in[i]);
        loses |=
            size > 0x1p24 && size <= 0x1p53 && size == floor(size) && (double)(float)size != size;
    }
    return loses;
}

/* To add one: its conversion, and a row. */
static const codec_npy_type types[] = {
    {"b1", '?', 1, CODEC_U8, from_b1, NULL},      {"u1", 'B', 1, CODEC_U8, from_u1, NULL},
    {"i1", 'b', 1, CODEC_F32, from_i1, NULL},     {"u2", 'H', 2, CODEC_U16, from_u2, NULL},
    {"i2", 'h', 2, CODEC_F32, from_i2, NULL},     {"u4", 'I', 4, CODEC_F32, from_u4, loses_u4},
    {"i4", 'i', 4, CODEC_F32, from_i4, loses_i4}, {"u8", 'Q', 8, CODEC_F32, from_u8, loses_u8},
    {"i8", 'q', 8, CODEC_F32, from_i8, loses_i8}, {"f2", 'e', 2, CODEC_F32, from_f2, NULL},
    {"f4", 'f', 4, CODEC_F32, from_f4, NULL},     {"f8", 'd', 8, CODEC_F32, from_f8, loses_f8},
};

const codec_npy_type *codec_npy_type_of(const char *code, size_t length) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if ((length == 2 && memcmp(types[i].code, code, 2) == 0) ||
            (length == 1 && *code == types[i].letter)) {
            return &types[i];
        }
    }
    return NULL;
}

void codec_npy_swap(void *elements, size_t count, size_t size) {
    uint8_t *bytes = elements;
    for (size_t i = 0; i < count; i++, bytes += size) {
        for (size_t k = 0; k < size / 2; k++) {
            const uint8_t byte = bytes[k];
            bytes[k] = bytes[size - 1 - k];
            bytes[size - 1 - k] = byte;
        }
    }
}

double codec_npy_double(const codec_npy_type *type, const void *elements, size_t i) {
    if (type->convert == from_f8) {
        return ((const double *)elements)[i];
    }
    union {
        uint8_t u8;
        uint16_t u16;
        float f32;
    } value;
    type->convert((const uint8_t *)elements + i * type->size, 1, &value);
    return type->sample == CODEC_U8    ? value.u8
           : type->sample == CODEC_U16 ? value.u16
                                       : (double)value.f32;
}
