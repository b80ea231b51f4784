/* CRC-32 of ISO 3309 (PNG specification, annex D), eight bytes at a time: table[k][b] is what byte
 * b does to the remainder with k bytes after it. */
#include <pthread.h>

#include "codec/bytes.h"

static uint32_t table[8][256];

static void make_tables(void) {
    for (uint32_t b = 0; b < 256; b++) {
        uint32_t remainder = b;
        for (int bit = 0; bit < 8; bit++) {
            remainder = remainder >> 1 ^ (remainder & 1 ? 0xEDB88320U : 0);
        }
        table[0][b] = remainder;
    }
    for (int k = 1; k < 8; k++) {
        for (uint32_t b = 0; b < 256; b++) {
            const uint32_t before = table[k - 1][b];
            table[k][b] = before >> 8 ^ table[0][before & 255];
        }
    }
}

uint32_t codec_crc_of(const uint8_t *bytes, size_t size) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_tables);
    uint32_t remainder = 0xFFFFFFFFU;
    while (size >= 8) {
        const uint32_t low = remainder ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
                                          (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
        remainder = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255] ^
                    table[4][low >> 24] ^ table[3][bytes[4]] ^ table[2][bytes[5]] ^
                    table[1][bytes[6]] ^ table[0][bytes[7]];
        bytes += 8;
        size -= 8;
    }
    while (size--) {
        remainder = remainder >> 8 ^ table[0][(remainder ^ *bytes++) & 255];
    }
    return ~remainder;
}
