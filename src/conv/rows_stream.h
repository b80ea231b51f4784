/* Copies past the caches. Part of rows.c.
 *
 * An ordinary store reads the line that it writes to first. Rows that are not read again soon, and
 * wouldn't stay in a cache anyway, are better written in whole lines that go to memory at once.
 * GCC has no portable word for it, hence the intrinsics. The caller must have a fence follow before
 * another thread learns of them. */
#ifndef CT_CONV_ROWS_STREAM_H
#define CT_CONV_ROWS_STREAM_H

#include "conv/rows_vec.h"

#if defined(__SSE2__)
enum { LINE = 64 / sizeof(float) };

static inline void stream_line(float *out, const float *in) {
#if defined(__AVX512F__)
    _mm512_stream_ps(out, _mm512_loadu_ps(in));
#elif defined(__AVX__)
    _mm256_stream_ps(out, _mm256_loadu_ps(in));
    _mm256_stream_ps(out + 8, _mm256_loadu_ps(in + 8));
#else
    for (int i = 0; i < LINE; i += 4) {
        _mm_stream_ps(out + i, _mm_loadu_ps(in + i));
    }
#endif
}

static void stream(float *restrict out, const float *restrict in, size_t n) {
    const size_t before = (size_t)(-(uintptr_t)out % 64) / sizeof *out;
    const size_t head = before < n ? before : n, lines = (n - head) / LINE;
    memcpy(out, in, head * sizeof *out);
    for (size_t i = head; i < head + lines * LINE; i += LINE) {
        stream_line(out + i, in + i);
    }
    const size_t done = head + lines * LINE;
    memcpy(out + done, in + done, (n - done) * sizeof *out);
}
#else
static void stream(float *restrict out, const float *restrict in, size_t n) {
    memcpy(out, in, n * sizeof *out);
}
#endif

#endif
