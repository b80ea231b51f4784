#include "codec/png/isal_literals.h"

#include <string.h>

enum {
    END_OF_BLOCK = 256,
    LENGTHS = LITERALS_SYMBOLS + 2, /* of literals, and of two distances */
    LENGTH_BITS = 7,
    SAME = 16,       /* the length before, 3 to 6 times */
    ZEROS = 17,      /* 3 to 10 of them */
    MORE_ZEROS = 18, /* 11 to 138 */
    MOST_SAME = 6,
    MOST_ZEROS = 138,
};

/* ---- bits ---- */

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

static inline void put_code(bit_writer *w, uint32_t code) {
    put_bits(w, code & 0xFFFF, code >> 16);
}

/* ---- the block's head: the lengths of its codes (RFC 1951, 3.2.7) ---- */

/* A symbol of the code for lengths, and what follows it. */
typedef struct length_symbol {
    uint8_t symbol, extra;
} length_symbol;

static const uint8_t extra_bits[HUFFMAN_LENGTHS] = {[SAME] = 2, [ZEROS] = 3, [MORE_ZEROS] = 7};

static size_t run_of(const uint8_t *lengths, size_t at, size_t most) {
    size_t run = 1;
    while (run < most && at + run < LENGTHS && lengths[at + run] == lengths[at]) {
        run++;
    }
    return run;
}

/* Lengths that come several times in a row are told once. */
static size_t shorten(const uint8_t lengths[LENGTHS], length_symbol out[LENGTHS]) {
    size_t n = 0;
    for (size_t at = 0, run; at < LENGTHS; at += run) {
        const uint8_t length = lengths[at];
        const bool again = at > 0 && length == lengths[at - 1];
        run = run_of(lengths, at, length ? MOST_SAME : MOST_ZEROS);
        if (length == 0 && run >= 11) {
            out[n++] = (length_symbol){MORE_ZEROS, (uint8_t)(run - 11)};
        } else if (length == 0 && run >= 3) {
            out[n++] = (length_symbol){ZEROS, (uint8_t)(run - 3)};
        } else if (length != 0 && again && run >= 3) {
            out[n++] = (length_symbol){SAME, (uint8_t)(run - 3)};
        } else {
            out[n++] = (length_symbol){length, 0};
            run = 1;
        }
    }
    return n;
}

static void put_header(deflate_literals *plan, const uint8_t lengths[LENGTHS]) {
    length_symbol told[LENGTHS];
    uint32_t counts[HUFFMAN_LENGTHS] = {0}, codes[HUFFMAN_LENGTHS];
    uint8_t own[HUFFMAN_LENGTHS];
    const size_t n = shorten(lengths, told);
    for (size_t i = 0; i < n; i++) {
        counts[told[i].symbol]++;
    }
    codec_huffman_lengths(counts, HUFFMAN_LENGTHS, LENGTH_BITS, own);
    codec_huffman_codes(own, HUFFMAN_LENGTHS, codes);
    unsigned given = HUFFMAN_LENGTHS;
    while (given > 4 && own[codec_huffman_order[given - 1]] == 0) {
        given--;
    }
    bit_writer w = {.out = plan->header};
    put_bits(&w, 2 << 1, 3); /* not the last block; with codes of its own */
    put_bits(&w, LITERALS_SYMBOLS - 257, 5);
    put_bits(&w, LENGTHS - LITERALS_SYMBOLS - 1, 5);
    put_bits(&w, given - 4, 4);
    for (unsigned i = 0; i < given; i++) {
        drain(&w);
        put_bits(&w, own[codec_huffman_order[i]], 3);
    }
    for (size_t i = 0; i < n; i++) {
        drain(&w);
        put_code(&w, codes[told[i].symbol]);
        put_bits(&w, told[i].extra, extra_bits[told[i].symbol]);
    }
    plan->header_bits = (unsigned)(w.out - plan->header) * 8 + w.count;
    drain(&w);
    *w.out = (uint8_t)w.bits;
}

/* ---- the bytes ---- */

/* Four tables, so that equal bytes in a row don't wait for each other. */
static void count_bytes(const uint8_t *in, size_t size, uint32_t counts[256]) {
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
        counts[b] = part[0][b] + part[1][b] + part[2][b] + part[3][b];
    }
}

uint64_t codec_literals_plan(deflate_literals *plan, const uint8_t *in, size_t size) {
    uint32_t counts[LITERALS_SYMBOLS];
    /* No distance is needed; but a code of fewer than two isn't read by all programs. */
    uint8_t lengths[LENGTHS] = {[LITERALS_SYMBOLS] = 1, [LITERALS_SYMBOLS + 1] = 1};
    count_bytes(in, size, counts);
    counts[END_OF_BLOCK] = 1;
    codec_huffman_lengths(counts, LITERALS_SYMBOLS, HUFFMAN_BITS, lengths);
    codec_huffman_codes(lengths, LITERALS_SYMBOLS, plan->code);
    put_header(plan, lengths);
    uint64_t bits = plan->header_bits;
    plan->symbols = 0;
    for (size_t s = 0; s < LITERALS_SYMBOLS; s++) {
        bits += (uint64_t)counts[s] * lengths[s];
        plan->symbols += counts[s] > 0;
    }
    return bits;
}

/* Two literals have at most 30 bits. */
static inline uint64_t pair(const uint32_t *code, const uint8_t *in, unsigned *count) {
    const uint32_t a = code[in[0]], b = code[in[1]];
    *count = (a >> 16) + (b >> 16);
    return (a & 0xFFFF) | (uint64_t)(b & 0xFFFF) << (a >> 16);
}

static void put_bytes(bit_writer *w, const uint32_t *code, const uint8_t *in, size_t size) {
    size_t i = 0;
    for (; i + 4 <= size; i += 4) {
        unsigned first, second;
        const uint64_t low = pair(code, in + i, &first);
        const uint64_t high = pair(code, in + i + 2, &second);
        put_bits(w, low, first);
        if (first + second > 56) { /* four rare codes */
            drain(w);
        }
        put_bits(w, high, second);
        drain(w);
    }
    for (; i < size; i++) {
        put_code(w, code[in[i]]);
        drain(w);
    }
}

size_t codec_literals_put(const deflate_literals *plan, const uint8_t *in, size_t size, bool last,
                          uint8_t *out) {
    static const uint8_t flush[4] = {0, 0, 0xFF, 0xFF}; /* LEN and NLEN of an empty stored block */
    const unsigned whole = plan->header_bits / 8;
    memcpy(out, plan->header, whole);
    out[0] |= last;
    bit_writer w = {.out = out + whole};
    put_bits(&w, plan->header[whole], plan->header_bits % 8);
    put_bytes(&w, plan->code, in, size);
    put_code(&w, plan->code[END_OF_BLOCK]);
    put_bits(&w, 0, last ? 0 : 3); /* a stored block, whose length begins on a whole byte */
    w.count = (w.count + 7) & ~7U;
    drain(&w);
    if (!last) {
        memcpy(w.out, flush, sizeof flush);
        w.out += sizeof flush;
    }
    return (size_t)(w.out - out);
}
