#include "codec/jpeg/turbo_scans.h"

#include <string.h>

static uint64_t component_blocks(const jpeg_component_info *component) {
    return (uint64_t)component->width_in_blocks * component->height_in_blocks;
}

uint64_t turbo_blocks(const struct jpeg_decompress_struct *cinfo) {
    uint64_t blocks = 0;
    for (int i = 0; i < cinfo->num_components; i++) {
        blocks += component_blocks(&cinfo->comp_info[i]);
    }
    return blocks;
}

uint64_t turbo_scan_visits(const struct jpeg_decompress_struct *cinfo) {
    uint64_t visits = 0;
    for (int i = 0; i < cinfo->comps_in_scan; i++) {
        visits += component_blocks(cinfo->cur_comp_info[i]);
    }
    return visits;
}

/* ---- looking ahead ---- */

enum { PIECE = 1 << 15 };

typedef struct view {
    codec_input input; /* a copy, at the decoder's place */
    uint64_t at;       /* bytes ahead of that */
    uint8_t piece[PIECE];
    size_t begin, end; /* piece[begin..end) come next */
} view;

/* The next byte; -1 at the end. */
static int next(view *v) {
    if (v->begin == v->end) {
        v->begin = 0;
        v->end = codec_input_look(&v->input, v->at, v->piece, PIECE);
        v->at += v->end;
    }
    return v->begin < v->end ? v->piece[v->begin++] : -1;
}

static void skip(view *v, size_t size) {
    const size_t here = v->end - v->begin;
    v->begin = size < here ? v->begin + size : v->end;
    v->at += size < here ? 0 : size - here;
}

/* Finds the next marker that isn't a restart; -1 at the end. */
static int next_marker(view *v) {
    for (int byte = 0; byte >= 0;) {
        const uint8_t *ff = memchr(v->piece + v->begin, 0xFF, v->end - v->begin);
        v->begin = ff ? (size_t)(ff - v->piece) : v->end;
        byte = next(v);
        while (byte == 0xFF) {
            byte = next(v);
            if (byte > 0 && byte < 0xFF && (byte < JPEG_RST0 || byte > JPEG_RST0 + 7)) {
                return byte;
            }
        }
    }
    return -1;
}

/* The blocks of the scan whose header begins here; moves past it. */
static uint64_t read_scan(view *v, const struct jpeg_decompress_struct *cinfo) {
    uint64_t visits = 0;
    for (int left = next(v); left > 0; left--) {
        const int id = next(v);
        for (int i = 0; i < cinfo->num_components; i++) {
            const jpeg_component_info *component = &cinfo->comp_info[i];
            visits += component->component_id == id ? component_blocks(component) : 0;
        }
        skip(v, 1); /* its tables */
    }
    return visits;
}

uint64_t turbo_all_visits(const struct jpeg_decompress_struct *cinfo, const turbo_source *source) {
    view v = {.input = turbo_source_view(source)};
    uint64_t visits = turbo_scan_visits(cinfo);
    for (int marker; (marker = next_marker(&v)) >= 0 && marker != JPEG_EOI;) {
        const int high = next(&v), low = next(&v);
        if (marker == TURBO_SOS) {
            visits += read_scan(&v, cinfo);
        } else if (low >= 0 && (high << 8 | low) > 2) {
            skip(&v, (size_t)(high << 8 | low) - 2);
        }
    }
    return visits;
}
