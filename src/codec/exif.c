/* TIFF 6.0, section 2; Exif 2.3, table 4 (orientation: tag 0x0112, one SHORT, in the 0th IFD). */
#include "codec/exif.h"

#include <string.h>

enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12 };

static uint32_t get16(const uint8_t *p, bool big) {
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t get32(const uint8_t *p, bool big) {
    return big ? get16(p, big) << 16 | get16(p + 2, big) : get16(p + 2, big) << 16 | get16(p, big);
}

bool codec_exif_valid(const uint8_t *exif, size_t size) {
    return size >= 8 && (memcmp(exif, "II*\0", 4) == 0 || memcmp(exif, "MM\0*", 4) == 0);
}

/* Where the two bytes of the value are; 0: nowhere. */
static size_t find_orientation(const uint8_t *exif, size_t size, bool *big) {
    if (!codec_exif_valid(exif, size)) {
        return 0;
    }
    *big = exif[0] == 'M';
    const size_t ifd = get32(exif + 4, *big);
    if (ifd < 8 || ifd > size - 2) {
        return 0;
    }
    const size_t count = get16(exif + ifd, *big);
    for (size_t i = 0; i < count; i++) {
        const size_t at = ifd + 2 + i * ENTRY_BYTES;
        if (at > size || size - at < ENTRY_BYTES) {
            return 0;
        }
        const uint8_t *entry = exif + at;
        if (get16(entry, *big) == TAG_ORIENTATION) {
            return get16(entry + 2, *big) == TYPE_SHORT && get32(entry + 4, *big) == 1 ? at + 8 : 0;
        }
    }
    return 0;
}

int codec_exif_orientation(const uint8_t *exif, size_t size) {
    bool big;
    const size_t at = find_orientation(exif, size, &big);
    const uint32_t value = at ? get16(exif + at, big) : 0;
    return value >= 1 && value <= 8 ? (int)value : 0;
}

void codec_exif_set_orientation(uint8_t *exif, size_t size, int orientation) {
    bool big;
    const size_t at = find_orientation(exif, size, &big);
    if (at) {
        exif[at + (big ? 0 : 1)] = 0;
        exif[at + (big ? 1 : 0)] = (uint8_t)orientation;
    }
}
