#include "codec/png/isal_meta.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"

/* Profiles of a few MiB exist (for printing); anything larger isn't a profile, nor is it EXIF. */
enum { MAX_ICC = 16 << 20, MAX_EXIF = 16 << 20, PIECE = 1 << 14, TAIL = 1 << 17 };

/* Inflates all of it into `out`, or sets *whole to false. False when out of memory. */
static bool inflate_all(struct inflate_state *z, ct_text *out, bool *whole) {
    uint8_t piece[PIECE];
    *whole = true;
    while (*whole && z->block_state != ISAL_BLOCK_FINISH) {
        z->next_out = piece;
        z->avail_out = PIECE;
        const bool ok = isal_inflate(z) == ISAL_DECOMP_OK;
        const size_t got = PIECE - z->avail_out;
        /* Without progress, nothing more will come. */
        *whole = ok && (got || z->block_state == ISAL_BLOCK_FINISH) && out->length + got <= MAX_ICC;
        if (*whole && !ct_text_add(out, piece, got)) {
            return false;
        }
    }
    return true;
}

bool codec_png_take_profile(const codec_png_facts *facts, codec_meta *meta,
                            codec_warnings *warnings, ct_error *err) {
    if (!facts->icc) {
        return true;
    }
    ct_text profile = {0};
    bool whole = false;
    struct inflate_state *z = malloc(sizeof *z);
    bool ok = z != NULL;
    if (ok) {
        isal_inflate_init(z);
        z->crc_flag = ISAL_ZLIB;
        z->next_in = (uint8_t *)(uintptr_t)facts->icc;
        z->avail_in = (uint32_t)facts->icc_size; /* a chunk's length fits */
        ok = inflate_all(z, &profile, &whole);
    }
    free(z);
    if (ok && whole && profile.length) {
        meta->icc = malloc(profile.length);
        ok = meta->icc != NULL;
    }
    if (meta->icc) {
        memcpy(meta->icc, profile.bytes, profile.length);
        meta->icc_size = profile.length;
    } else if (ok) {
        codec_png_warn_profile(warnings);
    }
    ct_text_free(&profile);
    return ok || ct_fail(err, "out of memory");
}

/* Whether it's worth going from chunk to chunk: what is left is in memory, or the chunk's name is
 * among its last bytes, which is rare. False with an error when out of memory. */
static bool may_have_exif(const codec_input *input, uint64_t left, bool *may, ct_error *err) {
    *may = left <= input->end - input->at;
    if (*may) {
        return true;
    }
    uint8_t *scratch = malloc(TAIL);
    if (!scratch) {
        return ct_fail(err, "out of memory");
    }
    const uint64_t ahead = left > TAIL ? left - TAIL : 0;
    const size_t size = codec_input_look(input, ahead, scratch, TAIL);
    *may = memmem(scratch, size, "eXIf", 4) != NULL;
    free(scratch);
    return true;
}

/* Takes the chunk's data from `ahead` on. Its CRC is checked when the stream gets there. */
static bool take_exif(const codec_input *input, uint64_t ahead, const codec_png_head *head,
                      codec_meta *meta, ct_error *err) {
    codec_png_facts facts = codec_png_no_facts(NULL, NULL);
    uint8_t *data = malloc(head->length ? head->length : 1);
    if (!data) {
        return ct_fail(err, "out of memory");
    }
    const bool whole = codec_input_look(input, ahead, data, head->length) == head->length;
    const bool ok = !whole || codec_png_take(&facts, head, data, err);
    free(data);
    meta->exif = facts.info.meta.exif;
    meta->exif_size = facts.info.meta.exif_size;
    meta->orientation = facts.info.meta.orientation;
    return ok;
}

bool codec_png_find_exif(const codec_input *input, uint32_t length, codec_meta *meta,
                         ct_error *err) {
    uint64_t left;
    if (meta->exif || !codec_input_left(input, &left)) {
        return true;
    }
    bool may;
    if (!may_have_exif(input, left, &may, err)) {
        return false;
    }
    codec_png_head head = {.length = length};
    uint64_t ahead = 0;
    while (may && !meta->exif) {
        uint8_t bytes[PNG_HEAD];
        ahead += (uint64_t)head.length + PNG_CRC;
        if (codec_input_look(input, ahead, bytes, PNG_HEAD) < PNG_HEAD ||
            !codec_png_parse_head(bytes, PNG_SIGNATURE + 1, &head, NULL)) {
            break; /* the stream will report what is wrong there */
        }
        ahead += PNG_HEAD;
        if (strcmp(head.type, "eXIf") == 0 && head.length <= MAX_EXIF &&
            head.length <= left - ahead && !take_exif(input, ahead, &head, meta, err)) {
            return false;
        }
    }
    return true;
}
