/* A writer that passes what it is given on to two others. */
#include <stdlib.h>

#include "codec/format.h"

typedef struct tee_state {
    codec_writer *main, *beside;
} tee_state;

static bool pack(const codec_writer *writer, int first, int count, const void *rows, size_t stride,
                 codec_packed **packed, ct_error *err) {
    return codec_pack(((const tee_state *)writer->state)->main, first, count, rows, stride, packed,
                      err);
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    const tee_state *state = writer->state;
    return codec_write(state->main, count, rows, stride, packed, err) &&
           codec_write(state->beside, count, rows, stride, NULL, err);
}

static bool finish(codec_writer *writer, ct_error *err) {
    const tee_state *state = writer->state;
    return codec_finish(state->main, err) && codec_finish(state->beside, err);
}

static void free_tee(codec_writer *writer) {
    free(writer->state);
}

static const codec_encoder tee_encoder = {
    .write = write_rows, .finish = finish, .free = free_tee, .pack = pack};

codec_writer *codec_create_tee(codec_writer *main, codec_writer *beside, ct_error *err) {
    codec_writer *writer = calloc(1, sizeof *writer);
    tee_state *state = calloc(1, sizeof *state);
    if (!writer || !state) {
        free(writer);
        free(state);
        ct_fail(err, "out of memory");
        return NULL;
    }
    *state = (tee_state){main, beside};
    writer->encoder = &tee_encoder;
    writer->state = state;
    writer->info = main->info;
    writer->info.meta = (codec_meta){.srgb_intent = -1};
    return writer;
}
