/* Three ways to make a run, and the choice between them. Literals alone are written by our own loop
 * with a Huffman code that ISA-L builds: in filtered photographs, ISA-L's matching takes most of
 * the time, and finds repetitions of three or four bytes, which cost more bits than literals. */
#include "codec/png/isal_deflate.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

#include "codec/png/isal_deflate_best.h"

enum {
    STORED_MOST = 65535, /* bytes of a stored block */
    END_OF_BLOCK = 256,
    PROBE_PIECES = 4,
    PROBE_SHARE = 16, /* one of so many bytes is tried */
    PROBE_LEAST = 1 << 14,
    LEVEL_BYTES = ISAL_DEF_LVL3_EXTRA_LARGE,
};

struct deflate_run {
    struct isal_zstream stream;
    struct isal_huff_histogram histogram;
    struct isal_hufftables codes;
    uint32_t literal[256]; /* length << 16 | code */
    uint8_t level[LEVEL_BYTES];
    uint8_t *spare; /* a second try */
    size_t spare_size;
    deflate_best *best;
};

const uint8_t codec_deflate_end[DEFLATE_END_BYTES] = {3, 0};
static const uint8_t flush[4] = {0, 0, 0xFF, 0xFF}; /* LEN and NLEN of an empty stored block */

deflate_run *codec_deflate_new(void) {
    return calloc(1, sizeof(deflate_run));
}

void codec_deflate_free(deflate_run *run) {
    if (run) {
        codec_deflate_best_free(run->best);
        free(run->spare);
        free(run);
    }
}

size_t codec_deflate_bound(size_t size) {
    return size + (size / STORED_MOST + 1) * 5 + 16;
}

/* ---- stored ---- */

static size_t stored_size(size_t size) {
    return size + (size + STORED_MOST - 1) / STORED_MOST * 5;
}

static size_t put_stored(const uint8_t *in, size_t size, uint8_t *out) {
    uint8_t *start = out;
    while (size) {
        const size_t count = size < STORED_MOST ? size : STORED_MOST;
        out[0] = 0;
        out[1] = (uint8_t)count;
        out[2] = (uint8_t)(count >> 8);
        out[3] = (uint8_t)~count;
        out[4] = (uint8_t)(~count >> 8);
        memcpy(out + 5, in, count);
        out += 5 + count;
        in += count;
        size -= count;
    }
    return (size_t)(out - start);
}

/* ---- literals alone ---- */

/* Four tables, so that equal bytes in a row don't wait for each other. */
static void count_bytes(const uint8_t *in, size_t size, uint64_t counts[256]) {
    uint32_t part[4][256] = {0};
    size_t i = 0;
    for (; i + 4 <= size; i += 4) {
        part[0][in[i]]++;
        part[1][in[i + 1]]++;
        part[2][in[i + 2]]++;
        part[3][in[i + 3]]++;
    }
    for (; i < size; i++) {
        part[0][in[i]]++;
    }
    for (size_t b = 0; b < 256; b++) {
        counts[b] = (uint64_t)part[0][b] + part[1][b] + part[2][b] + part[3][b];
    }
}

static uint32_t header_bits(const struct isal_hufftables *codes) {
    return codes->deflate_hdr_count * 8 + codes->deflate_hdr_extra_bits;
}

/* Makes the code for these bytes; returns how many bytes a run of literals will take. */
static size_t plan_literals(deflate_run *run, const uint8_t *in, size_t size) {
    memset(&run->histogram, 0, sizeof run->histogram);
    count_bytes(in, size, run->histogram.lit_len_histogram);
    run->histogram.lit_len_histogram[END_OF_BLOCK] = 1;
    isal_create_hufftables_subset(&run->codes, &run->histogram);
    uint64_t bits = header_bits(&run->codes) + run->codes.lit_table_sizes[END_OF_BLOCK] + 3U;
    for (size_t b = 0; b < 256; b++) {
        const uint32_t length = run->codes.lit_table_sizes[b];
        run->literal[b] = length << 16 | run->codes.lit_table[b];
        bits += run->histogram.lit_len_histogram[b] * length;
    }
    return (size_t)((bits + 7) / 8) + sizeof flush;
}

/* Gathers bits from the low end; writes bytes as they fill up. */
typedef struct bit_writer {
    uint64_t bits;
    unsigned count; /* below 8 after each drain */
    uint8_t *out;
} bit_writer;

static inline void put_bits(bit_writer *w, uint64_t bits, unsigned count) {
    w->bits |= bits << w->count;
    w->count += count;
}

static inline void drain(bit_writer *w) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    const uint64_t bytes = __builtin_bswap64(w->bits);
#else
    const uint64_t bytes = w->bits;
#endif
    memcpy(w->out, &bytes, sizeof bytes);
    w->out += w->count / 8;
    w->bits >>= w->count & 56;
    w->count &= 7;
}

/* Two literals have at most 30 bits. */
static inline uint64_t pair(const uint32_t *literal, const uint8_t *in, unsigned *count) {
    const uint32_t a = literal[in[0]], b = literal[in[1]];
    *count = (a >> 16) + (b >> 16);
    return (a & 0xFFFF) | (uint64_t)(b & 0xFFFF) << (a >> 16);
}

static size_t put_literals(const deflate_run *run, const uint8_t *in, size_t size, uint8_t *out) {
    const struct isal_hufftables *codes = &run->codes;
    const uint32_t *literal = run->literal;
    bit_writer w = {.out = out};
    memcpy(w.out, codes->deflate_hdr, codes->deflate_hdr_count);
    w.out[0] &= 0xFE; /* not the stream's last block */
    w.out += codes->deflate_hdr_count;
    if (codes->deflate_hdr_extra_bits) {
        put_bits(&w, codes->deflate_hdr[codes->deflate_hdr_count], codes->deflate_hdr_extra_bits);
    }
    size_t i = 0;
    for (; i + 4 <= size; i += 4) {
        unsigned first, second;
        const uint64_t low = pair(literal, in + i, &first);
        const uint64_t high = pair(literal, in + i + 2, &second);
        put_bits(&w, low, first);
        if (first + second > 56) { /* four rare codes */
            drain(&w);
        }
        put_bits(&w, high, second);
        drain(&w);
    }
    for (; i < size; i++) {
        put_bits(&w, literal[in[i]] & 0xFFFF, literal[in[i]] >> 16);
        drain(&w);
    }
    put_bits(&w, codes->lit_table[END_OF_BLOCK], codes->lit_table_sizes[END_OF_BLOCK]);
    put_bits(&w, 0, 3); /* a stored block, whose length begins on a whole byte */
    w.count = (w.count + 7) & ~7U;
    drain(&w);
    memcpy(w.out, flush, sizeof flush);
    return (size_t)(w.out - out) + sizeof flush;
}

/* ---- with repetitions ---- */

/* At most `room` bytes; 0 where that isn't enough. */
static size_t put_matches(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                          size_t room, int level) {
    static const uint32_t level_bytes[4] = {0, ISAL_DEF_LVL1_LARGE, ISAL_DEF_LVL2_LARGE,
                                            ISAL_DEF_LVL3_LARGE};
    struct isal_zstream *z = &run->stream;
    isal_deflate_init(z);
    z->level = (uint32_t)level;
    z->level_buf = run->level;
    z->level_buf_size = level_bytes[level];
    z->flush = FULL_FLUSH;
    z->next_in = (uint8_t *)(uintptr_t)in; /* ISA-L only reads there */
    z->avail_in = (uint32_t)size;
    z->next_out = out;
    z->avail_out = (uint32_t)room;
    const bool ok = isal_deflate(z) == COMP_OK && !z->avail_in && z->avail_out;
    return ok ? room - z->avail_out : 0;
}

/* A second buffer of `size` bytes; NULL when out of memory. */
static uint8_t *spare(deflate_run *run, size_t size) {
    if (size > run->spare_size) {
        free(run->spare);
        run->spare = malloc(size);
        run->spare_size = run->spare ? size : 0;
    }
    return run->spare;
}

/* Whether pieces of the data, joined, are smaller with repetitions. */
static bool matches_pay(deflate_run *run, const uint8_t *in, size_t size) {
    size_t piece = size / PROBE_SHARE < PROBE_LEAST ? PROBE_LEAST : size / PROBE_SHARE;
    piece = (piece < size ? piece : size) / PROBE_PIECES;
    uint8_t *sample = spare(run, 2 * PROBE_PIECES * piece + PROBE_LEAST);
    if (!sample || !piece) {
        return false;
    }
    uint64_t bits = 0;
    for (size_t k = 0; k < PROBE_PIECES; k++) {
        const uint8_t *from = in + (size - piece) / (PROBE_PIECES - 1) * k;
        memcpy(sample + k * piece, from, piece);
        for (size_t i = 0; i < piece; i++) {
            bits += run->literal[from[i]] >> 16;
        }
    }
    /* A few per cent less aren't worth the time. */
    const size_t room = (size_t)(bits / 8 - bits / 8 / 32) + 1;
    return put_matches(run, sample, PROBE_PIECES * piece, sample + PROBE_PIECES * piece,
                       room < PROBE_PIECES * piece ? room : PROBE_PIECES * piece, 1) > 0;
}

/* ---- the choice ---- */

/* Tries repetitions in less than `most` bytes; 0: they don't fit. */
static size_t try_matches(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                          size_t most, deflate_effort effort, int level) {
    if (effort == DEFLATE_LITERALS || (effort == DEFLATE_PROBED && !matches_pay(run, in, size))) {
        return 0;
    }
    if (effort == DEFLATE_BEST && codec_deflate_has_best()) {
        return codec_deflate_best(&run->best, in, size, out, most, level);
    }
    size_t least = 0;
    for (int k = 1; k <= (effort == DEFLATE_BEST ? 3 : 1); k++) {
        const size_t room = least ? least : most;
        uint8_t *to = k == 1 ? out : spare(run, most);
        const size_t got = to ? put_matches(run, in, size, to, room, k) : 0;
        if (got && to != out) {
            memcpy(out, to, got);
        }
        least = got ? got : least;
    }
    return least;
}

size_t codec_deflate(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                     deflate_effort effort, int level) {
    if (effort == DEFLATE_STORED) {
        return put_stored(in, size, out);
    }
    const size_t literals = plan_literals(run, in, size);
    const size_t most = literals < stored_size(size) ? literals : stored_size(size);
    const size_t got = try_matches(run, in, size, out, most, effort, level);
    if (got) {
        return got;
    }
    return literals < stored_size(size) ? put_literals(run, in, size, out)
                                        : put_stored(in, size, out);
}

bool codec_deflate_has_whole(deflate_effort effort) {
    return effort >= DEFLATE_PROBED && codec_deflate_has_best();
}

size_t codec_deflate_whole(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                           deflate_effort effort, int level) {
    enum { FAST = 1, SMALLER = 6 };
    const size_t most = codec_deflate_bound(size);
    const size_t fast = codec_deflate_best_whole(&run->best, in, size, out, most, FAST);
    if (!fast || effort == DEFLATE_PROBED) {
        return fast;
    }
    /* A higher level is smaller, as a rule. */
    level = effort == DEFLATE_BEST ? level : SMALLER;
    const size_t small = codec_deflate_best_whole(&run->best, in, size, out, most, level);
    return small == 0 || small <= fast
               ? small
               : codec_deflate_best_whole(&run->best, in, size, out, most, FAST);
}

uint32_t codec_adler_join(uint32_t first, uint32_t second, uint64_t size) {
    const uint64_t base = 65521, n = size % base;
    const uint64_t a1 = first & 0xFFFF, b1 = first >> 16, a2 = second & 0xFFFF, b2 = second >> 16;
    /* The second run began with a = 1 and b = 0, and added a to b `size` times. */
    const uint64_t a = (a1 + a2 + base - 1) % base;
    const uint64_t b = (b1 + b2 + n * (a1 + base - 1)) % base;
    return (uint32_t)(b << 16 | a);
}
