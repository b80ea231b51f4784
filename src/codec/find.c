/* Which decoder reads a file: its first bytes tell. */
#include "codec/foreign.h"
#include "codec/format.h"

static const codec_decoder *decoder_of(const uint8_t *head, size_t size) {
    const codec_format *format;
    for (size_t i = 0; (format = codec_format_at(i)); i++) {
        if (format->decoder && format->decoder->probe(head, size)) {
            return format->decoder;
        }
    }
    return NULL;
}

bool codec_is_image(const void *head, size_t size) {
    const codec_decoder *decoder = decoder_of(head, size);
    return decoder && decoder != &codec_table_decoder;
}

bool codec_is_text(const void *head, size_t size) {
    return decoder_of(head, size) == &codec_table_decoder;
}

static void fail_unknown(codec_reader *reader, ct_error *err) {
    codec_input *input = &reader->input;
    const size_t size = codec_input_peek(input, CODEC_FOREIGN_BYTES);
    ct_error found;
    codec_fail_foreign(input->bytes + input->at, size, &found);
    codec_fail_short(reader, err, "%s", found.text);
}

const codec_decoder *codec_find_decoder(codec_reader *reader, ct_error *err) {
    codec_input *input = &reader->input;
    size_t size = codec_input_peek(input, CODEC_PROBE_BYTES);
    if (!size) {
        codec_fail_short(reader, err, "the file is empty");
        return NULL;
    }
    const codec_decoder *decoder = decoder_of(input->bytes + input->at, size);
    if (!decoder) {
        size = codec_input_peek(input, CODEC_COMMENT_BYTES); /* a pipe may have had no more yet */
        decoder = decoder_of(input->bytes + input->at, size);
    }
    if (!decoder) {
        fail_unknown(reader, err);
    }
    return decoder;
}
