#include "codec/pnm/lines.h"

enum {
    BLANKS = 32, /* that may precede another image */
    MAGIC = 3,   /* bytes that tell an image of this family */
};

/* Whether the bytes, up to MAGIC of them, begin like a file of this family. */
static bool begins(const uint8_t *bytes, size_t size) {
    return (size < 1 || bytes[0] == 'P') &&
           (size < 2 || (bytes[1] >= '1' && bytes[1] <= '7') || bytes[1] == 'f' ||
            bytes[1] == 'F') &&
           (size < 3 || codec_pnm_blank(bytes[2]) || bytes[2] == '#');
}

static bool is_magic(const uint8_t *bytes, size_t size) {
    return size >= MAGIC && begins(bytes, MAGIC);
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
    uint8_t behind[MAGIC];
    if (known && left > size + 1 &&
        !is_magic(behind, codec_input_look(input, size, behind, sizeof behind))) {
        return fail_longer(left - size - 1, err);
    }
    return true;
}

bool codec_pnm_follows(codec_reader *reader, int milliseconds) {
    codec_input *input = &reader->input;
    size_t size = codec_input_peek_soon(input, 1, milliseconds), at = 0;
    while (at < size && at < BLANKS && codec_pnm_blank(input->bytes[input->at + at])) {
        at++;
        size = at < size ? size : codec_input_peek_soon(input, at + 1, milliseconds);
    }
    if (size == at) {
        return false;
    }
    size = codec_input_peek_soon(input, at + MAGIC, milliseconds) - at;
    const uint8_t *bytes = input->bytes + input->at + at;
    /* Where the end was waited for, the first bytes of an image are one that is cut off. */
    if (is_magic(bytes, size) || (milliseconds < 0 && size < MAGIC && begins(bytes, size))) {
        input->at += at;
        return true;
    }
    if (reader->number > 0) {
        codec_warn(&reader->warnings, CODEC_PIXELS,
                   "what follows image %llu isn't an image and is left out",
                   (unsigned long long)reader->number + 1);
    }
    return false;
}
