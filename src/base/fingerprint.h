/* A hash that tells different bytes apart: 32-bit FNV-1a. Not safe against malice. */
#ifndef CT_BASE_FINGERPRINT_H
#define CT_BASE_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#define CT_FINGERPRINT_START UINT32_C(0x811C9DC5)

/* Continues from `before`: CT_FINGERPRINT_START in the first call. */
static inline uint32_t ct_fingerprint(uint32_t before, const void *bytes, size_t size) {
    const uint8_t *p = bytes;
    for (size_t i = 0; i < size; i++) {
        before = (before ^ p[i]) * UINT32_C(0x01000193);
    }
    return before;
}

#endif
