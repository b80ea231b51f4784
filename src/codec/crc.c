/* CRC-32 of ISO 3309 (PNG specification, annex D), eight bytes at a time: table[k][b] is what byte
 * b does to the remainder with k bytes after it. */
#include "codec/bytes.h"

void codec_crc_init(codec_crc *crc) {
    for (uint32_t b = 0; b < 256; b++) {
        uint32_t remainder = b;
        for (int bit = 0; bit < 8; bit++) {
            remainder = remainder >> 1 ^ (remainder & 1 ? 0xEDB88320U : 0);
        }
        crc->table[0][b] = remainder;
    }
    for (int k = 1; k < 8; k++) {
        for (uint32_t b = 0; b < 256; b++) {
            const uint32_t before = crc->table[k - 1][b];
            crc->table[k][b] = before >> 8 ^ crc->table[0][before & 255];
        }
    }
}

uint32_t codec_crc_of(const codec_crc *crc, const uint8_t *bytes, size_t size) {
    uint32_t remainder = 0xFFFFFFFFU;
    while (size >= 8) {
        const uint32_t low = remainder ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
                                          (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
        remainder = crc->table[7][low & 255] ^ crc->table[6][low >> 8 & 255] ^
                    crc->table[5][low >> 16 & 255] ^ crc->table[4][low >> 24] ^
                    crc->table[3][bytes[4]] ^ crc->table[2][bytes[5]] ^ crc->table[1][bytes[6]] ^
                    crc->table[0][bytes[7]];
        bytes += 8;
        size -= 8;
    }
    while (size--) {
        remainder = remainder >> 8 ^ crc->table[0][(remainder ^ *bytes++) & 255];
    }
    return ~remainder;
}
