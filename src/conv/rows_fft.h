/* Row kernels for filtering by fast Fourier transforms of square tiles. Part of rows.c.
 *
 * A tile is cut into strips of LANES columns; a strip is `size` vectors, one under the other, so
 * that a transform down the columns works on LANES of them at once. Then every LANES x LANES block
 * is turned, and the same transform works along the rows. Real and imaginary parts lie apart.
 *
 * Forward transforms split (decimation in frequency: Gentleman & Sande 1966) and leave their
 * results in the order of reversed digits; backward ones join (decimation in time: Cooley & Tukey
 * 1965) and take that order, so that nothing is ever sorted. */
#ifndef CT_CONV_ROWS_FFT_H
#define CT_CONV_ROWS_FFT_H

#include "conv/rows.h"
#include "conv/rows_turn.h"
#include "conv/rows_vec.h"

typedef struct cvec {
    vec re, im;
} cvec;

INLINE cvec cadd(cvec a, cvec b) {
    return (cvec){a.re + b.re, a.im + b.im};
}

INLINE cvec csub(cvec a, cvec b) {
    return (cvec){a.re - b.re, a.im - b.im};
}

INLINE cvec times_i(cvec a) {
    return (cvec){-a.im, a.re};
}

/* w: real and imaginary part of a number of length 1; conjugated: times its inverse. */
INLINE cvec turned(cvec a, const float *w, bool conjugated) {
    const vec re = splat(w[0]), im = splat(w[1]);
    return conjugated ? (cvec){a.re * re + a.im * im, a.im * re - a.re * im}
                      : (cvec){a.re * re - a.im * im, a.im * re + a.re * im};
}

/* Splits a transform of 4 n values into four of n: at 0, n, 2 n, 3 n from where a[0..3] stand.
 * w: the three factors, or NULL for ones. */
INLINE void split4(cvec *a, const float *w) {
    const cvec even = cadd(a[0], a[2]), even2 = csub(a[0], a[2]);
    const cvec odd = cadd(a[1], a[3]), odd2 = times_i(csub(a[1], a[3]));
    a[0] = cadd(even, odd);
    a[1] = csub(even2, odd2);
    a[2] = csub(even, odd);
    a[3] = cadd(even2, odd2);
    for (int k = 0; w && k < 3; k++) {
        a[k + 1] = turned(a[k + 1], w + 2 * k, false);
    }
}

/* Undoes split4, but for a factor of 4. */
INLINE void join4(cvec *a, const float *w) {
    for (int k = 0; w && k < 3; k++) {
        a[k + 1] = turned(a[k + 1], w + 2 * k, true);
    }
    const cvec even = cadd(a[0], a[2]), odd = csub(a[0], a[2]);
    const cvec even2 = cadd(a[1], a[3]), odd2 = times_i(csub(a[1], a[3]));
    a[0] = cadd(even, even2);
    a[1] = cadd(odd, odd2);
    a[2] = csub(even, even2);
    a[3] = csub(odd, odd2);
}

INLINE cvec load_complex(const float *re, const float *im, size_t i) {
    return (cvec){load(re + i * LANES), load(im + i * LANES)};
}

INLINE void store_complex(float *re, float *im, size_t i, cvec v) {
    store(re + i * LANES, v.re);
    store(im + i * LANES, v.im);
}

INLINE void step4(float *re, float *im, size_t at, size_t apart, const float *w, bool forward) {
    cvec a[4];
    for (size_t k = 0; k < 4; k++) {
        a[k] = load_complex(re, im, at + k * apart);
    }
    forward ? split4(a, w) : join4(a, w);
    for (size_t k = 0; k < 4; k++) {
        store_complex(re, im, at + k * apart, a[k]);
    }
}

/* The last 8 values: two transforms of 4 (that join4 undoes) and four of 2. w: 2 x 3 factors. */
INLINE void step8(float *re, float *im, size_t at, const float *w, bool forward) {
    cvec a[2][4];
    for (size_t k = 0; k < 8; k++) {
        a[k % 2][k / 2] = load_complex(re, im, at + k);
    }
    if (forward) {
        split4(a[0], NULL);
        split4(a[1], w + 6);
    }
    for (size_t k = 0; k < 4; k++) {
        const cvec sum = cadd(a[0][k], a[1][k]), difference = csub(a[0][k], a[1][k]);
        a[0][k] = sum;
        a[1][k] = difference;
    }
    if (!forward) {
        join4(a[0], NULL);
        join4(a[1], w + 6);
    }
    for (size_t k = 0; k < 8; k++) {
        store_complex(re, im, at + k, a[k % 2][k / 2]);
    }
}

INLINE void last_steps(float *re, float *im, size_t size, size_t length, const float *w,
                       bool forward) {
    for (size_t at = 0; at < size; at += length) {
        if (length == 8) {
            step8(re, im, at, w, forward);
        } else {
            step4(re, im, at, 1, NULL, forward);
        }
    }
}

INLINE void quarter_steps(float *re, float *im, size_t size, size_t length, const float *w,
                          bool forward) {
    const size_t apart = length / 4;
    for (size_t block = 0; block < size; block += length) {
        for (size_t i = 0; i < apart; i++) {
            step4(re, im, block + i, apart, w + 6 * i, forward);
        }
    }
}

/* One strip in place, down its columns. The factors stand in the order of the forward transform. */
static void strip_forward(const rows_fft *fft, float *re, float *im) {
    const float *w = fft->factors;
    size_t length = fft->size;
    for (; length > 8; length /= 4) {
        quarter_steps(re, im, fft->size, length, w, true);
        w += length / 4 * 6;
    }
    last_steps(re, im, fft->size, length, w, true);
}

static void strip_back(const rows_fft *fft, float *re, float *im) {
    const float *w = fft->factors;
    size_t length = fft->size;
    for (; length > 8; length /= 4) {
        w += length / 4 * 6;
    }
    last_steps(re, im, fft->size, length, w, false);
    while (length < fft->size) {
        length *= 4;
        w -= length / 4 * 6;
        quarter_steps(re, im, fft->size, length, w, false);
    }
}

/* Block k of strip s becomes block s of strip k. */
INLINE void turn_block(const rows_fft *fft, float *out, const float *in, size_t s, size_t k) {
    vec block[LANES];
    const float *from = in + (s * fft->size + k * LANES) * LANES;
    float *to = out + (k * fft->size + s * LANES) * LANES;
    for (size_t i = 0; i < LANES; i++) {
        block[i] = load(from + i * LANES);
    }
    transpose(block);
    for (size_t i = 0; i < LANES; i++) {
        store(to + i * LANES, block[i]);
    }
}

/* The products with the spectrum, of strip k. */
static void strip_filter(const rows_fft *fft, float *re, float *im, size_t k) {
    const float *by_re = fft->spectrum + k * fft->size * LANES;
    const float *by_im = by_re + fft->size * fft->size;
    for (size_t i = 0; i < fft->size; i++) {
        const cvec a = load_complex(re, im, i), b = load_complex(by_re, by_im, i);
        store_complex(re, im, i, (cvec){a.re * b.re - a.im * b.im, a.im * b.re + a.re * b.im});
    }
}

static void fft_forward(const rows_fft *fft, float *tile, float *turned_tile) {
    const size_t size = fft->size, area = size * size, strips = size / LANES;
    for (size_t s = 0; s < strips; s++) {
        strip_forward(fft, tile + s * size * LANES, tile + area + s * size * LANES);
        for (size_t k = 0; k < strips; k++) {
            turn_block(fft, turned_tile, tile, s, k);
            turn_block(fft, turned_tile + area, tile + area, s, k);
        }
    }
    for (size_t k = 0; k < strips; k++) {
        float *re = turned_tile + k * size * LANES, *im = re + area;
        strip_forward(fft, re, im);
        if (fft->spectrum) {
            strip_filter(fft, re, im, k);
            strip_back(fft, re, im);
        }
    }
}

static void fft_filter(const rows_fft *fft, float *tile, float *turned_tile) {
    const size_t size = fft->size, area = size * size, strips = size / LANES;
    fft_forward(fft, tile, turned_tile);
    for (size_t s = 0; s < strips; s++) {
        for (size_t k = 0; k < strips; k++) {
            turn_block(fft, tile, turned_tile, k, s);
            turn_block(fft, tile + area, turned_tile + area, k, s);
        }
        strip_back(fft, tile + s * size * LANES, tile + area + s * size * LANES);
    }
}

static void fft_put_row(const rows_fft *fft, float *tile, size_t y, const float *row, size_t step,
                        size_t n) {
    size_t i = 0;
    for (; step == 1 && i + LANES <= n; i += LANES) {
        store(tile + (i * fft->size + y * LANES), load(row + i));
    }
    for (; i < fft->size; i++) {
        tile[i / LANES * LANES * fft->size + y * LANES + i % LANES] = i < n ? row[i * step] : 0;
    }
}

static void fft_get_row(const rows_fft *fft, const float *tile, size_t y, float *row, size_t step,
                        size_t n) {
    size_t i = 0;
    for (; step == 1 && i + LANES <= n; i += LANES) {
        store(row + i, load(tile + (i * fft->size + y * LANES)));
    }
    for (; i < n; i++) {
        row[i * step] = tile[i / LANES * LANES * fft->size + y * LANES + i % LANES];
    }
}

#endif
