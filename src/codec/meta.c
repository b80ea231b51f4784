/* What is known of an image beside its pixels. */
#include <stdlib.h>
#include <string.h>

#include "codec/exif.h"
#include "codec/format.h"

double codec_white(codec_sample sample) {
    return sample == CODEC_U8 ? 255 : sample == CODEC_U16 ? 65535 : 1;
}

double codec_info_white(const codec_info *info) {
    return info->white > 0 ? info->white : codec_white(info->sample);
}

size_t codec_sample_size(codec_sample sample) {
    return sample == CODEC_U8 ? 1 : sample == CODEC_U16 ? 2 : 4;
}

bool codec_same_kind(const codec_info *a, const codec_info *b) {
    return a->width == b->width && a->height == b->height && a->channels == b->channels &&
           a->alpha == b->alpha && a->sample == b->sample && a->white == b->white;
}

size_t codec_row_bytes(const codec_info *info) {
    return (size_t)info->width * (size_t)info->channels * codec_sample_size(info->sample);
}

void codec_meta_free(codec_meta *meta) {
    free(meta->icc);
    free(meta->exif);
    *meta = (codec_meta){.srgb_intent = -1};
}

static bool copy_bytes(uint8_t **out, size_t *out_size, const uint8_t *in, size_t size) {
    *out = NULL;
    *out_size = 0;
    if (in && size) {
        *out = malloc(size);
        if (!*out) {
            return false;
        }
        memcpy(*out, in, size);
        *out_size = size;
    }
    return true;
}

bool codec_meta_copy(codec_meta *out, const codec_meta *in) {
    *out = *in;
    out->exif = NULL;
    out->exif_size = 0;
    if (copy_bytes(&out->icc, &out->icc_size, in->icc, in->icc_size) &&
        copy_bytes(&out->exif, &out->exif_size, in->exif, in->exif_size)) {
        return true;
    }
    codec_meta_free(out);
    return false;
}

void codec_meta_resize(codec_meta *meta, int width, int height, bool turned) {
    if (meta->exif) {
        codec_exif_set_size(meta->exif, meta->exif_size, width, height);
    }
    if (turned) {
        const double density = meta->density_x;
        meta->density_x = meta->density_y;
        meta->density_y = density;
    }
}

void codec_meta_drop_color(codec_meta *meta) {
    free(meta->icc);
    meta->icc = NULL;
    meta->icc_size = 0;
    memset(meta->chroma, 0, sizeof meta->chroma);
}

bool codec_icc_fits(const codec_meta *meta, int channels) {
    return meta->icc && meta->icc_size >= 128 &&
           memcmp(meta->icc + 16, channels <= 2 ? "GRAY" : "RGB ", 4) == 0;
}
