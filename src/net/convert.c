#include "net/convert.h"

#include <string.h>

#include "base/minmax.h"
#include "net/half.h"

enum { TYPES = NET_BOOL + 1, BLOCK = 256 };

/* ---- single numbers ---- */

static inline int32_t whole_float(float x) {
    x = x > -2147483648.0F ? x : x == x ? -2147483648.0F : 0.0F;
    return (int32_t)(x < 2147483520.0F ? x : 2147483520.0F);
}

static inline int32_t whole_double(double x) {
    x = x > -2147483648.0 ? x : x == x ? -2147483648.0 : 0.0;
    return (int32_t)(x < 2147483647.0 ? x : 2147483647.0);
}

static inline uint64_t unsigned_of(double x) {
    return x >= 0x1p64 ? UINT64_MAX : x >= 0x1p63 ? (uint64_t)x : (uint64_t)net_truncated(x);
}

/* ---- loops ---- */

typedef void conversion(void *out, const void *in, size_t n);

#define CONVERSION(function, to, from, value)                                                      \
    static void function(void *restrict out_at, const void *restrict in_at, size_t n) {            \
        to *restrict out = out_at;                                                                 \
        const from *restrict in = in_at;                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            const from x = in[i];                                                                  \
            out[i] = (to)(value);                                                                  \
        }                                                                                          \
    }
#define TO_EACH(M, name, from)                                                                     \
    M(name, from, float, float)                                                                    \
    M(name, from, double, double)                                                                  \
    M(name, from, i8, int8_t)                                                                      \
    M(name, from, i16, int16_t)                                                                    \
    M(name, from, i32, int32_t)                                                                    \
    M(name, from, i64, int64_t)                                                                    \
    M(name, from, u8, uint8_t)                                                                     \
    M(name, from, u16, uint16_t)                                                                   \
    M(name, from, u32, uint32_t)                                                                   \
    M(name, from, u64, uint64_t)
#define PLAIN(name, from, to_name, to)   CONVERSION(name##_to_##to_name, to, from, x)
#define TRUTH(name, from)                CONVERSION(name##_to_bool, uint8_t, from, x != 0)
#define OF_BOOL(name, from, to_name, to) CONVERSION(bool_to_##to_name, to, uint8_t, x != 0)
/* Floats are truncated. */
#define TRUNCATED(name, from)                                                                      \
    CONVERSION(name##_to_float, float, from, x)                                                    \
    CONVERSION(name##_to_double, double, from, x)                                                  \
    CONVERSION(name##_to_i8, int8_t, from, whole_##name(x))                                        \
    CONVERSION(name##_to_i16, int16_t, from, whole_##name(x))                                      \
    CONVERSION(name##_to_i32, int32_t, from, whole_##name(x))                                      \
    CONVERSION(name##_to_i64, int64_t, from, net_truncated((double)x))                             \
    CONVERSION(name##_to_u8, uint8_t, from, whole_##name(x))                                       \
    CONVERSION(name##_to_u16, uint16_t, from, whole_##name(x))                                     \
    CONVERSION(name##_to_u32, uint32_t, from, unsigned_of((double)x))                              \
    CONVERSION(name##_to_u64, uint64_t, from, unsigned_of((double)x))                              \
    TRUTH(name, from)

TRUNCATED(float, float)
TRUNCATED(double, double)
TO_EACH(PLAIN, i8, int8_t)
TRUTH(i8, int8_t)
TO_EACH(PLAIN, i16, int16_t)
TRUTH(i16, int16_t)
TO_EACH(PLAIN, i32, int32_t)
TRUTH(i32, int32_t)
TO_EACH(PLAIN, i64, int64_t)
TRUTH(i64, int64_t)
TO_EACH(PLAIN, u8, uint8_t)
TRUTH(u8, uint8_t)
TO_EACH(PLAIN, u16, uint16_t)
TRUTH(u16, uint16_t)
TO_EACH(PLAIN, u32, uint32_t)
TRUTH(u32, uint32_t)
TO_EACH(PLAIN, u64, uint64_t)
TRUTH(u64, uint64_t)
TO_EACH(OF_BOOL, bool, uint8_t)
CONVERSION(bool_to_bool, uint8_t, uint8_t, x != 0)

#define FROM(name)                                                                                 \
    {                                                                                              \
        [NET_FLOAT] = name##_to_float, [NET_DOUBLE] = name##_to_double, [NET_I8] = name##_to_i8,   \
        [NET_I16] = name##_to_i16, [NET_I32] = name##_to_i32, [NET_I64] = name##_to_i64,           \
        [NET_U8] = name##_to_u8, [NET_U16] = name##_to_u16, [NET_U32] = name##_to_u32,             \
        [NET_U64] = name##_to_u64, [NET_BOOL] = name##_to_bool                                     \
    }

/* By what is converted, then by what to; those of halves are empty. */
static conversion *const conversions[TYPES][TYPES] = {
    [NET_FLOAT] = FROM(float), [NET_DOUBLE] = FROM(double), [NET_I8] = FROM(i8),
    [NET_I16] = FROM(i16),     [NET_I32] = FROM(i32),       [NET_I64] = FROM(i64),
    [NET_U8] = FROM(u8),       [NET_U16] = FROM(u16),       [NET_U32] = FROM(u32),
    [NET_U64] = FROM(u64),     [NET_BOOL] = FROM(bool),
};

/* ---- halves ---- */

static bool is_half(net_type type) {
    return type == NET_HALF || type == NET_BFLOAT;
}

static void widen(float *out, net_type from, const uint16_t *in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = from == NET_HALF ? net_half_to_float(in[i]) : net_bfloat_to_float(in[i]);
    }
}

static void narrow(net_type to, uint16_t *out, const float *in, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = to == NET_HALF ? net_float_to_half(in[i]) : net_float_to_bfloat(in[i]);
    }
}

void net_convert(net_type to, void *out, net_type from, const void *in, size_t n) {
    if (to == from && to != NET_BOOL) {
        if (n > 0) {
            memcpy(out, in, n * net_type_size(to));
        }
        return;
    }
    if (!is_half(to) && !is_half(from)) {
        conversions[from][to](out, in, n);
        return;
    }
    for (size_t at = 0; at < n; at += BLOCK) {
        float floats[BLOCK];
        const size_t some = ct_min_size(BLOCK, n - at);
        const void *from_at = (const char *)in + at * net_type_size(from);
        void *to_at = (char *)out + at * net_type_size(to);
        if (is_half(from)) {
            widen(floats, from, from_at, some);
        } else {
            net_convert(NET_FLOAT, floats, from, from_at, some);
        }
        if (is_half(to)) {
            narrow(to, to_at, floats, some);
        } else {
            net_convert(to, to_at, NET_FLOAT, floats, some);
        }
    }
}
