#include "codec/jpeg_meta.h"

#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec/exif.h"

enum { ICC_HEAD = 14, EXIF_HEAD = 6 };

/* JFIF: "JFIF", NUL, version (2), unit, x and y density (2 each), thumbnail. */
static void take_jfif(const uint8_t *data, size_t size, codec_meta *meta) {
    if (size < 14 || memcmp(data, "JFIF", 5) != 0) {
        return;
    }
    /* 1: per inch, 2: per centimetre; 0 is an aspect ratio alone. */
    const double per_metre = data[7] == 1 ? 1 / 0.0254 : data[7] == 2 ? 100 : 0;
    const uint32_t x = codec_get16(data + 8), y = codec_get16(data + 10);
    if (x && y) {
        meta->density_x = x * per_metre;
        meta->density_y = y * per_metre;
    }
}

static bool take_exif(const uint8_t *data, size_t size, codec_meta *meta, ct_error *err) {
    if (meta->exif || size < EXIF_HEAD || memcmp(data, "Exif\0", EXIF_HEAD) != 0 ||
        !codec_exif_valid(data + EXIF_HEAD, size - EXIF_HEAD)) {
        return true;
    }
    meta->exif_size = size - EXIF_HEAD;
    meta->exif = malloc(meta->exif_size);
    if (!meta->exif) {
        return ct_fail(err, "out of memory");
    }
    memcpy(meta->exif, data + EXIF_HEAD, meta->exif_size);
    meta->orientation = codec_exif_orientation(meta->exif, meta->exif_size);
    return true;
}

static void take_icc(const uint8_t *data, size_t size, codec_jpeg_icc *icc) {
    if (size < ICC_HEAD || memcmp(data, "ICC_PROFILE", 12) != 0) {
        return;
    }
    const int number = data[12], count = data[13];
    if (number < 1 || number > count || (icc->count && icc->count != count) || icc->piece[number]) {
        icc->count = -1;
        return;
    }
    icc->count = count;
    icc->piece[number] = data + ICC_HEAD;
    icc->size[number] = size - ICC_HEAD;
}

bool codec_jpeg_take_app(int number, const uint8_t *data, size_t size, codec_meta *meta,
                         codec_jpeg_icc *icc, ct_error *err) {
    if (number == 0) {
        take_jfif(data, size, meta);
    } else if (number == 1) {
        return take_exif(data, size, meta, err);
    } else if (number == 2) {
        take_icc(data, size, icc);
    }
    return true;
}

bool codec_jpeg_join_icc(const codec_jpeg_icc *icc, codec_meta *meta, ct_error *err) {
    size_t size = 0;
    for (int i = 1; i <= icc->count; i++) {
        if (!icc->piece[i]) {
            return true;
        }
        size += icc->size[i];
    }
    if (!size) {
        return true;
    }
    meta->icc = malloc(size);
    if (!meta->icc) {
        return ct_fail(err, "out of memory");
    }
    for (int i = 1; i <= icc->count; i++) {
        memcpy(meta->icc + meta->icc_size, icc->piece[i], icc->size[i]);
        meta->icc_size += icc->size[i];
    }
    return true;
}
