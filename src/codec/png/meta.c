#include "codec/png/meta.h"

#include <math.h>

#include "codec/exif.h"
#include "codec/format.h"
#include "codec/stb.h"

bool codec_png_add_chunk(ct_text *out, const char *type, const uint8_t *data, size_t size,
                         ct_error *err) {
    uint8_t number[4];
    const size_t start = out->length;
    if (size > 0x7FFFFFFF) {
        return true; /* no chunk can hold it */
    }
    codec_put32(number, (uint32_t)size);
    if (!ct_text_add(out, number, 4) || !ct_text_add(out, type, 4) ||
        !ct_text_add(out, data, size)) {
        return ct_fail(err, "out of memory");
    }
    codec_put32(number, codec_crc_of((const uint8_t *)out->bytes + start + 4, size + 4));
    return ct_text_add(out, number, 4) || ct_fail(err, "out of memory");
}

static bool add_icc(ct_text *out, const codec_meta *meta, ct_error *err) {
    static const char head[] = "ICC profile\0"; /* the name, its NUL, and method 0 */
    const uint8_t *stream;
    size_t size;
    codec_stb *stb = codec_stb_deflate(meta->icc, meta->icc_size, codec_default_limits().max_memory,
                                       &stream, &size, err);
    if (!stb) {
        return false;
    }
    ct_text data = {0};
    bool ok = ct_text_add(&data, head, sizeof head) && ct_text_add(&data, stream, size);
    ok = ok ? codec_png_add_chunk(out, "iCCP", (const uint8_t *)data.bytes, data.length, err)
            : ct_fail(err, "out of memory");
    ct_text_free(&data);
    codec_stb_free(stb);
    return ok;
}

static bool add_color(ct_text *out, const codec_info *info, ct_error *err) {
    const codec_meta *meta = &info->meta;
    uint8_t data[32];
    if (meta->has_cicp && !codec_png_add_chunk(out, "cICP", meta->cicp, 4, err)) {
        return false;
    }
    codec_put32(data, meta->gamma);
    if (meta->gamma && !codec_png_add_chunk(out, "gAMA", data, 4, err)) {
        return false;
    }
    bool chroma = false;
    for (size_t i = 0; i < 8; i++) {
        chroma |= meta->chroma[i] != 0;
        codec_put32(data + 4 * i, meta->chroma[i]);
    }
    if (chroma && !codec_png_add_chunk(out, "cHRM", data, 32, err)) {
        return false;
    }
    /* A file may have only one of the two, and the profile says more. */
    if (codec_icc_fits(meta, info->channels)) {
        return add_icc(out, meta, err);
    }
    data[0] = (uint8_t)meta->srgb_intent;
    return meta->srgb_intent < 0 || meta->srgb_intent > 3 ||
           codec_png_add_chunk(out, "sRGB", data, 1, err);
}

static bool add_density(ct_text *out, const codec_meta *meta, ct_error *err) {
    const double x = round(meta->density_x), y = round(meta->density_y);
    if (!(x >= 1 && x <= INT32_MAX && y >= 1 && y <= INT32_MAX)) {
        return true;
    }
    uint8_t data[9];
    codec_put32(data, (uint32_t)x);
    codec_put32(data + 4, (uint32_t)y);
    data[8] = 1; /* per metre */
    return codec_png_add_chunk(out, "pHYs", data, 9, err);
}

bool codec_png_add_meta(ct_text *out, codec_info *info, ct_error *err) {
    codec_meta *meta = &info->meta;
    if (meta->exif) {
        codec_exif_set_orientation(meta->exif, meta->exif_size,
                                   meta->orientation ? meta->orientation : 1);
    }
    return add_color(out, info, err) && add_density(out, meta, err) &&
           (!meta->exif || codec_png_add_chunk(out, "eXIf", meta->exif, meta->exif_size, err));
}
