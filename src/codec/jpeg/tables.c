#include "codec/jpeg/tables.h"

#include "base/text.h"

enum { LENGTHS = 16, MOST_CODES = 256 };

static bool cut_short(const char *what, ct_error *err) {
    return ct_fail(err, "damaged: a %s table is longer than its segment", what);
}

bool codec_jpeg_take_dqt(codec_jpeg_tables *tables, const uint8_t *data, size_t size,
                         ct_error *err) {
    while (size) {
        const int bits = data[0] >> 4, id = data[0] & 15;
        const size_t bytes = 1 + (bits ? 128U : 64U);
        if (bits > 1 || id > 3) {
            return ct_fail(err, "damaged: quantization table number %d, kind %d, is invalid", id,
                           bits);
        }
        if (size < bytes) {
            return cut_short("quantization", err);
        }
        tables->quantization[id] = true;
        data += bytes;
        size -= bytes;
    }
    return true;
}

/* How many codes have each length from 1 to 16: they are assigned in order, and must not run
 * out. */
static bool check_lengths(const uint8_t counts[LENGTHS], size_t *codes, ct_error *err) {
    uint32_t next = 0;
    *codes = 0;
    for (int i = 0; i < LENGTHS; i++) {
        next = (next << 1) + counts[i];
        *codes += counts[i];
        if (next > (uint32_t)1 << (i + 1)) {
            return ct_fail(err, "damaged: a Huffman table has too many codes of %s",
                           ct_count((uint64_t)i + 1, "bit").text);
        }
    }
    return *codes <= MOST_CODES ||
           ct_fail(err, "damaged: a Huffman table of %zu codes; the limit is %d", *codes,
                   MOST_CODES);
}

bool codec_jpeg_take_dht(codec_jpeg_tables *tables, const uint8_t *data, size_t size,
                         ct_error *err) {
    while (size) {
        const int kind = data[0] >> 4, id = data[0] & 15;
        size_t codes;
        if (kind > 1 || id > 3) {
            return ct_fail(err, "damaged: Huffman table number %d, kind %d, is invalid", id, kind);
        }
        if (size < 1 + LENGTHS) {
            return cut_short("Huffman", err);
        }
        if (!check_lengths(data + 1, &codes, err)) {
            return false;
        }
        if (size < 1 + LENGTHS + codes) {
            return cut_short("Huffman", err);
        }
        tables->huffman[kind][id] = true;
        data += 1 + LENGTHS + codes;
        size -= 1 + LENGTHS + codes;
    }
    return true;
}
