/* Reads JPEG through libjpeg-turbo, row by row. CMYK and YCCK become RGB by the product of colour
 * and black, without the file's ICC profile, which is for CMYK. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/text.h"
#include "codec/format.h"
#include "codec/jpeg/checks.h"
#include "codec/jpeg/turbo.h"
#include "codec/jpeg/turbo_bands.h"
#include "codec/jpeg/turbo_scans.h"
#include "codec/jpeg/walk.h"

typedef struct jpeg_state {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_progress_mgr progress; /* watch_scans finds the state through cinfo */
    turbo_errors errors;
    turbo_source source;
    turbo_segments segments;
    codec_limits limits;
    const codec_info *info; /* the reader's */
    bool created, started;
    int scans;                    /* begun so far */
    uint64_t visits;              /* to blocks, by these */
    uint64_t size;                /* bytes of the file, where there are several scans */
    bool scanned[MAX_COMPONENTS]; /* components found in one of them */
    uint8_t *cmyk;                /* one row, before it becomes RGB */
    turbo_bands *bands;           /* NULL: none yet, or rows come in order */
} jpeg_state;

/* ---- opening ---- */

static bool read_header(jpeg_state *state, codec_reader *reader) {
    if (setjmp(state->errors.escape)) {
        return false;
    }
    jpeg_create_decompress(&state->cinfo);
    state->created = true;
    state->cinfo.src = &state->source.pub;
    turbo_segments_start(&state->segments, &state->cinfo, &reader->info.meta);
    jpeg_read_header(&state->cinfo, TRUE);
    return true;
}

static bool take_info(jpeg_state *state, codec_info *info, ct_error *err) {
    const struct jpeg_decompress_struct *cinfo = &state->cinfo;
    if (cinfo->arith_code) {
        return codec_jpeg_check_process(0xC9, err);
    }
    const int components = cinfo->num_components;
    if (components != 1 && components != 3 && components != 4) {
        return ct_fail(err, "a JPEG with %d components; expected 1, 3 or 4", components);
    }
    if (!codec_check_size(&state->limits, cinfo->image_width, cinfo->image_height, err)) {
        return false;
    }
    info->width = (int)cinfo->image_width;
    info->height = (int)cinfo->image_height;
    info->channels = components == 1 ? 1 : 3;
    info->sample = CODEC_U8;
    if (cinfo->saw_JFIF_marker) {
        codec_jpeg_take_density(cinfo->density_unit, cinfo->X_density, cinfo->Y_density,
                                &info->meta);
    }
    return true;
}

/* The memory for the coefficients where the decoder holds them all: a progressive image is complete
 * only after its last scan. */
static uint64_t held_bytes(const struct jpeg_decompress_struct *cinfo) {
    uint64_t bytes = 0;
    for (int i = 0; i < cinfo->num_components; i++) {
        const jpeg_component_info *component = &cinfo->comp_info[i];
        const uint64_t h = (uint64_t)component->h_samp_factor;
        const uint64_t v = (uint64_t)component->v_samp_factor;
        const uint64_t across = component->width_in_blocks, down = component->height_in_blocks;
        bytes += (across + h - 1) / h * h * ((down + v - 1) / v * v) * sizeof(JBLOCK);
    }
    return bytes;
}

static uint64_t memory(const codec_reader *reader) {
    jpeg_state *state = reader->state;
    return jpeg_has_multiple_scans(&state->cinfo) ? held_bytes(&state->cinfo) : 0;
}

/* Called before anything of the image's size is allocated. `left`: how many bytes the input had
 * when it was opened, if known. */
static bool check_budget(jpeg_state *state, const codec_info *info, bool known, uint64_t left,
                         ct_error *err) {
    const uint64_t most = state->limits.max_memory, blocks = turbo_blocks(&state->cinfo);
    const uint64_t bytes = held_bytes(&state->cinfo);
    const bool held = jpeg_has_multiple_scans(&state->cinfo);
    if (held && bytes > most) {
        return ct_fail(err,
                       "%dx%d pixels: as a progressive JPEG it needs %s of memory; the limit is %s "
                       "(--max-memory)",
                       info->width, info->height, ct_size_of(bytes).text, ct_size_of(most).text);
    }
    /* So much memory isn't allocated without seeing all of a pipe. */
    if (held && !known) {
        known = turbo_source_rest(&state->source, most, &left, err);
        if (!known) {
            return false;
        }
    }
    state->size = left;
    if (held && !codec_jpeg_check_visits(
                    info, blocks, turbo_all_visits(&state->cinfo, &state->source), left, err)) {
        return false;
    }
    state->cinfo.mem->max_memory_to_use = most < LONG_MAX ? (long)most : LONG_MAX;
    return !known || state->limits.lenient || codec_jpeg_check_blocks(info, blocks, left, err);
}

static bool open_jpeg(codec_reader *reader, ct_error *err) {
    jpeg_state *state = calloc(1, sizeof *state);
    reader->state = state;
    reader->format = "jpeg";
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    uint64_t left;
    const bool known = codec_input_left(&reader->input, &left);
    state->limits = reader->limits;
    state->info = &reader->info;
    state->cinfo.err = turbo_errors_init(&state->errors, reader->limits.lenient);
    turbo_source_init(&state->source, &reader->input);
    if (!read_header(state, reader)) {
        return ct_fail(err, "%s", state->errors.error.text);
    }
    codec_meta *meta = &reader->info.meta;
    if (!take_info(state, &reader->info, err) ||
        !check_budget(state, &reader->info, known, left, err) ||
        !turbo_segments_stop(&state->segments, &state->cinfo, &reader->warnings, err)) {
        return false;
    }
    turbo_segments_free(&state->segments);
    if (state->cinfo.num_components == 4) {
        free(meta->icc);
        meta->icc = NULL;
        meta->icc_size = 0;
    }
    return true;
}

/* YCbCr's Y is what we call gray, rounded to 8 bits: nothing else needs to be decoded then. */
static bool want_gray(codec_reader *reader) {
    jpeg_state *state = reader->state;
    if (state->started || state->bands || state->cinfo.jpeg_color_space != JCS_YCbCr) {
        return false;
    }
    reader->info.channels = 1;
    return true;
}

/* ---- rows ---- */

/* Called repeatedly while scans are read, at least once in each. */
static void watch_scans(j_common_ptr common) {
    const j_decompress_ptr cinfo = (j_decompress_ptr)common;
    jpeg_state *state = (jpeg_state *)cinfo; /* cinfo is its first field */
    if (cinfo->input_scan_number == state->scans) {
        return;
    }
    state->scans = cinfo->input_scan_number;
    if (state->scans > state->limits.max_scans) {
        turbo_fail(common, "more scans than the limit of %d", state->limits.max_scans);
    }
    /* Confirms what turbo_all_visits found by looking ahead. */
    state->visits += turbo_scan_visits(cinfo);
    if (jpeg_has_multiple_scans(cinfo) &&
        !codec_jpeg_check_visits(state->info, turbo_blocks(cinfo), state->visits, state->size,
                                 &state->errors.error)) {
        longjmp(state->errors.escape, 1);
    }
    for (int i = 0; i < cinfo->comps_in_scan; i++) {
        state->scanned[cinfo->cur_comp_info[i]->component_index] = true;
    }
}

/* Decodes all scans where there are several. */
static void start(jpeg_state *state, int channels) {
    j_decompress_ptr cinfo = &state->cinfo;
    state->started = true;
    state->progress.progress_monitor = watch_scans;
    cinfo->progress = &state->progress;
    cinfo->out_color_space = channels == 1                ? JCS_GRAYSCALE
                             : cinfo->num_components == 4 ? JCS_CMYK
                                                          : JCS_RGB;
    if (cinfo->out_color_space == JCS_CMYK) {
        state->cmyk = malloc((size_t)4 * cinfo->image_width);
        if (!state->cmyk) {
            turbo_fail((j_common_ptr)cinfo, "out of memory");
        }
    }
    const bool several = jpeg_has_multiple_scans(cinfo);
    jpeg_start_decompress(cinfo);
    for (int i = 0; several && i < cinfo->num_components; i++) {
        if (!state->scanned[i]) {
            turbo_warn((j_common_ptr)cinfo, "damaged: no scan has component %d", i + 1);
        }
    }
}

/* c * k / 255, rounded to nearest: exact for bytes. */
static uint8_t product(int c, int k) {
    const int t = c * k + 128;
    return (uint8_t)((t + (t >> 8)) >> 8);
}

/* Adobe stores 255 minus the ink (Technical Note #5116, and every reader since); files without its
 * marker store the ink itself. */
static void cmyk_to_rgb(const uint8_t *cmyk, bool inverted, uint8_t *rgb, int width) {
    const int flip = inverted ? 0 : 255;
    for (int x = 0; x < width; x++) {
        const int k = cmyk[4 * x + 3] ^ flip;
        for (int c = 0; c < 3; c++) {
            rgb[3 * x + c] = product(cmyk[4 * x + c] ^ flip, k);
        }
    }
}

static bool decode_row(jpeg_state *state, const codec_info *info, uint8_t *row) {
    if (setjmp(state->errors.escape)) {
        return false;
    }
    j_decompress_ptr cinfo = &state->cinfo;
    if (!state->started) {
        start(state, info->channels);
    }
    JSAMPROW rows[1] = {state->cmyk ? state->cmyk : row};
    if (jpeg_read_scanlines(cinfo, rows, 1) != 1) {
        turbo_fail((j_common_ptr)cinfo, "damaged: fewer rows than the header says");
    }
    if (state->cmyk) {
        cmyk_to_rgb(state->cmyk, cinfo->saw_Adobe_marker, row, info->width);
    }
    if (cinfo->output_scanline == cinfo->output_height) {
        jpeg_finish_decompress(cinfo); /* reads to the end-of-image marker */
    }
    return true;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    jpeg_state *state = reader->state;
    const bool ok = decode_row(state, &reader->info, row);
    if (state->errors.pub.num_warnings) {
        codec_warn(&reader->warnings, CODEC_ACCEPTED, "%s", state->errors.warning.text);
    }
    return ok || ct_fail(err, "%s", state->errors.error.text);
}

/* With damage accepted, only reading in order tells which was the first. */
static int most_step(const codec_reader *reader, int threads) {
    const jpeg_state *state = reader->state;
    return state->started || state->limits.lenient
               ? 0
               : turbo_bands_most(&state->cinfo, reader->info.channels, threads);
}

static int find_step(codec_reader *reader, int threads) {
    jpeg_state *state = reader->state;
    if (!state->bands && most_step(reader, threads) > 0) {
        state->bands =
            turbo_bands_new(&state->cinfo, &state->source, reader->info.channels, threads);
    }
    return state->bands ? turbo_bands_step(state->bands) : 0;
}

static bool read_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                    ct_error *err) {
    const jpeg_state *state = reader->state;
    return turbo_bands_read(state->bands, first, count, rows, stride, err);
}

static void close_jpeg(codec_reader *reader) {
    jpeg_state *state = reader->state;
    if (state) {
        turbo_segments_free(&state->segments);
        turbo_bands_free(state->bands);
        if (state->created) {
            jpeg_destroy_decompress(&state->cinfo);
        }
        free(state->cmyk);
        free(state);
    }
}

const codec_decoder codec_turbo_jpeg_decoder = {.probe = codec_jpeg_probe,
                                                .open = open_jpeg,
                                                .want_gray = want_gray,
                                                .memory = memory,
                                                .read_row = read_row,
                                                .step = find_step,
                                                .most_step = most_step,
                                                .read_at = read_at,
                                                .close = close_jpeg};
