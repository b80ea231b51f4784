#include "codec/png/chunks.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/exif.h"
#include "codec/format.h"

static const uint8_t signature[PNG_SIGNATURE] = {137, 'P', 'N', 'G', 13, 10, 26, 10};

/* The chunk at hand. */
typedef struct taking {
    codec_png_facts *facts;
    const uint8_t *data;
    size_t size;
} taking;

bool codec_png_probe(const uint8_t *head, size_t size) {
    return size >= PNG_SIGNATURE && memcmp(head, signature, PNG_SIGNATURE) == 0;
}

codec_png_facts codec_png_no_facts(const codec_limits *limits, codec_warnings *warnings) {
    return (codec_png_facts){.limits = limits, .warnings = warnings, .info.meta.srgb_intent = -1};
}

bool codec_png_accept(codec_png_facts *facts, ct_error *err, const char *format, ...) {
    ct_error found;
    va_list args;
    va_start(args, format);
    vsnprintf(found.text, sizeof found.text, format, args);
    va_end(args);
    if (facts->limits->lenient && !facts->fatal) {
        codec_warn(facts->warnings, CODEC_ACCEPTED, "%s", found.text);
        return true;
    }
    return ct_fail(err, "%s", found.text);
}

bool codec_png_accept_end(codec_png_facts *facts, bool usable, const ct_error *found,
                          ct_error *err) {
    if (!usable && facts->limits->lenient && !facts->fatal) {
        return ct_fail(err, "%s; not one row can be decoded", found->text);
    }
    return codec_png_accept(facts, err, "%s", found->text);
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

static bool take_ihdr(taking *t, ct_error *err) {
    codec_png_facts *facts = t->facts;
    if (t->size != 13) {
        return ct_fail(err, "damaged: the IHDR chunk has %s; expected 13",
                       ct_count(t->size, "byte").text);
    }
    const uint32_t width = codec_get32(t->data), height = codec_get32(t->data + 4);
    facts->depth = t->data[8];
    facts->color = t->data[9];
    facts->interlaced = t->data[12] == 1;
    if (!codec_check_size(t->facts->limits, width, height, err)) {
        return false;
    }
    if (!depth_fits(facts->color, facts->depth)) {
        return ct_fail(err, "damaged: colour type %d can't have %s", facts->color,
                       ct_count((uint64_t)facts->depth, "bit").text);
    }
    if (t->data[10] || t->data[11] || t->data[12] > 1) {
        return ct_fail(err,
                       "damaged: unknown method of compression (%d), filtering (%d) or "
                       "interlacing (%d)",
                       t->data[10], t->data[11], t->data[12]);
    }
    facts->info.width = (int)width;
    facts->info.height = (int)height;
    facts->info.channels = channels_of(facts->color);
    facts->info.alpha = facts->color == 4 || facts->color == 6;
    facts->info.sample = facts->depth == 16 ? CODEC_U16 : CODEC_U8;
    return true;
}

static bool take_plte(taking *t, ct_error *err) {
    codec_png_facts *facts = t->facts;
    if (facts->palette) {
        return ct_fail(err, "damaged: two PLTE chunks");
    }
    if (facts->color == 0 || facts->color == 4) {
        return ct_fail(err, "damaged: a gray image with a PLTE chunk");
    }
    if (t->facts->idat) {
        return ct_fail(err, "damaged: the PLTE chunk comes after the image data");
    }
    const size_t most = facts->color == 3 ? (size_t)1 << facts->depth : 256;
    if (t->size % 3 || !t->size || t->size / 3 > most) {
        return ct_fail(err, "damaged: a PLTE chunk of %s with %s", ct_count(t->size, "byte").text,
                       ct_count((uint64_t)facts->depth, "bit").text);
    }
    facts->palette = (int)(t->size / 3);
    for (int i = 0; i < facts->palette; i++) {
        memcpy(facts->colors[i], t->data + 3 * (size_t)i, 3);
        facts->colors[i][3] = 255;
    }
    return true;
}

static bool take_trns(taking *t, ct_error *err) {
    codec_png_facts *facts = t->facts;
    if (facts->transparent || facts->idat) {
        return codec_png_accept(facts, err,
                                "damaged: the tRNS chunk comes twice or after the image data");
    }
    const bool fits = facts->color == 0   ? t->size == 2
                      : facts->color == 2 ? t->size == 6
                      : facts->color == 3 ? t->size && t->size <= (size_t)facts->palette
                                          : false;
    if (!fits) {
        return codec_png_accept(facts, err, "damaged: a tRNS chunk of %s with colour type %d",
                                ct_count(t->size, "byte").text, facts->color);
    }
    facts->transparent = true;
    facts->info.channels++;
    facts->info.alpha = true;
    for (size_t i = 0; facts->color == 3 && i < t->size; i++) {
        facts->colors[i][3] = t->data[i];
    }
    for (size_t i = 0; facts->color != 3 && i < t->size / 2; i++) {
        facts->key[i] = (uint16_t)codec_get16(t->data + 2 * i);
    }
    return true;
}

static bool take_idat(taking *t, ct_error *err) {
    if (t->facts->idat_over) {
        return ct_fail(err, "damaged: the image data is interrupted by other chunks");
    }
    if (t->facts->color == 3 && !t->facts->palette) {
        return ct_fail(err, "damaged: a palette image without a PLTE chunk");
    }
    t->facts->idat = true;
    t->facts->compressed += t->size;
    return true;
}

static bool take_iend(taking *t, ct_error *err) {
    t->facts->ended = true;
    return !t->size || codec_png_accept(t->facts, err, "damaged: the IEND chunk isn't empty");
}

static bool take_cgbi(taking *t, ct_error *err) {
    (void)t;
    return ct_fail(err, "an Apple-optimised PNG (CgBI), which isn't valid PNG; convert it first: "
                        "pngcrush -revert-iphone-optimizations in.png out.png");
}

/* ---- chunks beside the image: never an error ----
 *
 * All but eXIf belong before the image data (PNG specification, 5.6), and are ignored after it: by
 * then a reader of a stream has said what the image is. */

static bool take_gama(taking *t, ct_error *err) {
    (void)err;
    if (t->size == 4 && !t->facts->idat) {
        t->facts->info.meta.gamma = codec_get32(t->data);
    }
    return true;
}

static bool take_chrm(taking *t, ct_error *err) {
    (void)err;
    for (size_t i = 0; t->size == 32 && !t->facts->idat && i < 8; i++) {
        t->facts->info.meta.chroma[i] = codec_get32(t->data + 4 * i);
    }
    return true;
}

static bool take_srgb(taking *t, ct_error *err) {
    (void)err;
    if (t->size == 1 && t->data[0] <= 3 && !t->facts->idat) {
        t->facts->info.meta.srgb_intent = t->data[0];
    }
    return true;
}

/* Only for RGB: matrix 0. */
static bool take_cicp(taking *t, ct_error *err) {
    (void)err;
    codec_meta *meta = &t->facts->info.meta;
    if (t->size == 4 && t->data[2] == 0 && t->data[3] <= 1 && !t->facts->idat) {
        meta->has_cicp = true;
        memcpy(meta->cicp, t->data, 4);
    }
    return true;
}

static bool take_phys(taking *t, ct_error *err) {
    (void)err;
    if (t->size == 9 && t->data[8] == 1 && !t->facts->idat) {
        t->facts->info.meta.density_x = codec_get32(t->data);
        t->facts->info.meta.density_y = codec_get32(t->data + 4);
    }
    return true;
}

static bool take_exif(taking *t, ct_error *err) {
    codec_meta *meta = &t->facts->info.meta;
    if (meta->exif || !codec_exif_valid(t->data, t->size)) {
        return true;
    }
    meta->exif = malloc(t->size);
    if (!meta->exif) {
        t->facts->fatal = true;
        return ct_fail(err, "out of memory");
    }
    memcpy(meta->exif, t->data, t->size);
    meta->exif_size = t->size;
    meta->orientation = codec_exif_orientation(meta->exif, meta->exif_size);
    return true;
}

/* A name of 1 to 79 bytes, a NUL, the method 0, and the stream. */
static bool take_iccp(taking *t, ct_error *err) {
    (void)err;
    const bool early = t->size && !t->facts->idat;
    const uint8_t *nul = early ? memchr(t->data, 0, t->size < 80 ? t->size : 80) : NULL;
    const size_t name = nul ? (size_t)(nul - t->data) : 0;
    if (name && t->size > name + 2 && nul[1] == 0 && !t->facts->icc) {
        t->facts->icc = nul + 2;
        t->facts->icc_size = t->size - name - 2;
    }
    return true;
}

/* To add one: a line here. Chunks that aren't listed are skipped if the PNG says that they may be
 * (the first letter is lower case), and refused otherwise. */
static const struct {
    char type[5];
    bool (*take)(taking *t, ct_error *err);
} chunks[] = {
    {"IHDR", take_ihdr}, {"PLTE", take_plte}, {"IDAT", take_idat}, {"IEND", take_iend},
    {"tRNS", take_trns}, {"CgBI", take_cgbi}, {"gAMA", take_gama}, {"cHRM", take_chrm},
    {"sRGB", take_srgb}, {"cICP", take_cicp}, {"pHYs", take_phys}, {"eXIf", take_exif},
    {"iCCP", take_iccp},
};

static size_t find_row(const char *type) {
    size_t i = 0;
    while (i < sizeof chunks / sizeof chunks[0] && strcmp(chunks[i].type, type) != 0) {
        i++;
    }
    return i;
}

bool codec_png_needs_data(const codec_png_head *head) {
    return strcmp(head->type, "IDAT") != 0 &&
           find_row(head->type) < sizeof chunks / sizeof chunks[0];
}

bool codec_png_take(codec_png_facts *facts, const codec_png_head *head, const uint8_t *data,
                    ct_error *err) {
    taking t = {.facts = facts, .data = data, .size = head->length};
    facts->idat_over |= facts->idat && strcmp(head->type, "IDAT") != 0;
    const size_t row = find_row(head->type);
    if (row < sizeof chunks / sizeof chunks[0]) {
        return chunks[row].take(&t, err);
    }
    if (!codec_png_is_critical(head)) {
        return true;
    }
    ct_error found;
    ct_fail(&found, "unknown chunk %s, which the image can't be shown without", head->type);
    /* After the image data it comes too late for that. */
    return facts->idat ? codec_png_accept(facts, err, "%s", found.text)
                       : ct_fail(err, "%s", found.text);
}

/* ---- around a chunk's data ---- */

enum { MAX_CHUNK = 0x7FFFFFFF };

bool codec_png_parse_head(const uint8_t *bytes, uint64_t at, codec_png_head *head, ct_error *err) {
    *head = (codec_png_head){.length = codec_get32(bytes)};
    memcpy(head->type, bytes + 4, 4);
    for (int i = 0; i < 4; i++) {
        const int letter = head->type[i] | 32;
        if (letter < 'a' || letter > 'z') {
            return ct_fail(err, "damaged: expected a chunk at byte %llu", (unsigned long long)at);
        }
    }
    const bool ihdr = strcmp(head->type, "IHDR") == 0;
    if (at == PNG_SIGNATURE && !ihdr && strcmp(head->type, "CgBI") != 0) {
        return ct_fail(err, "damaged: the first chunk is %s, not IHDR", head->type);
    }
    if (at > PNG_SIGNATURE && ihdr) {
        return ct_fail(err, "damaged: two IHDR chunks");
    }
    return head->length <= MAX_CHUNK || ct_fail(err, "damaged: the chunk %s claims to have %s",
                                                head->type, ct_count(head->length, "byte").text);
}

void codec_png_warn_profile(codec_warnings *warnings) {
    codec_warn(warnings, CODEC_BESIDE, "its ICC profile is dropped: it can't be decompressed");
}

bool codec_png_cut_off(ct_error *err) {
    return ct_fail(err, "truncated: the file ends before its IEND chunk");
}

bool codec_png_bad_crc(codec_png_facts *facts, const codec_png_head *head, uint64_t at,
                       ct_error *err) {
    ct_error found;
    ct_fail(&found, "damaged: the checksum of the chunk %s at byte %llu is wrong", head->type,
            (unsigned long long)at);
    const bool needed = strcmp(head->type, "IHDR") == 0 || strcmp(head->type, "PLTE") == 0;
    return needed ? ct_fail(err, "%s", found.text) : codec_png_accept(facts, err, "%s", found.text);
}
