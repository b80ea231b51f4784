/* Our own deflate blocks: their Huffman codes against the shortest that there are, and against
 * ISA-L's; what is written, read back by ISA-L. */
#include <stdlib.h>
#include <string.h>

#include "codec_tests.h"

#if defined(CT_HAVE_ISAL)

#include <isa-l/igzip_lib.h>

#include "codec/png/isal_deflate.h"
#include "codec/png/isal_huffman.h"
#include "codec/png/isal_literals.h"

enum { SYMBOLS = 257, BYTES = 20000 };

static unsigned next(unsigned *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* ---- codes ---- */

/* Counts of six kinds: any, steeper and steeper ones, Fibonacci's numbers, two symbols, few. */
static void fill_counts(uint32_t counts[SYMBOLS], int kind, unsigned *seed) {
    memset(counts, 0, SYMBOLS * sizeof *counts);
    for (unsigned i = 0, a = 1, b = 1; i < SYMBOLS; i++) {
        switch (kind) {
        case 0:
            counts[i] = next(seed) % 1000;
            break;
        case 1:
            counts[i] = (1U << 20) / (i + 1) / (i + 1);
            break;
        case 2:
            counts[i] = 1U << (i % 21);
            break;
        case 3:
            counts[i] = i < 40 ? a : 0;
            b += a;
            a = b - a;
            break;
        case 4:
            counts[i] = i == 3 || i == 200 ? i : 0;
            break;
        default:
            counts[i] = next(seed) % 9 == 0 ? next(seed) % 3 + 1 : 0;
        }
    }
    counts[SYMBOLS - 1] = 1;
}

/* The bits of all symbols in the shortest code, slowly: each joining of the two rarest adds a bit
 * to all that is below. */
static uint64_t shortest(const uint32_t counts[SYMBOLS]) {
    uint64_t left[SYMBOLS], bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < SYMBOLS; i++) {
        left[n] = counts[i];
        n += counts[i] > 0;
    }
    while (n > 1) {
        for (size_t k = 0; k < 2; k++) { /* the two rarest go to the end */
            size_t rarest = 0;
            for (size_t i = 1; i < n - k; i++) {
                rarest = left[i] < left[rarest] ? i : rarest;
            }
            const uint64_t count = left[rarest];
            left[rarest] = left[n - 1 - k];
            left[n - 1 - k] = count;
        }
        left[n - 2] += left[n - 1];
        bits += left[n - 2];
        n--;
    }
    return bits;
}

START_TEST(test_lengths) {
    unsigned seed = (unsigned)_i + 1;
    uint32_t counts[SYMBOLS];
    uint8_t lengths[SYMBOLS];
    for (int turn = 0; turn < 20; turn++) {
        fill_counts(counts, _i, &seed);
        for (unsigned most = 8 + (_i != 4); most <= HUFFMAN_BITS; most++) {
            uint64_t room = 0, bits = 0;
            unsigned longest = 0;
            codec_huffman_lengths(counts, SYMBOLS, most, lengths);
            for (size_t i = 0; i < SYMBOLS; i++) {
                ck_assert_int_eq(lengths[i] > 0, counts[i] > 0);
                room += lengths[i] ? 1U << (HUFFMAN_BITS - lengths[i]) : 0;
                bits += (uint64_t)counts[i] * lengths[i];
                longest = lengths[i] > longest ? lengths[i] : longest;
            }
            ck_assert_uint_le(longest, most);
            ck_assert_uint_eq(room, 1U << HUFFMAN_BITS); /* every sequence of bits is a code */
            const uint64_t least = shortest(counts);
            ck_assert_uint_ge(bits, least);
            ck_assert_msg(longest == most || bits == least,
                          "kind %d, at most %u bits: %llu, not %llu", _i, most,
                          (unsigned long long)bits, (unsigned long long)least);
            ck_assert(most < HUFFMAN_BITS || bits <= least + least / 100);
        }
    }
}
END_TEST

/* ---- blocks ---- */

/* Bytes of several kinds: noise, as filters leave photographs, few values, few numbers of 16 bits,
 * one value, a repeated tile. */
static void fill_bytes(uint8_t *bytes, size_t size, int kind, unsigned *seed) {
    for (size_t i = 0; i < size; i++) {
        const unsigned r = next(seed);
        bytes[i] = (uint8_t)(kind == 0   ? r
                             : kind == 1 ? (r & 15) * (r >> 4 & 15) - (r >> 8 & 63)
                             : kind == 2 ? (r & 7) == 0
                             : kind == 3 ? (i & 1 ? bytes[i - 1] * 7 : 50 * (r % 5))
                             : kind == 4 ? 200
                             : i < 64    ? r
                                         : bytes[i - 64]);
    }
}

static void check_stream(const uint8_t *stream, size_t size, const uint8_t *bytes, size_t count) {
    static uint8_t back[BYTES + 1];
    struct inflate_state state;
    isal_inflate_init(&state);
    state.next_in = (uint8_t *)(uintptr_t)stream;
    state.avail_in = (uint32_t)size;
    state.next_out = back;
    state.avail_out = sizeof back;
    ck_assert_int_eq(isal_inflate(&state), ISAL_DECOMP_OK);
    ck_assert_int_eq(state.block_state, ISAL_BLOCK_FINISH);
    ck_assert_uint_eq(state.avail_in, 0);
    ck_assert_uint_eq(state.total_out, count);
    ck_assert_mem_eq(back, bytes, count);
}

/* The bytes of the same block with ISA-L's code. */
static size_t isal_size(const uint8_t *bytes, size_t count) {
    static struct isal_huff_histogram histogram;
    static struct isal_hufftables codes;
    memset(&histogram, 0, sizeof histogram);
    for (size_t i = 0; i < count; i++) {
        histogram.lit_len_histogram[bytes[i]]++;
    }
    histogram.lit_len_histogram[256] = 1;
    isal_create_hufftables_subset(&codes, &histogram);
    uint64_t bits = codes.deflate_hdr_count * 8 + codes.deflate_hdr_extra_bits;
    for (size_t b = 0; b <= 256; b++) {
        bits += histogram.lit_len_histogram[b] * codes.lit_table_sizes[b];
    }
    return (size_t)((bits + 7) / 8);
}

START_TEST(test_literals) {
    static uint8_t bytes[BYTES], stream[2 * BYTES];
    unsigned seed = 77;
    deflate_literals plan;
    for (size_t count = 1; count <= BYTES; count = count < 40 ? count + 1 : count * 3 / 2) {
        fill_bytes(bytes, count, _i, &seed);
        const uint64_t bits = codec_literals_plan(&plan, bytes, count);
        size_t size = codec_literals_put(&plan, bytes, count, true, stream);
        ck_assert_uint_eq(size, (bits + 7) / 8);
        ck_assert_uint_le(size, isal_size(bytes, count));
        check_stream(stream, size, bytes, count);

        size = codec_literals_put(&plan, bytes, count, false, stream);
        ck_assert_uint_le(size, (bits + 7) / 8 + LITERALS_FLUSH);
        memcpy(stream + size, codec_deflate_end, DEFLATE_END_BYTES);
        check_stream(stream, size + DEFLATE_END_BYTES, bytes, count);
    }
}
END_TEST

/* A small image's stream: never much larger than what it's made of, whether or not that repeats. */
START_TEST(test_whole) {
    static uint8_t bytes[DEFLATE_SMALL], stream[2 * DEFLATE_SMALL];
    static const deflate_effort efforts[] = {DEFLATE_PROBED, DEFLATE_SMALLER, DEFLATE_BEST};
    unsigned seed = 78;
    deflate_run *run = codec_deflate_new();
    ck_assert_ptr_nonnull(run);
    for (size_t count = 1; count <= sizeof bytes; count = count < 40 ? count + 1 : count * 2) {
        fill_bytes(bytes, count, _i, &seed);
        size_t last = count + 5; /* stored */
        for (size_t k = 0; k < 3 && codec_deflate_has_whole(efforts[k]); k++) {
            const size_t size = codec_deflate_whole(run, bytes, count, stream, efforts[k], 9);
            ck_assert_uint_le(size, last);
            last = size;
            check_stream(stream, size, bytes, count);
            if (_i >= 4 && count >= 1000) { /* found to repeat */
                ck_assert_uint_le(size, 64 + 40 + count / 20);
            }
            if (_i == 3 && count >= 1000) { /* literals take 3.3 bits a byte */
                ck_assert_uint_le(size, count * 3 / 8);
            }
        }
    }
    codec_deflate_free(run);
}
END_TEST

#endif

Suite *codec_deflate_suite(void) {
    Suite *suite = suite_create("codec deflate");
    TCase *cases = tcase_create("deflate");
    tcase_set_timeout(cases, 60);
#if defined(CT_HAVE_ISAL)
    tcase_add_loop_test(cases, test_lengths, 0, 6);
    tcase_add_loop_test(cases, test_literals, 0, 6);
    tcase_add_loop_test(cases, test_whole, 0, 6);
#endif
    suite_add_tcase(suite, cases);
    return suite;
}
