/* libdeflate has no flush: its stream is parsed, block by block (RFC 1951), to find where the last
 * block begins and ends. Symbols are read and discarded. */
#include <string.h>

#include "codec/png/isal_deflate_reopen.h"
#include "codec/png/isal_huffman.h"

enum {
    CODE_TABLE = 1 << HUFFMAN_BITS,
    LITERALS = 288,
    DISTANCES = 32,
    END_OF_BLOCK = 256,
};

typedef struct bit_reader {
    const uint8_t *bytes;
    uint64_t at; /* in bits */
} bit_reader;

/* A code's symbols, indexed by the next 15 bits: symbol << 4 | length. */
typedef struct code_table {
    uint16_t entry[CODE_TABLE];
} code_table;

/* At least 32 bits, the next in the lowest place. */
static uint64_t peek(const bit_reader *r) {
    const uint8_t *p = r->bytes + r->at / 8;
    const uint64_t bits = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
                          (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32;
    return bits >> (r->at & 7);
}

static unsigned take(bit_reader *r, unsigned count) {
    const unsigned value = (unsigned)(peek(r) & ((1U << count) - 1));
    r->at += count;
    return value;
}

static unsigned symbol(bit_reader *r, const code_table *table) {
    const unsigned entry = table->entry[peek(r) & (CODE_TABLE - 1)];
    r->at += entry & 15;
    return entry >> 4;
}

static void build(code_table *table, const uint8_t *lengths, unsigned count) {
    uint32_t codes[HUFFMAN_SYMBOLS];
    codec_huffman_codes(lengths, count, codes);
    for (unsigned s = 0; s < count; s++) {
        const unsigned length = codes[s] >> 16;
        for (unsigned i = codes[s] & 0xFFFF; length && i < CODE_TABLE; i += 1U << length) {
            table->entry[i] = (uint16_t)(s << 4 | length);
        }
    }
}

static void read_static(code_table *literals, code_table *distances) {
    uint8_t lengths[LITERALS];
    for (unsigned s = 0; s < LITERALS; s++) {
        lengths[s] = s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8;
    }
    build(literals, lengths, LITERALS);
    memset(lengths, 5, DISTANCES);
    build(distances, lengths, DISTANCES);
}

/* RFC 1951, 3.2.7. */
static void read_dynamic(bit_reader *r, code_table *literals, code_table *distances) {
    uint8_t lengths[LITERALS + DISTANCES + 138] = {0}, of_lengths[HUFFMAN_LENGTHS] = {0};
    const unsigned literal_count = take(r, 5) + 257, distance_count = take(r, 5) + 1;
    const unsigned order_count = take(r, 4) + 4;
    for (unsigned i = 0; i < order_count; i++) {
        of_lengths[codec_huffman_order[i]] = (uint8_t)take(r, 3);
    }
    build(literals, of_lengths, HUFFMAN_LENGTHS);
    for (unsigned i = 0; i < literal_count + distance_count;) {
        const unsigned s = symbol(r, literals);
        const unsigned times = s < 16    ? 1
                               : s == 16 ? take(r, 2) + 3
                               : s == 17 ? take(r, 3) + 3
                                         : take(r, 7) + 11;
        const uint8_t value = (uint8_t)(s < 16 ? s : s == 16 && i ? lengths[i - 1] : 0);
        memset(lengths + i, value, times);
        i += times;
    }
    build(literals, lengths, literal_count);
    build(distances, lengths + literal_count, distance_count);
}

static void skip_symbols(bit_reader *r, const code_table *literals, const code_table *distances) {
    while (true) {
        const unsigned s = symbol(r, literals);
        if (s == END_OF_BLOCK) {
            return;
        }
        if (s > END_OF_BLOCK) {
            const unsigned length = s - 257;
            take(r, length < 8 || length == 28 ? 0 : length / 4 - 1);
            const unsigned distance = symbol(r, distances);
            take(r, distance < 4 ? 0 : distance / 2 - 1);
        }
    }
}

static void skip_stored(bit_reader *r) {
    r->at = (r->at + 7) / 8 * 8;
    const unsigned length = take(r, 16);
    r->at += 16 + 8 * (uint64_t)length;
}

size_t codec_deflate_reopen(uint8_t *stream, size_t size) {
    code_table literals, distances;
    bit_reader r = {.bytes = stream};
    uint64_t head;
    bool last;
    memset(stream + size, 0, 8);
    do {
        head = r.at;
        last = take(&r, 1);
        const unsigned kind = take(&r, 2);
        if (kind == 0) {
            skip_stored(&r);
            continue;
        }
        if (kind == 1) {
            read_static(&literals, &distances);
        } else {
            read_dynamic(&r, &literals, &distances);
        }
        skip_symbols(&r, &literals, &distances);
    } while (!last);
    stream[head / 8] &= (uint8_t) ~(1U << (head & 7));
    /* The head of a stored block is three zeros, and so are the bits up to the next whole byte. */
    const size_t end = (size_t)((r.at + 3 + 7) / 8);
    static const uint8_t flush[4] = {0, 0, 0xFF, 0xFF};
    memcpy(stream + end, flush, sizeof flush);
    return end + sizeof flush;
}
