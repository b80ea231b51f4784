/* Images in memory, behind the same interfaces. */
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"

typedef struct memory_rows {
    uint8_t *rows; /* the reader doesn't write to them */
    size_t stride;
} memory_rows;

static bool check_image(const codec_info *info, size_t stride, ct_error *err) {
    if (info->width < 1 || info->height < 1 || info->channels < 1) {
        return ct_fail(err, "%dx%d pixels of %d channels: an image needs at least one", info->width,
                       info->height, info->channels);
    }
    return stride >= codec_row_bytes(info) ||
           ct_fail(err, "a stride of %zu bytes is too small for rows of %d pixels", stride,
                   info->width);
}

static memory_rows *new_rows(const void *rows, size_t stride, ct_error *err) {
    memory_rows *memory = malloc(sizeof *memory);
    if (!memory) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    memcpy(&memory->rows, &rows, sizeof rows);
    memory->stride = stride;
    return memory;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    (void)err;
    const memory_rows *memory = reader->state;
    memcpy(row, memory->rows + memory->stride * (size_t)reader->next_row,
           codec_row_bytes(&reader->info));
    return true;
}

static void close_memory(codec_reader *reader) {
    free(reader->state);
}

static const codec_decoder memory_decoder = {.read_row = read_row, .close = close_memory};

codec_reader *codec_open_image(const codec_info *info, const void *rows, size_t stride,
                               ct_error *err) {
    if (!check_image(info, stride, err)) {
        return NULL;
    }
    codec_reader *reader = codec_reader_new(NULL, err);
    if (!reader) {
        return NULL;
    }
    reader->decoder = &memory_decoder;
    reader->format = "memory";
    reader->info = *info;
    if (!codec_meta_copy(&reader->info.meta, &info->meta)) {
        ct_fail(err, "out of memory");
        goto fail;
    }
    reader->state = new_rows(rows, stride, err);
    if (!reader->state) {
        goto fail;
    }
    return reader;
fail:
    codec_close(reader);
    return NULL;
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    (void)err;
    const memory_rows *memory = writer->state;
    for (int y = 0; y < count; y++) {
        memcpy(memory->rows + memory->stride * (size_t)(writer->next_row + y),
               (const uint8_t *)rows + stride * (size_t)y, codec_row_bytes(&writer->info));
    }
    return true;
}

static bool finish_memory(codec_writer *writer, ct_error *err) {
    (void)writer;
    (void)err;
    return true;
}

static void free_memory(codec_writer *writer) {
    free(writer->state);
}

static const codec_encoder memory_encoder = {
    .write = write_rows, .finish = finish_memory, .free = free_memory};

codec_writer *codec_create_image(const codec_info *info, void *rows, size_t stride, ct_error *err) {
    if (!check_image(info, stride, err)) {
        return NULL;
    }
    codec_writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    writer->encoder = &memory_encoder;
    writer->info = *info;
    writer->info.meta = (codec_meta){.srgb_intent = -1};
    writer->state = new_rows(rows, stride, err);
    if (!writer->state) {
        codec_writer_free(writer);
        return NULL;
    }
    return writer;
}
