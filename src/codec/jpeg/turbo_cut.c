#include "codec/jpeg/turbo_cut.h"

#include <string.h>

#include "codec/bytes.h"
#include "codec/format.h"

enum { SOF = 0xC1, DHT = 0xC4, SOI = 0xD8, DQT = 0xDB, DRI = 0xDD };

/* ---- the header ---- */

static bool add_byte(ct_text *out, int byte) {
    const uint8_t one = (uint8_t)byte;
    return ct_text_add(out, &one, 1);
}

static bool add_16(ct_text *out, int value) {
    uint8_t two[2];
    codec_put16(two, (uint32_t)value);
    return ct_text_add(out, two, sizeof two);
}

/* `size`: of what follows the marker and the length itself. */
static bool add_marker(ct_text *out, int marker, int size) {
    return add_byte(out, 0xFF) && add_byte(out, marker) && add_16(out, size + 2);
}

/* With 16 bits a value, which any table fits. The library keeps them in the order of rows, and
 * files in that of T.81, figure A.6. */
static bool add_quantization(ct_text *out, const struct jpeg_decompress_struct *cinfo) {
    static const uint8_t zigzag[DCTSIZE2] = {
        0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
        41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
        30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};
    bool ok = true;
    for (int n = 0; n < NUM_QUANT_TBLS; n++) {
        const JQUANT_TBL *table = cinfo->quant_tbl_ptrs[n];
        if (table) {
            ok = ok && add_marker(out, DQT, 1 + 2 * DCTSIZE2) && add_byte(out, 0x10 | n);
        }
        for (int i = 0; table && i < DCTSIZE2; i++) {
            ok = ok && add_16(out, table->quantval[zigzag[i]]);
        }
    }
    return ok;
}

static bool add_huffman(ct_text *out, JHUFF_TBL *const *tables, int kind) {
    bool ok = true;
    for (int n = 0; n < NUM_HUFF_TBLS; n++) {
        const JHUFF_TBL *table = tables[n];
        int codes = 0;
        for (int i = 1; table && i <= 16; i++) {
            codes += table->bits[i];
        }
        if (table) {
            ok = ok && add_marker(out, DHT, 17 + codes) && add_byte(out, kind << 4 | n) &&
                 ct_text_add(out, table->bits + 1, 16) &&
                 ct_text_add(out, table->huffval, (size_t)codes);
        }
    }
    return ok;
}

/* Components get numbers from 1 on. */
static bool add_frame(ct_text *out, const struct jpeg_decompress_struct *cinfo, size_t *height) {
    const int count = cinfo->num_components;
    bool ok = add_marker(out, SOF, 6 + 3 * count) && add_byte(out, cinfo->data_precision);
    *height = out->length;
    ok = ok && add_16(out, 0) && add_16(out, (int)cinfo->image_width) && add_byte(out, count);
    for (int i = 0; i < count; i++) {
        const jpeg_component_info *component = &cinfo->comp_info[i];
        ok = ok && add_byte(out, i + 1) &&
             add_byte(out, component->h_samp_factor << 4 | component->v_samp_factor) &&
             add_byte(out, component->quant_tbl_no);
    }
    return ok;
}

static bool add_scan(ct_text *out, const struct jpeg_decompress_struct *cinfo) {
    const int count = cinfo->comps_in_scan;
    bool ok = add_marker(out, DRI, 2) && add_16(out, (int)cinfo->restart_interval) &&
              add_marker(out, TURBO_SOS, 4 + 2 * count) && add_byte(out, count);
    for (int i = 0; i < count; i++) {
        const jpeg_component_info *component = cinfo->cur_comp_info[i];
        ok = ok && add_byte(out, component->component_index + 1) &&
             add_byte(out, component->dc_tbl_no << 4 | component->ac_tbl_no);
    }
    return ok && add_byte(out, cinfo->Ss) && add_byte(out, cinfo->Se) &&
           add_byte(out, cinfo->Ah << 4 | cinfo->Al);
}

/* ---- the bytes ---- */

/* Keeps what is left of the piece, at most a byte, and reads on. */
static void read_piece(j_decompress_ptr cinfo, turbo_cut *cut) {
    const uint64_t left = cut->end - cut->at;
    size_t size = TURBO_PIECE;
    cut->have -= cut->begin;
    memmove(cut->piece, cut->piece + cut->begin, cut->have);
    cut->begin = 0;
    size -= cut->have;
    size = size < left ? size : (size_t)left;
    int error;
    const size_t got =
        codec_input_read_at(&cut->slices->input, cut->at, cut->piece + cut->have, size, &error);
    if (got < size) {
        turbo_errors *errors = (turbo_errors *)cinfo->err;
        codec_fail_cut(error, &errors->error,
                       "truncated: the file ends before its end-of-image marker");
        longjmp(errors->escape, 1);
    }
    cut->at += got;
    cut->have += got;
}

static bool is_restart(const uint8_t *ff) {
    return ff[0] == 0xFF && ff[1] >= JPEG_RST0 && ff[1] <= JPEG_RST0 + 7;
}

/* How many bytes precede a restart marker in the piece, or what may become one. */
static size_t coded_bytes(const turbo_cut *cut) {
    const uint8_t *start = cut->piece + cut->begin, *last = cut->piece + cut->have - 1;
    const uint8_t *ff = start;
    while (ff < last && (ff = memchr(ff, 0xFF, (size_t)(last - ff)))) {
        if (is_restart(ff)) {
            return (size_t)(ff - start);
        }
        ff += 2;
    }
    const bool open = ff != last + 1 && *last == 0xFF && cut->at < cut->end;
    return (size_t)(last - start) + !open;
}

static boolean fill(j_decompress_ptr cinfo) {
    turbo_cut *cut = (turbo_cut *)cinfo->src;
    if (cut->have - cut->begin < 2 && cut->at < cut->end) {
        read_piece(cinfo, cut);
    }
    const uint8_t *bytes = cut->piece + cut->begin;
    size_t size = cut->have - cut->begin;
    if (!size) {
        return turbo_source_give_end(&cut->pub);
    }
    if (cut->gaps && size >= 2 && is_restart(bytes)) {
        cut->begin += 2;
        cut->gap[TURBO_GAP + 1] = (uint8_t)(JPEG_RST0 + cut->restarts++ % 8);
        return turbo_source_give(&cut->pub, cut->gap, sizeof cut->gap);
    }
    size = cut->gaps ? coded_bytes(cut) : size;
    cut->begin += size;
    return turbo_source_give(&cut->pub, bytes, size);
}

bool turbo_cut_open(turbo_cut *cut, const turbo_slices *slices,
                    const struct jpeg_decompress_struct *of, ct_error *err) {
    *cut = (turbo_cut){
        .pub = turbo_source_manager(fill), .slices = slices, .gap = {[TURBO_GAP] = 0xFF}};
    ct_text *out = &cut->header;
    return (add_byte(out, 0xFF) && add_byte(out, SOI) && add_quantization(out, of) &&
            add_huffman(out, of->dc_huff_tbl_ptrs, 0) &&
            add_huffman(out, of->ac_huff_tbl_ptrs, 1) && add_frame(out, of, &cut->height) &&
            add_scan(out, of)) ||
           ct_fail(err, "out of memory");
}

void turbo_cut_close(turbo_cut *cut) {
    ct_text_free(&cut->header);
}

void turbo_cut_start(turbo_cut *cut, int from, int to, int height, bool gaps) {
    codec_put16((uint8_t *)cut->header.bytes + cut->height, (uint32_t)height);
    cut->at = cut->slices->starts[from];
    cut->end = cut->slices->starts[to];
    cut->gaps = gaps;
    cut->restarts = 0;
    cut->begin = cut->have = 0;
    turbo_source_give(&cut->pub, (const uint8_t *)cut->header.bytes, cut->header.length);
}
