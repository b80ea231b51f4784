#include "codec/jpeg/walk.h"

#include <string.h>

#include "base/text.h"
#include "codec/bytes.h"
#include "codec/format.h"
#include "codec/jpeg/checks.h"
#include "codec/jpeg/meta.h"
#include "codec/jpeg/tables.h"

enum {
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    DNL = 0xDC,
    DRI = 0xDD,
    DAC = 0xCC,
    DHT = 0xC4,
    DQT = 0xDB,
    JPG = 0xC8,
};

typedef struct walk {
    const codec_limits *limits;
    codec_jpeg_facts *facts;
    codec_jpeg_icc icc;
    codec_jpeg_tables tables;
    const uint8_t *file;
    size_t size, at;
    uint32_t interval; /* MCUs between restart markers; 0: none */
    uint64_t blocks;   /* of all components */
    uint64_t visits;   /* to blocks, by the scans so far */
    bool framed;       /* SOF was there */
} walk;

bool codec_jpeg_probe(const uint8_t *head, size_t size) {
    /* A marker should follow; with stray bytes instead it's still a JPEG, but damaged. */
    return size >= 2 && head[0] == 0xFF && head[1] == SOI;
}

static bool cut_off(ct_error *err) {
    return ct_fail(err, "truncated: the file ends before its end-of-image marker");
}

/* ---- the frame ---- */

static bool take_components(codec_jpeg_facts *facts, const uint8_t *data, ct_error *err) {
    for (int i = 0; i < facts->components; i++) {
        const uint8_t *p = data + 3 * i;
        const int h = p[1] >> 4, v = p[1] & 15;
        if (h < 1 || h > 4 || v < 1 || v > 4) {
            return ct_fail(err, "damaged: sampling factors of %dx%d; expected 1 to 4", h, v);
        }
        facts->component[i].id = p[0];
        facts->component[i].h = h;
        facts->component[i].v = v;
        facts->component[i].quantization = p[2];
        facts->h_most = h > facts->h_most ? h : facts->h_most;
        facts->v_most = v > facts->v_most ? v : facts->v_most;
    }
    return true;
}

static bool take_frame(walk *w, int marker, const uint8_t *data, size_t size, ct_error *err) {
    codec_jpeg_facts *facts = w->facts;
    if (!codec_jpeg_check_process(marker, err)) {
        return false;
    }
    if (w->framed) {
        return ct_fail(err, "damaged: two frames");
    }
    if (size < 6 || size != 6 + 3 * (size_t)data[5]) {
        return ct_fail(err, "damaged: a frame header of %s", ct_count(size, "byte").text);
    }
    if (data[0] != 8) {
        return ct_fail(err, "a JPEG with %s per sample; expected 8", ct_count(data[0], "bit").text);
    }
    const uint32_t height = codec_get16(data + 1), width = codec_get16(data + 3);
    if (!height) {
        return ct_fail(err, "a JPEG that gives its height after the image, which isn't supported");
    }
    if (!codec_check_size(w->limits, width, height, err)) {
        return false;
    }
    facts->components = data[5];
    if (facts->components != 1 && facts->components != 3 && facts->components != 4) {
        return ct_fail(err, "a JPEG with %s; expected 1, 3 or 4",
                       ct_count((uint64_t)facts->components, "component").text);
    }
    facts->progressive = marker == 0xC2;
    facts->info.width = (int)width;
    facts->info.height = (int)height;
    facts->info.channels = facts->components == 1 ? 1 : 3;
    facts->info.sample = CODEC_U8;
    w->framed = true;
    return take_components(facts, data + 6, err);
}

/* How many 8x8 blocks of a component cover the image. */
static void blocks_of(const codec_jpeg_facts *facts, int i, uint64_t *across, uint64_t *down) {
    const uint64_t h = (uint64_t)facts->h_most, v = (uint64_t)facts->v_most;
    const uint64_t width =
        ((uint64_t)facts->info.width * (uint64_t)facts->component[i].h + h - 1) / h;
    const uint64_t height =
        ((uint64_t)facts->info.height * (uint64_t)facts->component[i].v + v - 1) / v;
    *across = (width + 7) / 8;
    *down = (height + 7) / 8;
}

static bool check_plausible(walk *w, ct_error *err) {
    for (int i = 0; i < w->facts->components; i++) {
        uint64_t across, down;
        blocks_of(w->facts, i, &across, &down);
        w->blocks += across * down;
    }
    return codec_jpeg_check_blocks(&w->facts->info, w->blocks, w->size, err);
}

/* ---- scans ---- */

static bool find_component(const codec_jpeg_facts *facts, int id, int *out) {
    for (int i = 0; i < facts->components; i++) {
        if (facts->component[i].id == id) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* Whether the tables are there that a component of the scan needs; `numbers` is DC's and AC's. */
static bool check_tables(const walk *w, int i, int numbers, const uint8_t *spectrum,
                         ct_error *err) {
    const int dc = numbers >> 4, ac = numbers & 15, which = w->facts->component[i].quantization;
    /* A progressive scan has the DC values or some AC ones; refined DC bits have no codes. */
    const bool has_dc = spectrum[0] == 0 && spectrum[2] >> 4 == 0;
    const bool has_ac = !w->facts->progressive || spectrum[0] > 0;
    if (which > 3 || !w->tables.quantization[which]) {
        return ct_fail(err, "damaged: quantization table %d is used but missing", which);
    }
    if (has_dc && (dc > 3 || !w->tables.huffman[0][dc])) {
        return ct_fail(err, "damaged: DC Huffman table %d is used but missing", dc);
    }
    return !has_ac || (ac <= 3 && w->tables.huffman[1][ac]) ||
           ct_fail(err, "damaged: AC Huffman table %d is used but missing", ac);
}

/* Counts the scan's minimum coded units (T.81, A.2): blocks where it has one component. */
static bool read_scan_header(walk *w, const uint8_t *data, size_t size, uint64_t *units,
                             ct_error *err) {
    const codec_jpeg_facts *facts = w->facts;
    const int count = size ? data[0] : 0;
    uint64_t across = 0, down = 0;
    int i = 0;
    if (count < 1 || count > facts->components || size != (size_t)count * 2 + 4) {
        return ct_fail(err, "damaged: a scan header of %s", ct_count(size, "byte").text);
    }
    for (int k = 0; k < count; k++) {
        if (!find_component(facts, data[1 + 2 * k], &i)) {
            return ct_fail(err, "damaged: a scan of component %d, which isn't in the frame",
                           data[1 + 2 * k]);
        }
        if (!check_tables(w, i, data[2 + 2 * k], data + 1 + 2 * count, err)) {
            return false;
        }
        blocks_of(facts, i, &across, &down);
        w->visits += across * down;
    }
    if (count > 1) {
        const uint64_t h = 8 * (uint64_t)facts->h_most, v = 8 * (uint64_t)facts->v_most;
        across = ((uint64_t)facts->info.width + h - 1) / h;
        down = ((uint64_t)facts->info.height + v - 1) / v;
    }
    *units = across * down;
    return true;
}

/* Skips the coded bytes up to the next marker that isn't a restart; counts the restarts. */
static bool skip_coded(walk *w, uint64_t *restarts, ct_error *err) {
    *restarts = 0;
    while (w->at + 1 < w->size) {
        const uint8_t *ff = memchr(w->file + w->at, 0xFF, w->size - w->at - 1);
        if (!ff) {
            break;
        }
        w->at = (size_t)(ff - w->file);
        const int next = ff[1];
        if (next >= 0xD0 && next <= 0xD7) {
            ++*restarts;
        } else if (next != 0 && next != 0xFF) {
            return true;
        }
        w->at += next == 0xFF ? 1 : 2;
    }
    return cut_off(err);
}

static bool take_scan(walk *w, const uint8_t *data, size_t size, ct_error *err) {
    uint64_t units = 0, restarts = 0;
    if (!w->framed) {
        return ct_fail(err, "damaged: a scan before the frame");
    }
    if (++w->facts->scans > w->limits->max_scans) {
        return ct_fail(err, "more scans than the limit of %d", w->limits->max_scans);
    }
    if (!read_scan_header(w, data, size, &units, err) ||
        !codec_jpeg_check_visits(&w->facts->info, w->blocks, w->visits, w->size, err) ||
        !skip_coded(w, &restarts, err)) {
        return false;
    }
    /* stb_image silently fills missing intervals with gray. */
    const uint64_t expected = w->interval ? (units - 1) / w->interval : 0;
    if (restarts < expected) {
        return ct_fail(err, "damaged: only %llu of %llu restart intervals",
                       (unsigned long long)restarts + 1, (unsigned long long)expected + 1);
    }
    if (restarts && !w->interval) {
        return ct_fail(err, "damaged: an unexpected restart marker");
    }
    return true;
}

/* ---- the whole ---- */

static bool take_segment(walk *w, int marker, const uint8_t *data, size_t size, ct_error *err) {
    if (marker == SOS) {
        return take_scan(w, data, size, err);
    }
    if (marker >= 0xE0 && marker <= 0xEF) {
        return codec_jpeg_take_app(marker - 0xE0, data, size, &w->facts->info.meta, &w->icc, err);
    }
    if (marker == DQT) {
        return codec_jpeg_take_dqt(&w->tables, data, size, err);
    }
    if (marker == DHT) {
        return codec_jpeg_take_dht(&w->tables, data, size, err);
    }
    if (marker == DAC) {
        return codec_jpeg_check_process(0xC9, err);
    }
    if (marker >= 0xC0 && marker <= 0xCF && marker != JPG) {
        return take_frame(w, marker, data, size, err) && check_plausible(w, err);
    }
    if (marker == DRI) {
        if (size != 2) {
            return ct_fail(err, "damaged: a restart interval segment of %s",
                           ct_count(size, "byte").text);
        }
        w->interval = codec_get16(data);
    }
    return true;
}

/* Takes the marker at w->at, with what belongs to it; sets *ended at EOI. */
static bool next_marker(walk *w, bool *ended, ct_error *err) {
    if (w->at >= w->size) {
        return cut_off(err);
    }
    if (w->file[w->at] != 0xFF) {
        return ct_fail(err, "damaged: expected a marker at byte %zu", w->at);
    }
    while (w->at < w->size && w->file[w->at] == 0xFF) {
        w->at++; /* any number may precede a marker */
    }
    if (w->at >= w->size) {
        return cut_off(err);
    }
    const int marker = w->file[w->at++];
    *ended = marker == EOI;
    if (*ended) {
        return true;
    }
    if (marker <= 1 || (marker >= 0xD0 && marker <= SOI)) {
        return ct_fail(err, "damaged: an unexpected marker 0x%02x at byte %zu", marker, w->at - 1);
    }
    if (w->size - w->at < 2) {
        return cut_off(err);
    }
    const size_t length = codec_get16(w->file + w->at);
    if (length < 2) {
        return ct_fail(err, "damaged: a segment of %s at byte %zu", ct_count(length, "byte").text,
                       w->at);
    }
    if (w->size - w->at < length) {
        return cut_off(err);
    }
    const uint8_t *data = w->file + w->at + 2;
    w->at += length;
    return take_segment(w, marker, data, length - 2, err);
}

bool codec_jpeg_walk(const uint8_t *file, size_t size, const codec_limits *limits,
                     codec_jpeg_facts *facts, ct_error *err) {
    *facts = (codec_jpeg_facts){.info.meta.srgb_intent = -1};
    walk w = {.limits = limits, .facts = facts, .file = file, .size = size, .at = 2};
    bool ok = true;
    for (bool ended = false; ok && !ended;) {
        ok = next_marker(&w, &ended, err);
    }
    facts->end = w.at;
    if (ok && !facts->scans) {
        ok = ct_fail(err, "damaged: no image data");
    }
    ok = ok && codec_jpeg_end_meta(&w.icc, &facts->info.meta, &facts->warnings, err);
    codec_jpeg_free_icc(&w.icc);
    return ok;
}
