#include "codec/jpeg/meta_write.h"

#include <math.h>

#include "codec/bytes.h"
#include "codec/exif.h"
#include "codec/format.h"
#include "codec/icc_make.h"

/* A segment's length counts itself. */
enum { SEGMENT_MOST = 65535 - 2, APP1 = 0xE1, APP2 = 0xE2 };

bool codec_jpeg_density(const codec_meta *meta, uint32_t *x, uint32_t *y) {
    const double across = round(meta->density_x * 0.0254), down = round(meta->density_y * 0.0254);
    if (!(across >= 1 && across <= 65535 && down >= 1 && down <= 65535)) {
        return false;
    }
    *x = (uint32_t)across;
    *y = (uint32_t)down;
    return true;
}

static bool add_segment(ct_text *out, int marker, const void *head, size_t head_size,
                        const uint8_t *data, size_t size, ct_error *err) {
    uint8_t start[4] = {0xFF, (uint8_t)marker, 0, 0};
    codec_put16(start + 2, (uint32_t)(2 + head_size + size));
    return (ct_text_add(out, start, sizeof start) && ct_text_add(out, head, head_size) &&
            ct_text_add(out, data, size)) ||
           ct_fail(err, "out of memory");
}

/* Exif has to fit one segment (Exif 2.3, 4.7.2); a larger one, which a PNG may have, is left
 * out. */
static bool add_exif(ct_text *out, codec_meta *meta, ct_error *err) {
    static const char head[6] = "Exif\0";
    if (!meta->exif || meta->exif_size > SEGMENT_MOST - sizeof head) {
        return true;
    }
    codec_exif_set_orientation(meta->exif, meta->exif_size,
                               meta->orientation ? meta->orientation : 1);
    return add_segment(out, APP1, head, sizeof head, meta->exif, meta->exif_size, err);
}

static bool add_profile(ct_text *out, const uint8_t *icc, size_t size, ct_error *err) {
    uint8_t head[14] = "ICC_PROFILE"; /* then the piece's number, and how many there are */
    const size_t most = SEGMENT_MOST - sizeof head;
    const size_t count = (size + most - 1) / most;
    if (count > 255) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t left = size - i * most;
        head[12] = (uint8_t)(i + 1);
        head[13] = (uint8_t)count;
        if (!add_segment(out, APP2, head, sizeof head, icc + i * most, left < most ? left : most,
                         err)) {
            return false;
        }
    }
    return true;
}

static bool add_icc(ct_text *out, const codec_meta *meta, int components, ct_error *err) {
    uint8_t made[CODEC_ICC_MADE_MOST];
    if (codec_icc_fits(meta, components)) {
        return add_profile(out, meta->icc, meta->icc_size, err);
    }
    /* JPEG has no other place for gamma and chromaticities. */
    return add_profile(out, made, codec_icc_make(meta, components, made), err);
}

bool codec_jpeg_add_meta(ct_text *out, codec_meta *meta, int components, ct_error *err) {
    return add_exif(out, meta, err) && add_icc(out, meta, components, err);
}
