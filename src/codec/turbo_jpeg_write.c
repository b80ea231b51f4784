/* JPEG out, through libjpeg-turbo, row by row as the bands come. Huffman tables are the usual ones:
 * better ones would be known only after the last row, with every coefficient held until then. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"
#include "codec/jpeg_checks.h"
#include "codec/jpeg_meta_write.h"
#include "codec/turbo.h"

enum {
    BUFFER_BYTES = 1 << 16,
    ROWS_AT_ONCE = 32,
    FULL_CHROMA = 90, /* from this quality on colours keep the resolution of the brightness */
};

typedef struct jpeg_state {
    struct jpeg_compress_struct cinfo; /* first */
    struct jpeg_destination_mgr destination;
    turbo_errors errors;
    codec_sink sink;
    bool created;
    uint8_t buffer[BUFFER_BYTES];
} jpeg_state;

static codec_sample only_u8(codec_sample wanted) {
    (void)wanted;
    return CODEC_U8;
}

static bool check_jpeg(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format;
    return codec_jpeg_check_info(info, (int)JPEG_MAX_DIMENSION, err);
}

/* ---- where the bytes go ---- */

static void start_buffer(j_compress_ptr cinfo) {
    jpeg_state *state = (jpeg_state *)cinfo;
    state->destination.next_output_byte = state->buffer;
    state->destination.free_in_buffer = sizeof state->buffer;
}

static void put(jpeg_state *state, const void *bytes, size_t size) {
    if (size && !state->sink.put(state->sink.context, bytes, size, &state->errors.error)) {
        longjmp(state->errors.escape, 1);
    }
}

/* The library calls it when the buffer is full, whatever free_in_buffer says. */
static boolean empty_buffer(j_compress_ptr cinfo) {
    jpeg_state *state = (jpeg_state *)cinfo;
    put(state, state->buffer, sizeof state->buffer);
    start_buffer(cinfo);
    return TRUE;
}

static void flush_buffer(j_compress_ptr cinfo) {
    jpeg_state *state = (jpeg_state *)cinfo;
    put(state, state->buffer, sizeof state->buffer - state->destination.free_in_buffer);
    start_buffer(cinfo);
}

/* ---- the library's calls ---- */

static void set_parameters(j_compress_ptr cinfo, const codec_info *info, int quality) {
    cinfo->image_width = (JDIMENSION)info->width;
    cinfo->image_height = (JDIMENSION)info->height;
    cinfo->input_components = info->channels;
    cinfo->in_color_space = info->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(cinfo); /* 2x2 sampling for colour */
    jpeg_set_quality(cinfo, quality, TRUE);
    if (quality >= FULL_CHROMA) {
        cinfo->comp_info[0].h_samp_factor = cinfo->comp_info[0].v_samp_factor = 1;
    }
    uint32_t x, y;
    if (codec_jpeg_density(&info->meta, &x, &y)) {
        cinfo->density_unit = 1; /* per inch */
        cinfo->X_density = (UINT16)x;
        cinfo->Y_density = (UINT16)y;
    }
}

/* Writes all that stands before the image: `segments` come behind JFIF's. */
static bool begin(jpeg_state *state, const codec_writer *writer, const ct_text *segments) {
    if (setjmp(state->errors.escape)) {
        return false;
    }
    j_compress_ptr cinfo = &state->cinfo;
    jpeg_create_compress(cinfo);
    state->created = true;
    state->destination = (struct jpeg_destination_mgr){.init_destination = start_buffer,
                                                       .empty_output_buffer = empty_buffer,
                                                       .term_destination = flush_buffer};
    cinfo->dest = &state->destination;
    set_parameters(cinfo, &writer->info, writer->options.quality);
    jpeg_start_compress(cinfo, TRUE);
    flush_buffer(cinfo);
    put(state, segments->bytes, segments->length);
    return true;
}

static bool compress(jpeg_state *state, int count, const uint8_t *rows, size_t stride) {
    if (setjmp(state->errors.escape)) {
        return false;
    }
    JSAMPROW lines[ROWS_AT_ONCE];
    for (int y = 0; y < count;) {
        int n = 0;
        for (; n < ROWS_AT_ONCE && y < count; n++, y++) {
            lines[n] = (JSAMPROW)(uintptr_t)(rows + stride * (size_t)y);
        }
        jpeg_write_scanlines(&state->cinfo, lines, (JDIMENSION)n);
    }
    return true;
}

static bool end(jpeg_state *state) {
    if (setjmp(state->errors.escape)) {
        return false;
    }
    jpeg_finish_compress(&state->cinfo);
    return true;
}

/* ---- the encoder ---- */

static bool pass(const jpeg_state *state, bool ok, ct_error *err) {
    return ok || ct_fail(err, "%s", state->errors.error.text);
}

static bool create_jpeg(codec_writer *writer, ct_error *err) {
    jpeg_state *state = calloc(1, sizeof *state);
    writer->state = state;
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    state->sink = writer->sink;
    state->cinfo.err = turbo_errors_init(&state->errors, false);
    ct_text segments = {0};
    const bool ok =
        codec_jpeg_add_meta(&segments, &writer->info.meta, writer->info.channels, err) &&
        pass(state, begin(state, writer, &segments), err);
    ct_text_free(&segments);
    return ok;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    jpeg_state *state = writer->state;
    return pass(state, compress(state, count, rows, stride), err);
}

static bool finish_jpeg(codec_writer *writer, ct_error *err) {
    jpeg_state *state = writer->state;
    return pass(state, end(state), err);
}

static void free_jpeg(codec_writer *writer) {
    jpeg_state *state = writer->state;
    if (state && state->created) {
        jpeg_destroy_compress(&state->cinfo);
    }
    free(state);
}

const codec_encoder codec_turbo_jpeg_encoder = {.sample = only_u8,
                                                .check = check_jpeg,
                                                .create = create_jpeg,
                                                .write = write_rows,
                                                .finish = finish_jpeg,
                                                .free = free_jpeg};
