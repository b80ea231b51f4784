/* Streams: the images behind the first. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"

enum { PATIENCE = 100 }; /* ms for a pipe's writer to continue or end */

void codec_read_stream(codec_reader *reader) {
    reader->stream = true;
}

bool codec_reader_has_more(const codec_reader *reader) {
    return reader->has_more;
}

void codec_look_behind(codec_reader *reader) {
    if (reader->decoder->follows && reader->decoder->follows(reader, PATIENCE)) {
        reader->has_more = true;
        codec_warn(&reader->warnings, CODEC_PIXELS,
                   "holds more than one image; only the first is read");
    }
}

/* Closes the image and opens what comes behind it, as if a file began there. */
static bool open_next(codec_reader *reader, ct_error *err) {
    reader->decoder->close(reader);
    reader->state = NULL;
    codec_meta_free(&reader->info.meta);
    reader->info = (codec_info){.meta.srgb_intent = -1};
    if (codec_input_peek(&reader->input, 3) < 3) {
        return codec_fail_short(reader, err, "the file ends within its header");
    }
    const codec_decoder *decoder = codec_find_decoder(reader, err);
    reader->decoder = decoder ? decoder : reader->decoder;
    return decoder && decoder->open(reader, err);
}

/* Memory for the image's rows, which is kept for the images behind it. */
static bool make_room(codec_reader *reader, ct_error *err) {
    const codec_info *info = &reader->info;
    const size_t bytes = codec_row_bytes(info) * (size_t)info->height;
    if (reader->held && reader->held_bytes >= bytes) {
        return true;
    }
    free(reader->held);
    reader->held_bytes = bytes;
    reader->held = codec_alloc_image(info, reader->limits.max_memory, err);
    return reader->held != NULL;
}

static bool hold(codec_reader *reader, ct_error *err) {
    const size_t bytes = codec_row_bytes(&reader->info);
    bool ok = make_room(reader, err);
    for (int y = 0; ok && y < reader->info.height; y++) {
        reader->next_row = y;
        ok = reader->decoder->read_row(reader, reader->held + bytes * (size_t)y, err);
    }
    reader->next_row = 0;
    reader->holds = ok;
    return ok;
}

bool codec_move_on(codec_reader *reader, ct_error *err) {
    const codec_decoder *decoder = reader->decoder;
    reader->next_row = 0;
    reader->holds = false;
    return (decoder->next ? decoder->next(reader, err) : open_next(reader, err)) &&
           (reader->decoder->whole || hold(reader, err));
}

bool codec_reader_is_cut(const codec_reader *reader) {
    return reader->cut;
}

bool codec_next(codec_reader *reader, bool *more, ct_error *err) {
    *more = false;
    if (reader->broken || reader->next_row < reader->info.height) {
        return ct_fail(err, "no next image before the last row of this one");
    }
    if (!reader->decoder->follows || !reader->decoder->follows(reader, -1)) {
        return !reader->input.error || codec_fail_short(reader, err, "%s", "");
    }
    reader->number++;
    const unsigned long long frame = reader->number + 1;
    ct_error error;
    reader->cut = false;
    *more = codec_move_on(reader, &error);
    reader->broken = !*more;
    if (*more) {
        return true;
    }
    /* Limits, errors of reading and a lack of memory aren't damage. */
    if (reader->cut && reader->limits.lenient) {
        codec_warn(&reader->warnings, CODEC_ACCEPTED, "frame %llu: %s; it is left out", frame,
                   error.text);
        return true;
    }
    return ct_fail(err, "frame %llu: %s", frame, error.text);
}
