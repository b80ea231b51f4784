#include <math.h>

#include "net/ops/kernels.h"
#include "net/ops/reduce_kernels.h"

enum { LANES = 8 };

/* ---- kernels: M(name, T, S, member, ...): T is the type of the numbers, S that of the sum ---- */

#define START(name, member, from)                                                                  \
    static void start_##name(net_sums *sums, size_t n) {                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            sums->member[i] = from;                                                                \
        }                                                                                          \
    }

/* x is a number, a the sum so far; `join` joins the sums a and x. */
#define ROW_AND_LINE(name, T, S, member, from, step, join)                                         \
    START(name, member, from)                                                                      \
    static void row_##name(net_sums *sums, const void *in_at, size_t n) {                          \
        const T *in = in_at;                                                                       \
        S lanes[LANES];                                                                            \
        size_t i = 0;                                                                              \
        for (int k = 0; k < LANES; k++) {                                                          \
            lanes[k] = from;                                                                       \
        }                                                                                          \
        for (; i + LANES <= n; i += LANES) {                                                       \
            for (int k = 0; k < LANES; k++) {                                                      \
                const T x = in[i + (size_t)k];                                                     \
                const S a = lanes[k];                                                              \
                lanes[k] = step;                                                                   \
            }                                                                                      \
        }                                                                                          \
        for (int k = 0; i < n; i++, k++) {                                                         \
            const T x = in[i];                                                                     \
            const S a = lanes[k];                                                                  \
            lanes[k] = step;                                                                       \
        }                                                                                          \
        for (int k = 0; k < LANES; k++) {                                                          \
            const S a = sums->member[0], x = lanes[k];                                             \
            sums->member[0] = join;                                                                \
        }                                                                                          \
    }                                                                                              \
    static void line_##name(net_sums *sums, const void *in_at, size_t n) {                         \
        const T *in = in_at;                                                                       \
        for (size_t i = 0; i < n; i++) {                                                           \
            const T x = in[i];                                                                     \
            const S a = sums->member[i];                                                           \
            sums->member[i] = step;                                                                \
        }                                                                                          \
    }

#define SUMS(name, T, S, member, magnitude)                                                        \
    ROW_AND_LINE(sum_##name, T, S, member, 0, a + (S)x, a + x)                                     \
    ROW_AND_LINE(absolute_##name, T, S, member, 0, a + magnitude, a + x)                           \
    ROW_AND_LINE(square_##name, T, S, member, 0, a + (S)x * (S)x, a + x)                           \
    ROW_AND_LINE(product_##name, T, S, member, 1, a *(S)x, a *x)

/* NaN is both the greatest and the least. */
#define EXTREMES(name, T, S, member, least, most, is_nan)                                          \
    ROW_AND_LINE(most_##name, T, S, member, least, (S)x > a || is_nan(x) ? (S)x : a,               \
                 x > a || is_nan(x) ? x : a)                                                       \
    ROW_AND_LINE(least_##name, T, S, member, most, (S)x < a || is_nan(x) ? (S)x : a,               \
                 x < a || is_nan(x) ? x : a)

#define NEVER(x) false
#define REAL_KERNELS(name, T)                                                                      \
    SUMS(name, T, double, real, fabs((double)x))                                                   \
    EXTREMES(name, T, double, real, -HUGE_VAL, HUGE_VAL, isnan)
#define SIGNED_KERNELS(name, T, MIN, MAX)                                                          \
    SUMS(name, T, uint64_t, natural, (x < 0 ? 0 - (uint64_t)x : (uint64_t)x))                      \
    EXTREMES(name, T, int64_t, whole, MIN, MAX, NEVER)
#define UNSIGNED_KERNELS(name, T, MAX)                                                             \
    SUMS(name, T, uint64_t, natural, (uint64_t)x)                                                  \
    EXTREMES(name, T, uint64_t, natural, 0, MAX, NEVER)

/* Beside the greatest number so far, the others are small: nothing overflows. */
static void add_exp(net_sums *sums, size_t i, double x) {
    double *sum = &sums->exp[i].sum, *most = &sums->exp[i].most;
    if (x == *most) {
        *sum += isinf(x) && x < 0 ? 0 : 1;
    } else if (x > *most) {
        *sum = *sum * exp(*most - x) + 1;
        *most = x;
    } else {
        *sum += exp(x - *most);
    }
}

static void start_exp(net_sums *sums, size_t n) {
    for (size_t i = 0; i < n; i++) {
        sums->exp[i].sum = 0;
        sums->exp[i].most = -HUGE_VAL;
    }
}

#define EXPS(name, T)                                                                              \
    static void row_exp_##name(net_sums *sums, const void *in_at, size_t n) {                      \
        const T *in = in_at;                                                                       \
        for (size_t i = 0; i < n; i++) {                                                           \
            add_exp(sums, 0, (double)in[i]);                                                       \
        }                                                                                          \
    }                                                                                              \
    static void line_exp_##name(net_sums *sums, const void *in_at, size_t n) {                     \
        const T *in = in_at;                                                                       \
        for (size_t i = 0; i < n; i++) {                                                           \
            add_exp(sums, i, (double)in[i]);                                                       \
        }                                                                                          \
    }

/* ---- finishing ---- */

static double finish_real(net_finish how, double sum, size_t count) {
    return how == NET_FINISH_MEAN   ? sum / (double)count
           : how == NET_FINISH_ROOT ? sqrt(sum)
           : how == NET_FINISH_LOG  ? log(sum)
                                    : sum;
}

/* The nearest number of a type of whole numbers, towards zero. */
#define AS_WHOLE(T, value, MIN, MAX)                                                               \
    (!((value) > (double)(MIN)) ? (MIN) : (value) >= (double)(MAX) ? (MAX) : (T)(value))

#define FINISH_REAL(name, T)                                                                       \
    static void finish_##name(net_finish how, void *out_at, const net_sums *sums, size_t n,        \
                              size_t count) {                                                      \
        T *out = out_at;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            out[i] = (T)finish_real(how, sums->real[i], count);                                    \
        }                                                                                          \
    }                                                                                              \
    static void finish_exp_##name(net_finish how, void *out_at, const net_sums *sums, size_t n,    \
                                  size_t count) {                                                  \
        T *out = out_at;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            out[i] = (T)(finish_real(how, sums->exp[i].sum, count) + sums->exp[i].most);           \
        }                                                                                          \
    }

#define FINISH_WHOLE(name, T, member, S, MIN, MAX)                                                 \
    static void finish_##name(net_finish how, void *out_at, const net_sums *sums, size_t n,        \
                              size_t count) {                                                      \
        T *out = out_at;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            const S sum = sums->member[i];                                                         \
            const double value = finish_real(how, (double)sum, count);                             \
            const S mean = sum / (S)(count > 0 ? count : 1);                                       \
            const T other = AS_WHOLE(T, value, MIN, MAX);                                          \
            out[i] = (T)(how == NET_FINISH_PLAIN ? sum : how == NET_FINISH_MEAN ? mean : other);   \
        }                                                                                          \
    }                                                                                              \
    static void finish_exp_##name(net_finish how, void *out_at, const net_sums *sums, size_t n,    \
                                  size_t count) {                                                  \
        T *out = out_at;                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            const double value = finish_real(how, sums->exp[i].sum, count) + sums->exp[i].most;    \
            out[i] = AS_WHOLE(T, value, MIN, MAX);                                                 \
        }                                                                                          \
    }

#define REAL(name, T) REAL_KERNELS(name, T) EXPS(name, T) FINISH_REAL(name, T)
#define SIGNED(name, T, MIN, MAX)                                                                  \
    SIGNED_KERNELS(name, T, MIN, MAX)                                                              \
    EXPS(name, T)                                                                                  \
    FINISH_WHOLE(name, T, whole, int64_t, MIN, MAX)
#define UNSIGNED(name, T, MAX)                                                                     \
    UNSIGNED_KERNELS(name, T, MAX)                                                                 \
    EXPS(name, T)                                                                                  \
    FINISH_WHOLE(name, T, natural, uint64_t, 0, MAX)

REAL(float, float)
REAL(double, double)
SIGNED(i8, int8_t, INT8_MIN, INT8_MAX)
SIGNED(i16, int16_t, INT16_MIN, INT16_MAX)
SIGNED(i32, int32_t, INT32_MIN, INT32_MAX)
SIGNED(i64, int64_t, INT64_MIN, INT64_MAX)
UNSIGNED(u8, uint8_t, UINT8_MAX)
UNSIGNED(u16, uint16_t, UINT16_MAX)
UNSIGNED(u32, uint32_t, UINT32_MAX)
UNSIGNED(u64, uint64_t, UINT64_MAX)

/* ---- the table ---- */

#define KERNELS(op, name)                                                                          \
    { start_##op##_##name, row_##op##_##name, line_##op##_##name, finish_##name }
#define ROW(name)                                                                                  \
    {                                                                                              \
        [NET_REDUCE_SUM] = KERNELS(sum, name), [NET_REDUCE_ABSOLUTE] = KERNELS(absolute, name),    \
        [NET_REDUCE_SQUARE] = KERNELS(square, name),                                               \
        [NET_REDUCE_EXP] = {start_exp, row_exp_##name, line_exp_##name, finish_exp_##name},        \
        [NET_REDUCE_PRODUCT] = KERNELS(product, name), [NET_REDUCE_MOST] = KERNELS(most, name),    \
        [NET_REDUCE_LEAST] = KERNELS(least, name),                                                 \
    }

static const net_reducer reducers[NET_TYPES][NET_REDUCTIONS] = {
    [NET_FLOAT] = ROW(float), [NET_DOUBLE] = ROW(double), [NET_I8] = ROW(i8), [NET_I16] = ROW(i16),
    [NET_I32] = ROW(i32),     [NET_I64] = ROW(i64),       [NET_U8] = ROW(u8), [NET_U16] = ROW(u16),
    [NET_U32] = ROW(u32),     [NET_U64] = ROW(u64),
};

const net_reducer *net_reducer_for(net_reduction reduction, net_type type) {
    const net_reducer *reducer = &reducers[type][reduction];
    return reducer->row ? reducer : NULL;
}
