#include "codec/jpeg/turbo_encode.h"

#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec/format.h"
#include "codec/jpeg/meta_write.h"
#include "codec/jpeg/turbo.h"

enum {
    FULL_CHROMA = 90, /* from this quality on, colours have the resolution of the brightness */
    LEAST_BYTES = 4096,
};

struct turbo_encoder {
    struct jpeg_compress_struct cinfo; /* first */
    struct jpeg_destination_mgr destination;
    turbo_errors errors;
    bool created;
    uint8_t *bytes; /* the file being made */
    size_t capacity;
    size_t padded;   /* gray: samples in a row of whole blocks */
    uint8_t *blocks; /* gray: 8 such rows, where the image's rows aren't of whole blocks */
};

static bool is_halved(const codec_info *info, int quality) {
    return info->channels == 3 && quality < FULL_CHROMA;
}

int turbo_encoder_step(const codec_info *info, int quality) {
    return is_halved(info, quality) ? 2 * DCTSIZE : DCTSIZE;
}

/* ---- where the bytes go ---- */

static void grow(turbo_encoder *encoder, size_t used) {
    const size_t capacity = 2 * (used > LEAST_BYTES ? used : LEAST_BYTES);
    uint8_t *bytes = realloc(encoder->bytes, capacity);
    if (!bytes) {
        turbo_fail((j_common_ptr)&encoder->cinfo, "out of memory");
    }
    encoder->bytes = bytes;
    encoder->capacity = capacity;
    encoder->destination.next_output_byte = bytes + used;
    encoder->destination.free_in_buffer = capacity - used;
}

static void start_bytes(j_compress_ptr cinfo) {
    grow((turbo_encoder *)cinfo, 0);
}

/* The library calls it when the buffer is full, whatever free_in_buffer says. */
static boolean more_bytes(j_compress_ptr cinfo) {
    turbo_encoder *encoder = (turbo_encoder *)cinfo;
    grow(encoder, encoder->capacity);
    return TRUE;
}

static void end_bytes(j_compress_ptr cinfo) {
    (void)cinfo;
}

/* ---- the library's calls ---- */

static bool create(turbo_encoder *encoder, const codec_info *info, int quality) {
    if (setjmp(encoder->errors.escape)) {
        return false;
    }
    j_compress_ptr cinfo = &encoder->cinfo;
    jpeg_create_compress(cinfo);
    encoder->created = true;
    cinfo->dest = &encoder->destination;
    cinfo->image_width = (JDIMENSION)info->width;
    cinfo->input_components = info->channels;
    cinfo->in_color_space = info->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(cinfo); /* colour is halved in both directions */
    jpeg_set_quality(cinfo, quality, TRUE);
    if (!is_halved(info, quality)) {
        cinfo->comp_info[0].h_samp_factor = cinfo->comp_info[0].v_samp_factor = 1;
    }
    cinfo->restart_in_rows = 1;
    /* Rows of whole blocks go straight to the transform, which saves three copies. */
    cinfo->raw_data_in = info->channels == 1;
    uint32_t x, y;
    if (codec_jpeg_density(&info->meta, &x, &y)) {
        cinfo->density_unit = 1; /* per inch */
        cinfo->X_density = (UINT16)x;
        cinfo->Y_density = (UINT16)y;
    }
    return true;
}

/* Pads a row of samples to whole blocks by repeating the last one, as the library does. */
static uint8_t *pad_row(const turbo_encoder *encoder, const uint8_t *row, int y) {
    const size_t width = encoder->cinfo.image_width;
    if (!encoder->blocks) {
        return (uint8_t *)(uintptr_t)row;
    }
    uint8_t *out = encoder->blocks + (size_t)y * encoder->padded;
    memcpy(out, row, width);
    memset(out + width, row[width - 1], encoder->padded - width);
    return out;
}

static void write_gray(turbo_encoder *encoder, int count, const uint8_t *rows, size_t stride) {
    for (int y = 0; y < count; y += DCTSIZE) {
        JSAMPROW lines[DCTSIZE];
        JSAMPARRAY planes[1] = {lines};
        for (int i = 0; i < DCTSIZE; i++) {
            const int at = y + i < count ? y + i : count - 1;
            lines[i] = pad_row(encoder, rows + stride * (size_t)at, i);
        }
        jpeg_write_raw_data(&encoder->cinfo, planes, DCTSIZE);
    }
}

static void write_color(turbo_encoder *encoder, int count, const uint8_t *rows, size_t stride) {
    for (int y = 0; y < count;) {
        JSAMPROW lines[2 * DCTSIZE];
        int n = 0;
        for (; n < 2 * DCTSIZE && y < count; n++, y++) {
            lines[n] = (JSAMPROW)(uintptr_t)(rows + stride * (size_t)y);
        }
        jpeg_write_scanlines(&encoder->cinfo, lines, (JDIMENSION)n);
    }
}

static bool compress(turbo_encoder *encoder, int count, const uint8_t *rows, size_t stride) {
    if (setjmp(encoder->errors.escape)) {
        jpeg_abort_compress(&encoder->cinfo);
        return false;
    }
    encoder->cinfo.image_height = (JDIMENSION)count;
    jpeg_start_compress(&encoder->cinfo, TRUE);
    if (encoder->cinfo.raw_data_in) {
        write_gray(encoder, count, rows, stride);
    } else {
        write_color(encoder, count, rows, stride);
    }
    jpeg_finish_compress(&encoder->cinfo);
    return true;
}

/* ---- the file ---- */

size_t turbo_header_size(const uint8_t *bytes, size_t size, size_t *height) {
    size_t at = 2;
    while (at + 4 <= size) {
        const int marker = bytes[at + 1];
        if (marker == 0xC0) {
            *height = at + 5;
        }
        at += 2 + codec_get16(bytes + at + 2);
        if (marker == TURBO_SOS) {
            break;
        }
    }
    return at;
}

/* Restart markers count from 0 to 7, and again; the one after the image's row r of units is r mod
 * 8. */
static void count_restarts(uint8_t *bytes, size_t from, size_t size, int before) {
    if (before > 0) {
        bytes[from - 2] = 0xFF;
        bytes[from - 1] = (uint8_t)(JPEG_RST0 + (before - 1) % 8);
    }
    uint8_t *ff = bytes + from;
    const uint8_t *end = bytes + size - 1;
    for (; before % 8 && ff < end && (ff = memchr(ff, 0xFF, (size_t)(end - ff))); ff += 2) {
        if (ff[1] >= JPEG_RST0 && ff[1] < JPEG_RST0 + 8) {
            ff[1] = (uint8_t)(JPEG_RST0 + (ff[1] - JPEG_RST0 + before) % 8);
        }
    }
}

bool turbo_encode(turbo_encoder *encoder, int first, int count, const uint8_t *rows, size_t stride,
                  uint8_t **bytes, size_t *size, ct_error *err) {
    const int step = encoder->cinfo.comp_info[0].v_samp_factor * DCTSIZE;
    if (!compress(encoder, count, rows, stride)) {
        return ct_fail(err, "%s", encoder->errors.error.text);
    }
    size_t unused;
    *bytes = encoder->bytes;
    *size = encoder->capacity - encoder->destination.free_in_buffer - 2; /* without its end */
    encoder->bytes = NULL;
    count_restarts(*bytes, turbo_header_size(*bytes, *size, &unused), *size, first / step);
    return true;
}

turbo_encoder *turbo_encoder_new(const codec_info *info, int quality, ct_error *err) {
    turbo_encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    encoder->cinfo.err = turbo_errors_init(&encoder->errors, false);
    encoder->destination = (struct jpeg_destination_mgr){.init_destination = start_bytes,
                                                         .empty_output_buffer = more_bytes,
                                                         .term_destination = end_bytes};
    encoder->padded = ((size_t)info->width + DCTSIZE - 1) / DCTSIZE * DCTSIZE;
    const bool pads = info->channels == 1 && info->width % DCTSIZE;
    if (pads && !(encoder->blocks = malloc(DCTSIZE * encoder->padded))) {
        ct_fail(err, "out of memory");
        goto fail;
    }
    if (!create(encoder, info, quality)) {
        ct_fail(err, "%s", encoder->errors.error.text);
        goto fail;
    }
    return encoder;
fail:
    turbo_encoder_free(encoder);
    return NULL;
}

void turbo_encoder_free(turbo_encoder *encoder) {
    if (encoder) {
        if (encoder->created) {
            jpeg_destroy_compress(&encoder->cinfo);
        }
        free(encoder->bytes);
        free(encoder->blocks);
        free(encoder);
    }
}
