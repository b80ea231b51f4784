/* TIFF 6.0, section 2; Exif 2.3, table 4 (orientation: one SHORT, resolutions: RATIONALs, in the
 * 0th IFD) and 4.6.5 (the size in pixels, in the Exif IFD). */
#include "codec/exif.h"

#include <string.h>

enum {
    TAG_WIDTH = 0x0100,
    TAG_HEIGHT = 0x0101,
    TAG_ORIENTATION = 0x0112,
    TAG_X_RESOLUTION = 0x011A,
    TAG_Y_RESOLUTION = 0x011B,
    TAG_UNIT = 0x0128, /* 2: inch, 3: centimetre */
    TAG_EXIF_IFD = 0x8769,
    TAG_PIXELS_X = 0xA002,
    TAG_PIXELS_Y = 0xA003,
    TYPE_SHORT = 3,
    TYPE_LONG = 4,
    TYPE_RATIONAL = 5,
    ENTRY_BYTES = 12
};

static uint32_t get16(const uint8_t *p, bool big) {
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t get32(const uint8_t *p, bool big) {
    return big ? get16(p, big) << 16 | get16(p + 2, big) : get16(p + 2, big) << 16 | get16(p, big);
}

bool codec_exif_valid(const uint8_t *exif, size_t size) {
    return size >= 8 && (memcmp(exif, "II*\0", 4) == 0 || memcmp(exif, "MM\0*", 4) == 0);
}

/* Where the IFD has the tag's value, or its offset if it has more than 4 bytes; 0: nowhere, or
 * it isn't a single value of this type. */
static size_t find_in(const uint8_t *exif, size_t size, size_t ifd, uint32_t tag, uint32_t type,
                      bool big) {
    if (ifd < 8 || ifd > size - 2) {
        return 0;
    }
    const size_t count = get16(exif + ifd, big);
    for (size_t i = 0; i < count; i++) {
        const size_t at = ifd + 2 + i * ENTRY_BYTES;
        if (at > size || size - at < ENTRY_BYTES) {
            return 0;
        }
        const uint8_t *entry = exif + at;
        if (get16(entry, big) == tag) {
            return get16(entry + 2, big) == type && get32(entry + 4, big) == 1 ? at + 8 : 0;
        }
    }
    return 0;
}

/* The same in the 0th IFD; fills *big. */
static size_t find_tag(const uint8_t *exif, size_t size, uint32_t tag, uint32_t type, bool *big) {
    if (!codec_exif_valid(exif, size)) {
        return 0;
    }
    *big = exif[0] == 'M';
    return find_in(exif, size, get32(exif + 4, *big), tag, type, *big);
}

static size_t find_orientation(const uint8_t *exif, size_t size, bool *big) {
    return find_tag(exif, size, TAG_ORIENTATION, TYPE_SHORT, big);
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

/* Overwrites `count` bytes with a number. */
static void put(uint8_t *p, uint32_t value, int count, bool big) {
    for (int i = 0; i < count; i++) {
        p[big ? count - 1 - i : i] = (uint8_t)(value >> 8 * i);
    }
}

/* Overwrites a tag of the IFD that is one SHORT or one LONG, if there is one. */
static void set_number(uint8_t *exif, size_t size, size_t ifd, uint32_t tag, uint32_t value,
                       bool big) {
    const size_t at_short = find_in(exif, size, ifd, tag, TYPE_SHORT, big);
    const size_t at_long = find_in(exif, size, ifd, tag, TYPE_LONG, big);
    if (at_short && value <= UINT16_MAX) {
        put(exif + at_short, value, 2, big);
    } else if (at_long) {
        put(exif + at_long, value, 4, big);
    }
}

void codec_exif_set_size(uint8_t *exif, size_t size, int width, int height) {
    bool big;
    const size_t at = find_tag(exif, size, TAG_EXIF_IFD, TYPE_LONG, &big);
    if (!codec_exif_valid(exif, size)) {
        return;
    }
    big = exif[0] == 'M';
    const size_t first = get32(exif + 4, big), second = at ? get32(exif + at, big) : 0;
    set_number(exif, size, first, TAG_WIDTH, (uint32_t)width, big);
    set_number(exif, size, first, TAG_HEIGHT, (uint32_t)height, big);
    set_number(exif, size, second, TAG_PIXELS_X, (uint32_t)width, big);
    set_number(exif, size, second, TAG_PIXELS_Y, (uint32_t)height, big);
}

/* A fraction above 0, or 0. */
static double get_rational(const uint8_t *exif, size_t size, uint32_t tag) {
    bool big;
    const size_t at = find_tag(exif, size, tag, TYPE_RATIONAL, &big);
    const size_t offset = at ? get32(exif + at, big) : size;
    if (offset > size || size - offset < 8) {
        return 0;
    }
    const double above = get32(exif + offset, big), below = get32(exif + offset + 4, big);
    return below > 0 ? above / below : 0;
}

bool codec_exif_density(const uint8_t *exif, size_t size, double *x, double *y) {
    bool big;
    const size_t at = find_tag(exif, size, TAG_UNIT, TYPE_SHORT, &big);
    const uint32_t unit = at ? get16(exif + at, big) : 2;
    const double per_metre = unit == 2 ? 1 / 0.0254 : unit == 3 ? 100 : 0;
    const double across = get_rational(exif, size, TAG_X_RESOLUTION) * per_metre;
    const double down = get_rational(exif, size, TAG_Y_RESOLUTION) * per_metre;
    if (!(across > 0 && down > 0)) {
        return false;
    }
    *x = across;
    *y = down;
    return true;
}
