/* Whole-number arithmetic on 8-bit samples: exact, and two to four times as many samples a register
 * as floats. The caller has checked that nothing leaves 16 bits. Part of rows.c. */
#ifndef CT_CONV_ROWS_BYTES_H
#define CT_CONV_ROWS_BYTES_H

#include "conv/conv.h"
#include "conv/rows_vec.h"

/* ---- sums ---- */

/* The sums of VEC_BYTES samples from `i` on. */
INLINE void sum_pairs(const uint8_t *const *in, const int8_t *weight, size_t pairs, size_t i,
                      vec_i16 *low, vec_i16 *high) {
    *low = *high = (vec_i16){0};
    for (size_t t = 0; t < pairs; t++) {
        add_products(load_u8(in[2 * t] + i), load_u8(in[2 * t + 1] + i), weight + 2 * t, low, high);
    }
}

static void sums_i16(int16_t *restrict out, const uint8_t *const *in, const int8_t *weight,
                     size_t pairs, size_t n) {
    for (size_t i = 0; i < n; i += VEC_BYTES) {
        vec_i16 low, high;
        sum_pairs(in, weight, pairs, i, &low, &high);
        store_sums(out + i, low, high);
    }
}

static void sums_u8(uint8_t *restrict out, const uint8_t *const *in, const int8_t *weight,
                    size_t pairs, size_t n, uint64_t *negative, uint64_t *above) {
    unsigned less = 0, more = 0;
    for (size_t i = 0; i < n; i += VEC_BYTES) {
        vec_i16 low, high;
        sum_pairs(in, weight, pairs, i, &low, &high);
        if (n - i >= VEC_BYTES) {
            const vec_u8 bytes = narrow_bytes(low, high);
            memcpy(out + i, &bytes, sizeof bytes);
            count_clipped(low, &less, &more);
            count_clipped(high, &less, &more);
            continue;
        }
        int16_t rest[VEC_BYTES];
        store_sums(rest, low, high);
        for (size_t k = 0; k < n - i; k++) {
            less += rest[k] < 0;
            more += rest[k] > 255;
            out[i + k] = (uint8_t)(rest[k] < 0 ? 0 : rest[k] > 255 ? 255 : rest[k]);
        }
    }
    *negative += less;
    *above += more;
}

/* out = scale in, or out + scale in. */
static void from_i16(float *restrict out, const int16_t *restrict in, float scale, bool add,
                     size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        const vec v = load_i16_float(in + i) * scale;
        store(out + i, add ? load(out + i) + v : v);
    }
}

/* ---- the 3x3 gradient ---- */

/* x and y at 2 LANES samples from `i` on. */
INLINE void gradient3_at(const uint8_t *a, const uint8_t *b, const uint8_t *c, size_t step,
                         int16_t side, int16_t middle, size_t i, vec_i16 *x, vec_i16 *y) {
    const size_t l = i, m = i + step, r = i + 2 * step;
    const vec_i16 al = load_u8_i16(a + l), ar = load_u8_i16(a + r);
    const vec_i16 cl = load_u8_i16(c + l), cr = load_u8_i16(c + r);
    *x = ((ar - al) + (cr - cl)) * side + (load_u8_i16(b + r) - load_u8_i16(b + l)) * middle;
    *y = ((cl - al) + (cr - ar)) * side + (load_u8_i16(c + m) - load_u8_i16(a + m)) * middle;
}

INLINE vec_i16 absolute_i16(vec_i16 v) {
    const vec_i16 sign = v >> 15;
    return (v ^ sign) - sign;
}

/* The gradient as whole numbers; the magnitude rounded to the nearest. */
INLINE vec_i16 gradient3_whole(const uint8_t *a, const uint8_t *b, const uint8_t *c, size_t step,
                               int16_t side, int16_t middle, conv_gradient mode, size_t i) {
    vec_i16 x, y;
    gradient3_at(a, b, c, step, side, middle, i, &x, &y);
    if (mode == CONV_X || mode == CONV_Y) {
        return mode == CONV_X ? x : y;
    }
    if (mode == CONV_L1) {
        return absolute_i16(x) + absolute_i16(y);
    }
    vec_i32 low, high;
    squares(x, y, &low, &high);
    return narrow_pairs(nearest(square_root(__builtin_convertvector(low, vec))),
                        nearest(square_root(__builtin_convertvector(high, vec))));
}

/* Always inlined with a constant mode, and sides of constant 1 for the most common kernels: a loop
 * for each, without a test inside. */
INLINE void gradient3_u8_mode(uint8_t *restrict out, const uint8_t *a, const uint8_t *b,
                              const uint8_t *c, size_t step, int16_t side, int16_t middle,
                              conv_gradient mode, size_t n, uint64_t *negative, uint64_t *above) {
    unsigned less = 0, more = 0;
    for (size_t i = 0; i < n; i += VEC_BYTES) {
        const vec_i16 v = gradient3_whole(a, b, c, step, side, middle, mode, i);
        const vec_i16 w = gradient3_whole(a, b, c, step, side, middle, mode, i + 2 * LANES);
        const vec_u8 bytes = narrow_two(v, w);
        if (n - i >= VEC_BYTES) {
            memcpy(out + i, &bytes, sizeof bytes);
            count_clipped(v, &less, &more);
            count_clipped(w, &less, &more);
            continue;
        }
        int16_t rest[VEC_BYTES];
        store_i16(rest, v);
        store_i16(rest + 2 * LANES, w);
        memcpy(out + i, &bytes, n - i);
        for (size_t k = 0; k < n - i; k++) {
            less += rest[k] < 0;
            more += rest[k] > 255;
        }
    }
    *negative += less;
    *above += more;
}

static void gradient3_u8(uint8_t *out, const uint8_t *a, const uint8_t *b, const uint8_t *c,
                         size_t step, int16_t side, int16_t middle, conv_gradient mode, size_t n,
                         uint64_t *negative, uint64_t *above) {
    switch (mode) {
    case CONV_X:
        gradient3_u8_mode(out, a, b, c, step, side, middle, CONV_X, n, negative, above);
        break;
    case CONV_Y:
        gradient3_u8_mode(out, a, b, c, step, side, middle, CONV_Y, n, negative, above);
        break;
    case CONV_L1:
        gradient3_u8_mode(out, a, b, c, step, side, middle, CONV_L1, n, negative, above);
        break;
    default:
        gradient3_u8_mode(out, a, b, c, step, side, middle, CONV_MAGNITUDE, n, negative, above);
        break;
    }
}

/* The magnitude as floats; the other modes are whole numbers. */
static void gradient3_bytes(float *restrict out, const uint8_t *a, const uint8_t *b,
                            const uint8_t *c, size_t step, int16_t side, int16_t middle,
                            conv_gradient mode, size_t n) {
    for (size_t i = 0; i < n; i += 2 * LANES) {
        vec_i16 x, y;
        gradient3_at(a, b, c, step, side, middle, i, &x, &y);
        if (mode == CONV_MAGNITUDE) {
            vec_i32 low, high;
            squares(x, y, &low, &high);
            store_pairs(out + i, square_root(__builtin_convertvector(low, vec)),
                        square_root(__builtin_convertvector(high, vec)));
            continue;
        }
        int16_t whole[2 * LANES];
        store_i16(whole, mode == CONV_X   ? x
                         : mode == CONV_Y ? y
                                          : absolute_i16(x) + absolute_i16(y));
        store(out + i, load_i16_float(whole));
        store(out + i + LANES, load_i16_float(whole + LANES));
    }
}

#endif
