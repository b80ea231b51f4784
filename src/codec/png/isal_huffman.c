/* ISA-L's own codes take longer to build than all else that a small image needs: 17 us, and these
 * 3 (64x64 pixels, one channel). */
#include "codec/png/isal_huffman.h"

#include <stdbool.h>
#include <string.h>

const uint8_t codec_huffman_order[HUFFMAN_LENGTHS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                      11, 4,  12, 3, 13, 2, 14, 1, 15};

typedef struct leaf {
    uint32_t count;
    uint16_t symbol;
} leaf;

/* Sorts by one byte of the counts; equal ones keep their order. */
static void sort_by(const leaf *from, leaf *to, size_t n, unsigned shift) {
    size_t begin[257] = {0};
    for (size_t i = 0; i < n; i++) {
        begin[(from[i].count >> shift & 0xFF) + 1]++;
    }
    for (size_t b = 1; b < 256; b++) {
        begin[b] += begin[b - 1];
    }
    for (size_t i = 0; i < n; i++) {
        to[begin[from[i].count >> shift & 0xFF]++] = from[i];
    }
}

/* The symbols that come, rarest first; how many. */
static size_t sort_leaves(const uint32_t *counts, size_t symbols, leaf leaves[HUFFMAN_SYMBOLS]) {
    leaf other[HUFFMAN_SYMBOLS], *from = leaves, *to = other;
    size_t n = 0;
    uint32_t all = 0;
    for (size_t s = 0; s < symbols; s++) {
        leaves[n] = (leaf){.count = counts[s], .symbol = (uint16_t)s};
        n += counts[s] > 0;
        all |= counts[s];
    }
    for (unsigned shift = 0; shift < 32 && all >> shift; shift += 8) {
        sort_by(from, to, n, shift);
        leaf *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != leaves) {
        memcpy(leaves, from, n * sizeof *leaves);
    }
    return n;
}

/* How many leaves of Huffman's tree are so deep. The two rarest nodes become one, again and again:
 * leaves and joined nodes each come in the order of their counts. */
static void count_depths(const leaf *leaves, size_t n, size_t at[HUFFMAN_SYMBOLS]) {
    uint32_t count[2 * HUFFMAN_SYMBOLS];
    uint16_t parent[2 * HUFFMAN_SYMBOLS], depth[2 * HUFFMAN_SYMBOLS];
    size_t next_leaf = 0, next_joined = n;
    for (size_t i = 0; i < n; i++) {
        count[i] = leaves[i].count;
    }
    for (size_t made = n; made < 2 * n - 1; made++) {
        count[made] = 0;
        for (int k = 0; k < 2; k++) {
            const bool leaf_next =
                next_leaf < n && (next_joined == made || count[next_leaf] <= count[next_joined]);
            const size_t rarest = leaf_next ? next_leaf++ : next_joined++;
            count[made] += count[rarest];
            parent[rarest] = (uint16_t)made;
        }
    }
    depth[2 * n - 2] = 0;
    for (size_t i = 2 * n - 2; i-- > 0;) {
        depth[i] = depth[parent[i]] + 1;
        at[depth[i]] += i < n;
    }
}

/* Cuts codes to `most` bits. Each then takes 2^-most of the room that all have; too much room is
 * made good by lengthening a shorter one, whose second half takes one of the cut ones in. */
static void limit(size_t at[HUFFMAN_SYMBOLS], unsigned most) {
    size_t room = 0;
    for (size_t d = most + 1; d < HUFFMAN_SYMBOLS; d++) {
        at[most] += at[d];
        at[d] = 0;
    }
    for (size_t d = 1; d <= most; d++) {
        room += at[d] << (most - d);
    }
    for (; room > (size_t)1 << most; room--) {
        size_t d = most - 1;
        while (at[d] == 0) {
            d--;
        }
        at[most]--;
        at[d]--;
        at[d + 1] += 2;
    }
}

void codec_huffman_lengths(const uint32_t *counts, size_t symbols, unsigned most,
                           uint8_t *lengths) {
    leaf leaves[HUFFMAN_SYMBOLS];
    size_t at[HUFFMAN_SYMBOLS] = {0};
    const size_t n = sort_leaves(counts, symbols, leaves);
    count_depths(leaves, n, at);
    limit(at, most);
    memset(lengths, 0, symbols);
    const leaf *next = leaves;
    for (size_t d = most; d > 0; d--) {
        for (size_t i = 0; i < at[d]; i++) {
            lengths[next++->symbol] = (uint8_t)d;
        }
    }
}

static uint32_t reversed(uint32_t code, unsigned length) {
    code = (code & 0x5555) << 1 | (code >> 1 & 0x5555);
    code = (code & 0x3333) << 2 | (code >> 2 & 0x3333);
    code = (code & 0x0F0F) << 4 | (code >> 4 & 0x0F0F);
    code = (code & 0x00FF) << 8 | code >> 8;
    return code >> (16 - length);
}

void codec_huffman_codes(const uint8_t *lengths, size_t symbols, uint32_t *codes) {
    uint32_t count[HUFFMAN_BITS + 1] = {0}, next[HUFFMAN_BITS + 1] = {0};
    for (size_t s = 0; s < symbols; s++) {
        count[lengths[s]]++;
    }
    for (size_t d = 2; d <= HUFFMAN_BITS; d++) {
        next[d] = (next[d - 1] + count[d - 1]) << 1;
    }
    for (size_t s = 0; s < symbols; s++) {
        const unsigned length = lengths[s];
        codes[s] = length ? (uint32_t)length << 16 | reversed(next[length]++, length) : 0;
    }
}
