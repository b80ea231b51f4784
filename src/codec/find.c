/* Which decoder reads a file: its first bytes tell. */
#include "codec/foreign.h"
#include "codec/format.h"

enum { PROBE_BYTES = 16 };

static void fail_unknown(codec_reader *reader, ct_error *err) {
    codec_input *input = &reader->input;
    const size_t size = codec_input_peek(input, CODEC_FOREIGN_BYTES);
    ct_error found;
    codec_fail_foreign(input->bytes + input->at, size, &found);
    codec_fail_short(reader, err, "%s", found.text);
}

const codec_decoder *codec_find_decoder(codec_reader *reader, ct_error *err) {
    const size_t size = codec_input_peek(&reader->input, PROBE_BYTES);
    const uint8_t *head = reader->input.bytes + reader->input.at;
    if (!size) {
        codec_fail_short(reader, err, "the file is empty");
        return NULL;
    }
    const codec_format *format;
    for (size_t i = 0; (format = codec_format_at(i)); i++) {
        if (format->decoder && format->decoder->probe(head, size)) {
            return format->decoder;
        }
    }
    fail_unknown(reader, err);
    return NULL;
}
