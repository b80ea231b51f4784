/* Element-wise kernels for every type of number, and tables of them by type. */
#ifndef CT_NET_OPS_KERNELS_H
#define CT_NET_OPS_KERNELS_H

#include "net/ops/stretch.h"

enum { NET_TYPES = NET_BOOL + 1 };

/* By type; NULL where the operator doesn't take it. */
typedef net_kernel *net_kernels[NET_TYPES];

/* Before a loop: what it writes may be what it reads, but only at the same place. */
#if defined(__clang__)
#define NET_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#pragma clang diagnostic ignored                                                                   \
    "-Wpass-failed" /* some loops call functions, and stay as they are */
#else
#define NET_INDEPENDENT _Pragma("GCC ivdep")
#endif

/* A kernel of two inputs: x and y are elements, of type `from`; `value` is one of type `to`. */
#define NET_PAIR_LOOP(to, value, first, second)                                                    \
    NET_INDEPENDENT                                                                                \
    for (size_t i = 0; i < n; i++) {                                                               \
        const __auto_type x = first;                                                               \
        const __auto_type y = second;                                                              \
        out[i] = (to)(value);                                                                      \
    }
#define NET_PAIR(function, from, to, value) NET_MIXED_PAIR(function, from, from, to, value)
/* The same where x and y aren't of one type. */
#define NET_MIXED_PAIR(function, left, right, to, value)                                           \
    static void function(void *out_at, const void *const *in, unsigned ones, size_t n) {           \
        to *out = out_at;                                                                          \
        const left *a = in[0];                                                                     \
        const right *b = in[1];                                                                    \
        if (ones == 0) {                                                                           \
            NET_PAIR_LOOP(to, value, a[i], b[i])                                                   \
        } else if (ones == 1) {                                                                    \
            const left one = *a;                                                                   \
            NET_PAIR_LOOP(to, value, one, b[i])                                                    \
        } else if (ones == 2) {                                                                    \
            const right one = *b;                                                                  \
            NET_PAIR_LOOP(to, value, a[i], one)                                                    \
        } else {                                                                                   \
            const left one = *a;                                                                   \
            const right other = *b;                                                                \
            NET_PAIR_LOOP(to, value, one, other)                                                   \
        }                                                                                          \
    }

/* M(operator, name, type, wide) for types of numbers; `wide` is a type without a sign in which
 * sums and products of whole numbers wrap around. */
#define NET_EACH_SIGNED(M, op)                                                                     \
    M(op, i8, int8_t, uint32_t)                                                                    \
    M(op, i16, int16_t, uint32_t)                                                                  \
    M(op, i32, int32_t, uint32_t)                                                                  \
    M(op, i64, int64_t, uint64_t)
#define NET_EACH_UNSIGNED(M, op)                                                                   \
    M(op, u8, uint8_t, uint32_t)                                                                   \
    M(op, u16, uint16_t, uint32_t)                                                                 \
    M(op, u32, uint32_t, uint32_t)                                                                 \
    M(op, u64, uint64_t, uint64_t)
#define NET_EACH_WHOLE(M, op) NET_EACH_SIGNED(M, op) NET_EACH_UNSIGNED(M, op)
#define NET_EACH_REAL(M, op)                                                                       \
    M(op, float, float, float)                                                                     \
    M(op, double, double, double)
#define NET_EACH_NUMBER(M, op) NET_EACH_REAL(M, op) NET_EACH_WHOLE(M, op)

/* The kernels that those made, as a table. */
#define NET_UNSIGNED(op)                                                                           \
    [NET_U8] = op##_u8, [NET_U16] = op##_u16, [NET_U32] = op##_u32, [NET_U64] = op##_u64
#define NET_SIGNED(op)                                                                             \
    [NET_I8] = op##_i8, [NET_I16] = op##_i16, [NET_I32] = op##_i32, [NET_I64] = op##_i64
#define NET_WHOLE(op)  NET_SIGNED(op), NET_UNSIGNED(op)
#define NET_REAL(op)   [NET_FLOAT] = op##_float, [NET_DOUBLE] = op##_double
#define NET_NUMBER(op) NET_REAL(op), NET_WHOLE(op)

#endif
