/* What is refused before anything is allocated. */
#include <stdlib.h>

#include "base/checked.h"
#include "base/text.h"
#include "codec/format.h"

codec_limits codec_default_limits(void) {
    return (codec_limits){
        .max_side = 65535,
        .max_plain_side = 1 << 24,
        .max_pixels = (uint64_t)1 << 28,
        .max_memory = (uint64_t)1 << 32,
        .max_scans = 500,
    };
}

bool codec_check_size(const codec_limits *limits, uint64_t width, uint64_t height, ct_error *err) {
    const unsigned long long w = width, h = height;
    const uint64_t side = limits->max_side > 0 ? (uint64_t)limits->max_side : 0;
    if (!width || !height) {
        return ct_fail(err, "%llux%llu pixels: an image needs at least one", w, h);
    }
    if (width > side) {
        return ct_fail(err, "%llux%llu pixels: wider than the limit of %d (--max-side)", w, h,
                       limits->max_side);
    }
    if (height > side) {
        return ct_fail(err, "%llux%llu pixels: higher than the limit of %d (--max-side)", w, h,
                       limits->max_side);
    }
    if (width * height > limits->max_pixels) {
        return ct_fail(err, "%llux%llu pixels: more than the limit of %llu pixels (--max-pixels)",
                       w, h, (unsigned long long)limits->max_pixels);
    }
    return true;
}

uint8_t *codec_alloc_image(const codec_info *info, uint64_t max_memory, ct_error *err) {
    return codec_alloc_rows(info, codec_row_bytes(info), max_memory, err);
}

uint8_t *codec_alloc_rows(const codec_info *info, size_t row_bytes, uint64_t max_memory,
                          ct_error *err) {
    size_t bytes;
    if (!ct_mul(row_bytes, (size_t)info->height, &bytes)) {
        bytes = SIZE_MAX;
    }
    if (bytes > max_memory) {
        ct_fail(err, "%dx%d pixels need %s of memory; the limit is %s (--max-memory)", info->width,
                info->height, ct_size_of(bytes).text, ct_size_of(max_memory).text);
        return NULL;
    }
    uint8_t *image = malloc(bytes ? bytes : 1);
    if (!image) {
        ct_fail(err, "out of memory");
    }
    return image;
}
