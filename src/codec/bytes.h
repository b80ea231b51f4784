/* Numbers in files: big-endian, and the CRC of PNG. Internal to src/codec. */
#ifndef CT_CODEC_BYTES_H
#define CT_CODEC_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t codec_get16(const uint8_t *p) {
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t codec_get32(const uint8_t *p) {
    return codec_get16(p) << 16 | codec_get16(p + 2);
}

static inline void codec_put16(uint8_t *p, uint32_t value) {
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void codec_put32(uint8_t *p, uint32_t value) {
    codec_put16(p, value >> 16);
    codec_put16(p + 2, value);
}

/* The CRC-32 of ISO 3309, as PNG uses it, of the bytes. */
uint32_t codec_crc_of(const uint8_t *bytes, size_t size);

#endif
