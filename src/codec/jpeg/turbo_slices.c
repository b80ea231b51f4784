#include "codec/jpeg/turbo_slices.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"

enum { PIECE = 1 << 16 };

/* Baseline or extended, and one scan of all components. Of four components there are few files. */
static bool is_plain(const struct jpeg_decompress_struct *cinfo) {
    return !cinfo->progressive_mode && !cinfo->arith_code && cinfo->num_components <= 3 &&
           cinfo->comps_in_scan == cinfo->num_components && cinfo->restart_interval > 0;
}

/* False if intervals don't begin at rows of units. A scan of one component has units of one block
 * (T.81, A.2.2), of which the library takes v rows at once. */
static bool plan(turbo_slices *slices, const struct jpeg_decompress_struct *cinfo) {
    const jpeg_component_info *first = &cinfo->comp_info[0];
    const bool alone = cinfo->num_components == 1;
    const int high = DCTSIZE * cinfo->max_v_samp_factor, wide = DCTSIZE * cinfo->max_h_samp_factor;
    const int interval = (int)cinfo->restart_interval, height = (int)cinfo->image_height;
    const int across = alone ? (int)first->width_in_blocks * first->v_samp_factor
                             : ct_div_up((int)cinfo->image_width, wide);
    const int units = alone ? (int)(first->width_in_blocks * first->height_in_blocks)
                            : across * ct_div_up(height, high);
    if (interval % across && across % interval) {
        return false;
    }
    slices->rows = interval > across ? interval / across * high : high;
    slices->intervals = interval > across ? 1 : across / interval;
    slices->count = ct_div_up(height, slices->rows);
    slices->restarts = ct_div_up(units, interval) - 1;
    return slices->count > 1;
}

bool turbo_slices_plan(turbo_slices *slices, const struct jpeg_decompress_struct *cinfo) {
    *slices = (turbo_slices){0};
    return is_plain(cinfo) && plan(slices, cinfo);
}

/* Takes the marker that ends at byte `end`, the scan's n-th from 0. */
static bool take_marker(turbo_slices *slices, int n, int marker, uint64_t end) {
    if (n == slices->restarts) {
        slices->starts[slices->count] = end;
        return marker == JPEG_EOI;
    }
    if ((n + 1) % slices->intervals == 0) {
        slices->starts[(n + 1) / slices->intervals] = end;
    }
    return marker == JPEG_RST0 + n % 8;
}

/* Finds the slices' starts. Fill bytes before a marker, which are legal but rare, aren't accepted
 * either. */
static bool scan(turbo_slices *slices, uint8_t *piece) {
    int n = 0;
    for (uint64_t at = 0;;) {
        const size_t size = codec_input_look(&slices->input, at, piece, PIECE);
        if (size < 2) {
            return false;
        }
        const uint8_t *ff = piece, *last = piece + size - 1;
        while (ff < last && (ff = memchr(ff, 0xFF, (size_t)(last - ff)))) {
            const int marker = ff[1];
            ff += 2;
            if (marker && !take_marker(slices, n, marker, at + (uint64_t)(ff - piece))) {
                return false;
            }
            n += marker != 0;
            if (n > slices->restarts) {
                return true;
            }
        }
        at += ff == last + 1 ? size : size - 1; /* the last byte may begin a marker */
    }
}

bool turbo_slices_find(turbo_slices *slices, const struct jpeg_decompress_struct *cinfo,
                       const turbo_source *source) {
    if (!turbo_slices_plan(slices, cinfo)) {
        return false;
    }
    slices->input = turbo_source_view(source);
    slices->starts = calloc((size_t)slices->count + 1, sizeof *slices->starts);
    uint8_t *piece = malloc(PIECE);
    const bool found = slices->starts && piece && scan(slices, piece);
    free(piece);
    if (!found) {
        turbo_slices_free(slices);
    }
    return found;
}

void turbo_slices_free(turbo_slices *slices) {
    free(slices->starts);
    *slices = (turbo_slices){0};
}
