/* The row kernels of pooling. Included by rows.c alone. `kind` is a constant wherever a function is
 * ALWAYS_INLINE: one loop for each, without a test inside. */

ALWAYS_INLINE float pooled(float a, float b, const conv_pool kind) {
    return kind == CONV_POOL_MAX   ? (a > b ? a : b)
           : kind == CONV_POOL_MIN ? (a < b ? a : b)
                                   : a + b;
}

/* ---- deep pixels: their channels fill vectors ---- */

/* Four vectors, which stay in registers. */
enum { POOL_PART = 4 * LANES };

/* Channels 0..n-1, n <= POOL_PART, of the window whose first cell is `at` floats into the rows. */
ALWAYS_INLINE void pool_part(float *restrict out, const rows_pool *p, size_t at, size_t n,
                             const conv_pool kind) {
    float best[POOL_PART];
    for (size_t i = 0; i < n; i++) {
        best[i] = p->in[0][at + i];
    }
    for (size_t r = 0; r < p->rows; r++) {
        for (size_t k = r == 0; k < p->width; k++) {
            const float *restrict cell = p->in[r] + at + k * p->channels;
            for (size_t i = 0; i < n; i++) {
                best[i] = pooled(best[i], cell[i], kind);
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = best[i];
    }
}

ALWAYS_INLINE void pool_deep(float *restrict out, const rows_pool *p, size_t pixels,
                             const conv_pool kind) {
    for (size_t x = 0; x < pixels; x++, out += p->channels) {
        const size_t at = x * p->step;
        size_t c = 0;
        for (; c + POOL_PART <= p->channels; c += POOL_PART) {
            pool_part(out + c, p, at + c, POOL_PART, kind);
        }
        if (c < p->channels) {
            pool_part(out + c, p, at + c, p->channels - c, kind);
        }
    }
}

/* ---- one channel, every second column: the compiler makes shuffles of a known stride ---- */

ALWAYS_INLINE void pool_pairs(float *restrict out, const float *restrict in, size_t pixels,
                              const conv_pool kind) {
    for (size_t x = 0; x < pixels; x++) {
        out[x] = pooled(in[2 * x], in[2 * x + 1], kind);
    }
}

ALWAYS_INLINE void pool_triples(float *restrict out, const float *restrict in, size_t pixels,
                                const conv_pool kind) {
    for (size_t x = 0; x < pixels; x++) {
        out[x] = pooled(pooled(in[2 * x], in[2 * x + 1], kind), in[2 * x + 2], kind);
    }
}

ALWAYS_INLINE void pool_kind(float *out, const rows_pool *p, size_t pixels, const conv_pool kind) {
    if (p->channels == 1 && p->rows == 1 && p->step == 2 && p->width == 2) {
        pool_pairs(out, p->in[0], pixels, kind);
    } else if (p->channels == 1 && p->rows == 1 && p->step == 2 && p->width == 3) {
        pool_triples(out, p->in[0], pixels, kind);
    } else {
        pool_deep(out, p, pixels, kind);
    }
}

static void pool(float *out, const rows_pool *p, conv_pool kind, size_t pixels) {
    switch (kind) {
    case CONV_POOL_MAX:
        pool_kind(out, p, pixels, CONV_POOL_MAX);
        break;
    case CONV_POOL_MIN:
        pool_kind(out, p, pixels, CONV_POOL_MIN);
        break;
    default:
        pool_kind(out, p, pixels, CONV_POOL_AVG);
        break;
    }
}
