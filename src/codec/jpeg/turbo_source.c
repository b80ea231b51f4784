/* Bytes for libjpeg-turbo's decompressor, and the segments that it leaves to us. */
#include <stdlib.h>
#include <string.h>

#include <jerror.h>

#include "codec/jpeg/turbo.h"

static void do_nothing(j_decompress_ptr cinfo) {
    (void)cinfo;
}

boolean turbo_source_give(struct jpeg_source_mgr *pub, const uint8_t *bytes, size_t size) {
    pub->next_input_byte = bytes;
    pub->bytes_in_buffer = size;
    return TRUE;
}

boolean turbo_source_give_end(struct jpeg_source_mgr *pub) {
    static const uint8_t eoi[2] = {0xFF, JPEG_EOI};
    return turbo_source_give(pub, eoi, sizeof eoi);
}

/* Gives the decoder all that is in the buffer; what it doesn't use is never read again. */
static boolean give_buffer(turbo_source *source) {
    codec_input *input = source->input;
    const size_t at = input->at;
    input->at = input->end;
    return turbo_source_give(&source->pub, input->bytes + at, input->end - at);
}

static boolean fill(j_decompress_ptr cinfo) {
    turbo_source *source = (turbo_source *)cinfo->src;
    codec_input *input = source->input;
    if (codec_input_refill(input) >= 0) {
        codec_input_back(input);
        return give_buffer(source);
    }
    if (input->error) {
        turbo_fail((j_common_ptr)cinfo, "can't read: %s", strerror(input->error));
    }
    /* Supplies the missing end, so that the decoder makes the best of what it has. */
    turbo_warn((j_common_ptr)cinfo, "truncated: the file ends before its end-of-image marker");
    return turbo_source_give_end(&source->pub);
}

static void skip(j_decompress_ptr cinfo, long count) {
    struct jpeg_source_mgr *pub = cinfo->src;
    while (count > 0) {
        if (!pub->bytes_in_buffer) {
            pub->fill_input_buffer(cinfo);
        }
        const size_t here =
            (size_t)count < pub->bytes_in_buffer ? (size_t)count : pub->bytes_in_buffer;
        pub->next_input_byte += here;
        pub->bytes_in_buffer -= here;
        count -= (long)here;
    }
}

struct jpeg_source_mgr turbo_source_manager(boolean (*filler)(j_decompress_ptr cinfo)) {
    return (struct jpeg_source_mgr){.init_source = do_nothing,
                                    .fill_input_buffer = filler,
                                    .skip_input_data = skip,
                                    .resync_to_restart = jpeg_resync_to_restart,
                                    .term_source = do_nothing};
}

void turbo_source_init(turbo_source *source, codec_input *input) {
    *source = (turbo_source){.pub = turbo_source_manager(fill), .input = input};
    give_buffer(source);
}

codec_input turbo_source_view(const turbo_source *source) {
    codec_input view = *source->input;
    view.at -= source->pub.bytes_in_buffer;
    return view;
}

bool turbo_source_rest(turbo_source *source, uint64_t limit, uint64_t *left, ct_error *err) {
    codec_input *input = source->input;
    const uint8_t *bytes;
    size_t size;
    input->at -= source->pub.bytes_in_buffer;
    if (!codec_input_rest(input, limit, &bytes, &size, err)) {
        return false;
    }
    *left = size;
    give_buffer(source);
    return true;
}

/* ---- segments ---- */

static int next_byte(j_decompress_ptr cinfo) {
    struct jpeg_source_mgr *pub = cinfo->src;
    if (!pub->bytes_in_buffer) {
        fill(cinfo);
    }
    pub->bytes_in_buffer--;
    return *pub->next_input_byte++;
}

static void read_bytes(j_decompress_ptr cinfo, uint8_t *to, size_t size) {
    struct jpeg_source_mgr *pub = cinfo->src;
    while (size) {
        if (!pub->bytes_in_buffer) {
            fill(cinfo);
        }
        const size_t here = size < pub->bytes_in_buffer ? size : pub->bytes_in_buffer;
        memcpy(to, pub->next_input_byte, here);
        pub->next_input_byte += here;
        pub->bytes_in_buffer -= here;
        to += here;
        size -= here;
    }
}

/* Replaces jpeg_save_markers, which would keep every segment of a file that has thousands. */
static boolean take_segment(j_decompress_ptr cinfo) {
    turbo_segments *segments = cinfo->client_data;
    turbo_errors *errors = (turbo_errors *)cinfo->err;
    const int high = next_byte(cinfo), length = high << 8 | next_byte(cinfo);
    if (length < 2) {
        cinfo->err->msg_code = JERR_BAD_LENGTH;
        cinfo->err->error_exit((j_common_ptr)cinfo);
    }
    const size_t size = (size_t)length - 2;
    if (!segments->data) {
        segments->data = malloc(65535);
    }
    if (!segments->data) {
        turbo_fail((j_common_ptr)cinfo, "out of memory");
    }
    read_bytes(cinfo, segments->data, size);
    if (!codec_jpeg_take_app(cinfo->unread_marker - JPEG_APP0, segments->data, size, segments->meta,
                             &segments->icc, &errors->error)) {
        longjmp(errors->escape, 1);
    }
    return TRUE;
}

void turbo_segments_start(turbo_segments *segments, j_decompress_ptr cinfo, codec_meta *meta) {
    *segments = (turbo_segments){.meta = meta};
    cinfo->client_data = segments;
    jpeg_set_marker_processor(cinfo, JPEG_APP0 + 1, take_segment);
    jpeg_set_marker_processor(cinfo, JPEG_APP0 + 2, take_segment);
}

bool turbo_segments_stop(turbo_segments *segments, j_decompress_ptr cinfo, codec_warnings *warnings,
                         ct_error *err) {
    jpeg_save_markers(cinfo, JPEG_APP0 + 1, 0);
    jpeg_save_markers(cinfo, JPEG_APP0 + 2, 0);
    return codec_jpeg_end_meta(&segments->icc, segments->meta, warnings, err);
}

void turbo_segments_free(turbo_segments *segments) {
    codec_jpeg_free_icc(&segments->icc);
    free(segments->data);
    segments->data = NULL;
}
