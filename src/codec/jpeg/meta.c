#include "codec/jpeg/meta.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec/exif.h"

enum { ICC_HEAD = 14, EXIF_HEAD = 6 };

void codec_jpeg_take_density(int unit, uint32_t x, uint32_t y, codec_meta *meta) {
    const double per_metre = unit == 1 ? 1 / 0.0254 : unit == 2 ? 100 : 0;
    if (x && y) {
        meta->density_x = x * per_metre;
        meta->density_y = y * per_metre;
    }
}

/* JFIF: "JFIF", NUL, version (2), unit, x and y density (2 each), thumbnail. */
static void take_jfif(const uint8_t *data, size_t size, codec_meta *meta) {
    if (size >= 14 && memcmp(data, "JFIF", 5) == 0) {
        codec_jpeg_take_density(data[7], codec_get16(data + 8), codec_get16(data + 10), meta);
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

void codec_jpeg_free_icc(codec_jpeg_icc *icc) {
    for (int i = 1; i <= icc->count; i++) {
        free(icc->piece[i]);
    }
    *icc = (codec_jpeg_icc){0};
}

/* The first reason stays. */
static void wrong_icc(codec_jpeg_icc *icc, const char *format, int a, int b) {
    if (!icc->wrong[0]) {
        snprintf(icc->wrong, sizeof icc->wrong, format, a, b);
    }
}

static bool take_icc(const uint8_t *data, size_t size, codec_jpeg_icc *icc, ct_error *err) {
    if (size <= ICC_HEAD || memcmp(data, "ICC_PROFILE", 12) != 0) {
        return true;
    }
    const int number = data[12], count = data[13];
    if (number < 1 || number > count) {
        wrong_icc(icc, "a piece is numbered %d of %d", number, count);
        return true;
    }
    if (icc->count && icc->count != count) {
        wrong_icc(icc, "some pieces say there are %d, others %d", icc->count, count);
        return true;
    }
    icc->count = count;
    if (icc->piece[number]) {
        wrong_icc(icc, "piece %d of %d appears twice", number, count);
        return true;
    }
    icc->size[number] = size - ICC_HEAD;
    icc->piece[number] = malloc(icc->size[number]);
    if (!icc->piece[number]) {
        return ct_fail(err, "out of memory");
    }
    memcpy(icc->piece[number], data + ICC_HEAD, icc->size[number]);
    return true;
}

bool codec_jpeg_take_app(int number, const uint8_t *data, size_t size, codec_meta *meta,
                         codec_jpeg_icc *icc, ct_error *err) {
    if (number == 0) {
        take_jfif(data, size, meta);
    } else if (number == 1) {
        return take_exif(data, size, meta, err);
    } else if (number == 2) {
        return take_icc(data, size, icc, err);
    }
    return true;
}

static bool join_icc(codec_jpeg_icc *icc, codec_meta *meta, codec_warnings *warnings,
                     ct_error *err) {
    size_t size = 0;
    for (int i = 1; i <= icc->count; i++) {
        if (!icc->piece[i]) {
            wrong_icc(icc, "piece %d of %d is missing", i, icc->count);
        }
        size += icc->size[i];
    }
    if (icc->wrong[0]) {
        codec_warn(warnings, CODEC_BESIDE, "its ICC profile is dropped: %s", icc->wrong);
        return true;
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

bool codec_jpeg_end_meta(codec_jpeg_icc *icc, codec_meta *meta, codec_warnings *warnings,
                         ct_error *err) {
    if (!(meta->density_x > 0) && meta->exif) {
        codec_exif_density(meta->exif, meta->exif_size, &meta->density_x, &meta->density_y);
    }
    return join_icc(icc, meta, warnings, err);
}
