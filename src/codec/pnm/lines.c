#include "codec/pnm/lines.h"

enum {
    BLANKS = 32,    /* that may precede another image */
    PATIENCE = 100, /* ms for a pipe's writer to continue or end */
};

/* Whether the bytes begin like a file of this family. */
static bool is_magic(const uint8_t *bytes, size_t size) {
    return size >= 3 && bytes[0] == 'P' &&
           ((bytes[1] >= '1' && bytes[1] <= '7') || bytes[1] == 'f' || bytes[1] == 'F') &&
           (codec_pnm_blank(bytes[2]) || bytes[2] == '#');
}

static bool fail_unclear(ct_error *err) {
    return ct_fail(err, "the header ends in CR LF, but the LF may be the first byte of the "
                        "image; end the header with only one of the two");
}

static bool fail_longer(uint64_t bytes, ct_error *err) {
    return ct_fail(err,
                   "the header's lines end in CR LF, and the file is %llu byte%s longer than its "
                   "image; it was probably converted as text, which damages images",
                   (unsigned long long)bytes, bytes == 1 ? "" : "s");
}

bool codec_pnm_begin_raster(codec_reader *reader, const codec_pnm_lines *lines, uint64_t size,
                            ct_error *err) {
    codec_input *input = &reader->input;
    if (lines->last != '\r' || !codec_input_peek(input, 1) || input->bytes[input->at] != '\n') {
        return true;
    }
    uint64_t left;
    const bool known = codec_input_left(input, &left);
    if (!lines->crlf && known && left <= size) {
        return true; /* LF is a sample */
    }
    if (!lines->crlf && !(known && left == size + 1)) {
        return fail_unclear(err);
    }
    codec_input_byte(input);
    uint8_t behind[3];
    if (known && left > size + 1 &&
        !is_magic(behind, codec_input_look(input, size, behind, sizeof behind))) {
        return fail_longer(left - size - 1, err);
    }
    return true;
}

void codec_pnm_end_raster(codec_reader *reader) {
    codec_input *input = &reader->input;
    const size_t size = codec_input_peek_soon(input, BLANKS + 3, PATIENCE);
    const uint8_t *bytes = input->bytes + input->at;
    size_t at = 0;
    while (at < size && codec_pnm_blank(bytes[at])) {
        at++;
    }
    if (is_magic(bytes + at, size - at)) {
        codec_warn(&reader->warnings, CODEC_PIXELS,
                   "holds more than one image; only the first is read");
    }
}
