#include "codec/png_walk.h"

#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"
#include "codec/exif.h"
#include "codec/format.h"

/* Around a chunk's data: its length and type before, its CRC behind. */
enum { HEAD_BYTES = 8, CRC_BYTES = 4, SIGNATURE_BYTES = 8, MAX_CHUNK = 0x7FFFFFFF };

static const uint8_t signature[SIGNATURE_BYTES] = {137, 'P', 'N', 'G', 13, 10, 26, 10};

typedef struct walk {
    const codec_limits *limits;
    codec_png_facts *facts;
    const uint8_t *data; /* of the chunk at hand */
    size_t size;
    bool transparent;            /* tRNS was there */
    bool idat, idat_over, ended; /* image data began, something else came behind it; IEND */
} walk;

bool codec_png_probe(const uint8_t *head, size_t size) {
    return size >= SIGNATURE_BYTES && memcmp(head, signature, SIGNATURE_BYTES) == 0;
}

/* ---- chunks that make the image ---- */

static int channels_of(int color) {
    return color == 0 || color == 4 ? color / 4 + 1 : color == 6 ? 4 : 3;
}

/* Table 11.1: which depths go with which colour type. */
static bool depth_fits(int color, int depth) {
    switch (color) {
    case 0:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
        return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
        return depth == 8 || depth == 16;
    default:
        return false;
    }
}

static bool take_ihdr(walk *w, ct_error *err) {
    codec_png_facts *facts = w->facts;
    if (w->size != 13) {
        return ct_fail(err, "damaged: the IHDR chunk has %zu bytes, not 13", w->size);
    }
    const uint32_t width = codec_get32(w->data), height = codec_get32(w->data + 4);
    facts->depth = w->data[8];
    facts->color = w->data[9];
    facts->interlaced = w->data[12] == 1;
    if (!codec_check_size(w->limits, width, height, err)) {
        return false;
    }
    if (!depth_fits(facts->color, facts->depth)) {
        return ct_fail(err, "damaged: colour type %d with %d bits doesn't exist", facts->color,
                       facts->depth);
    }
    if (w->data[10] || w->data[11] || w->data[12] > 1) {
        return ct_fail(err,
                       "damaged: unknown method %d of compression, %d of filtering or %d of "
                       "interlacing",
                       w->data[10], w->data[11], w->data[12]);
    }
    facts->info.width = (int)width;
    facts->info.height = (int)height;
    facts->info.channels = channels_of(facts->color);
    facts->info.sample = facts->depth == 16 ? CODEC_U16 : CODEC_U8;
    return true;
}

static bool take_plte(walk *w, ct_error *err) {
    codec_png_facts *facts = w->facts;
    if (facts->palette) {
        return ct_fail(err, "damaged: two PLTE chunks");
    }
    if (facts->color == 0 || facts->color == 4) {
        return ct_fail(err, "damaged: a gray image with a PLTE chunk");
    }
    if (w->idat) {
        return ct_fail(err, "damaged: the PLTE chunk comes after the image data");
    }
    const size_t most = facts->color == 3 ? (size_t)1 << facts->depth : 256;
    if (w->size % 3 || !w->size || w->size / 3 > most) {
        return ct_fail(err, "damaged: a PLTE chunk of %zu bytes with %d bits", w->size,
                       facts->depth);
    }
    facts->palette = (int)(w->size / 3);
    return true;
}

static bool take_trns(walk *w, ct_error *err) {
    codec_png_facts *facts = w->facts;
    if (w->transparent || w->idat) {
        return ct_fail(err, "damaged: the tRNS chunk comes twice or after the image data");
    }
    const bool fits = facts->color == 0   ? w->size == 2
                      : facts->color == 2 ? w->size == 6
                      : facts->color == 3 ? w->size && w->size <= (size_t)facts->palette
                                          : false;
    if (!fits) {
        return ct_fail(err, "damaged: a tRNS chunk of %zu bytes with colour type %d", w->size,
                       facts->color);
    }
    w->transparent = true;
    facts->info.channels++;
    return true;
}

static bool take_idat(walk *w, ct_error *err) {
    if (w->idat_over) {
        return ct_fail(err, "damaged: the image data is interrupted by other chunks");
    }
    if (w->facts->color == 3 && !w->facts->palette) {
        return ct_fail(err, "damaged: a palette image without a PLTE chunk");
    }
    w->idat = true;
    w->facts->compressed += w->size;
    return true;
}

static bool take_iend(walk *w, ct_error *err) {
    if (w->size) {
        return ct_fail(err, "damaged: the IEND chunk isn't empty");
    }
    w->ended = true;
    return true;
}

static bool take_cgbi(walk *w, ct_error *err) {
    (void)w;
    return ct_fail(err, "an Apple-optimised PNG (CgBI), which isn't PNG; convert it with "
                        "'pngcrush -revert-iphone-optimizations' first");
}

/* ---- chunks beside the image: never an error ---- */

static bool take_gama(walk *w, ct_error *err) {
    (void)err;
    if (w->size == 4) {
        w->facts->info.meta.gamma = codec_get32(w->data);
    }
    return true;
}

static bool take_chrm(walk *w, ct_error *err) {
    (void)err;
    for (size_t i = 0; w->size == 32 && i < 8; i++) {
        w->facts->info.meta.chroma[i] = codec_get32(w->data + 4 * i);
    }
    return true;
}

static bool take_srgb(walk *w, ct_error *err) {
    (void)err;
    if (w->size == 1 && w->data[0] <= 3) {
        w->facts->info.meta.srgb_intent = w->data[0];
    }
    return true;
}

static bool take_phys(walk *w, ct_error *err) {
    (void)err;
    if (w->size == 9 && w->data[8] == 1) {
        w->facts->info.meta.density_x = codec_get32(w->data);
        w->facts->info.meta.density_y = codec_get32(w->data + 4);
    }
    return true;
}

static bool take_exif(walk *w, ct_error *err) {
    codec_meta *meta = &w->facts->info.meta;
    if (meta->exif || !codec_exif_valid(w->data, w->size)) {
        return true;
    }
    meta->exif = malloc(w->size);
    if (!meta->exif) {
        return ct_fail(err, "out of memory");
    }
    memcpy(meta->exif, w->data, w->size);
    meta->exif_size = w->size;
    meta->orientation = codec_exif_orientation(meta->exif, meta->exif_size);
    return true;
}

/* A name of 1 to 79 bytes, a NUL, the method 0, and the stream. */
static bool take_iccp(walk *w, ct_error *err) {
    (void)err;
    const uint8_t *nul = w->size ? memchr(w->data, 0, w->size < 80 ? w->size : 80) : NULL;
    const size_t name = nul ? (size_t)(nul - w->data) : 0;
    if (name && w->size > name + 2 && nul[1] == 0 && !w->facts->icc) {
        w->facts->icc = nul + 2;
        w->facts->icc_size = w->size - name - 2;
    }
    return true;
}

/* To add one: a line here. Chunks that aren't listed are skipped where the PNG says that they may
 * be (the first letter is small), and refused where it says that they may not. */
static const struct {
    char type[5];
    bool (*take)(walk *w, ct_error *err);
} chunks[] = {
    {"IHDR", take_ihdr},
    {"PLTE", take_plte},
    {"IDAT", take_idat},
    {"IEND", take_iend},
    {"tRNS", take_trns},
    {"CgBI", take_cgbi},
    {"gAMA", take_gama},
    {"cHRM", take_chrm},
    {"sRGB", take_srgb},
    {"pHYs", take_phys},
    {"eXIf", take_exif},
    {"iCCP", take_iccp},
};

static bool take_chunk(walk *w, const char *type, ct_error *err) {
    w->idat_over |= w->idat && strcmp(type, "IDAT") != 0;
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
        if (strcmp(chunks[i].type, type) == 0) {
            return chunks[i].take(w, err);
        }
    }
    return (type[0] & 32) != 0 ||
           ct_fail(err, "the chunk %s, without which the image can't be shown, isn't known", type);
}

/* ---- the whole ---- */

/* Bytes that the image data has before compression: a filter byte and the samples of each row, in
 * each of Adam7's passes. Fits: the sides are below 2^31, a pixel has at most 64 bits. */
static uint64_t raw_bytes(const codec_png_facts *facts) {
    static const uint8_t first[7][2] = {
        {0, 0},
        {4, 0},
        {0, 4},
        {2, 0},
        {0, 2},
        {1, 0},
        {0, 1}
    };
    static const uint8_t step[7][2] = {
        {8, 8},
        {8, 8},
        {4, 8},
        {4, 4},
        {2, 4},
        {2, 2},
        {1, 2}
    };
    const uint64_t bits =
        (uint64_t)facts->depth * (uint64_t)(facts->color == 3 ? 1 : channels_of(facts->color));
    const uint64_t width = (uint64_t)facts->info.width, height = (uint64_t)facts->info.height;
    uint64_t sum = 0;
    for (int pass = 0; pass < (facts->interlaced ? 7 : 1); pass++) {
        const uint64_t dx = facts->interlaced ? step[pass][0] : 1;
        const uint64_t dy = facts->interlaced ? step[pass][1] : 1;
        const uint64_t w = (width - first[pass][0] + dx - 1) / dx;
        const uint64_t h = (height - first[pass][1] + dy - 1) / dy;
        const bool empty = width <= first[pass][0] || height <= first[pass][1];
        sum += empty ? 0 : h * (1 + (w * bits + 7) / 8);
    }
    return sum;
}

/* Deflate makes at most 258 bytes of 2 bits, so 1032 of a byte. */
static bool check_plausible(const codec_png_facts *facts, ct_error *err) {
    const uint64_t raw = raw_bytes(facts);
    return raw / 1032 <= facts->compressed ||
           ct_fail(err, "truncated or forged: %dx%d pixels can't be in %llu bytes of image data",
                   facts->info.width, facts->info.height, (unsigned long long)facts->compressed);
}

static bool cut_off(ct_error *err) {
    return ct_fail(err, "truncated: the file ends before its IEND chunk");
}

/* The chunk at `at`; moves it behind. */
static bool next_chunk(walk *w, const codec_crc *crc, const uint8_t *file, size_t size, size_t *at,
                       ct_error *err) {
    if (size - *at < HEAD_BYTES + CRC_BYTES) {
        return cut_off(err);
    }
    const uint8_t *head = file + *at;
    const uint32_t length = codec_get32(head);
    char type[5] = {0};
    memcpy(type, head + 4, 4);
    for (int i = 0; i < 4; i++) {
        const int letter = type[i] | 32;
        if (letter < 'a' || letter > 'z') {
            return ct_fail(err, "damaged: no chunk where one should begin, at byte %zu", *at);
        }
    }
    if (*at == SIGNATURE_BYTES && strcmp(type, "IHDR") != 0 && strcmp(type, "CgBI") != 0) {
        return ct_fail(err, "damaged: the first chunk is %s, not IHDR", type);
    }
    if (*at > SIGNATURE_BYTES && strcmp(type, "IHDR") == 0) {
        return ct_fail(err, "damaged: two IHDR chunks");
    }
    if (length > MAX_CHUNK) {
        return ct_fail(err, "damaged: the chunk %s claims %u bytes", type, length);
    }
    if (size - *at - HEAD_BYTES - CRC_BYTES < length) {
        return cut_off(err);
    }
    w->data = head + HEAD_BYTES;
    w->size = length;
    if (codec_crc_of(crc, head + 4, length + 4) != codec_get32(w->data + length)) {
        return ct_fail(err, "damaged: the checksum of the chunk %s at byte %zu is wrong", type,
                       *at);
    }
    *at += HEAD_BYTES + (size_t)length + CRC_BYTES;
    return take_chunk(w, type, err);
}

bool codec_png_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                    codec_png_facts *facts, ct_error *err) {
    *facts = (codec_png_facts){.info.meta.srgb_intent = -1};
    walk w = {.limits = limits, .facts = facts};
    if (!codec_png_probe(file, size)) {
        return cut_off(err);
    }
    codec_crc crc;
    codec_crc_init(&crc);
    size_t at = SIGNATURE_BYTES;
    while (!w.ended) {
        if (!next_chunk(&w, &crc, file, size, &at, err)) {
            return false;
        }
    }
    facts->end = at;
    return w.idat ? check_plausible(facts, err) : ct_fail(err, "damaged: no image data (IDAT)");
}
