#include "app/commands/compare_pictures.h"

#include <stdlib.h>
#include <string.h>

#include "app/run/source.h"
#include "base/checked.h"
#include "codec/sheet/sheet.h"
#include "flow/flow.h"

/* Memory for so many rows; all that was taken so far counts. */
static void *take_rows(compare_image *image, const app_call *call, const codec_info *info,
                       ct_error *err) {
    const uint64_t most = call->limits.max_memory;
    size_t size;
    if (!ct_mul(codec_row_bytes(info), (size_t)info->height, &size) || size > most ||
        image->used > most - size) {
        ct_fail(err, "the pictures need more memory than %s, which is the limit (--max-memory)",
                ct_size_of(most).text);
        return NULL;
    }
    void *rows = malloc(size);
    if (!rows) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    image->used += size;
    return rows;
}

bool compare_image_read(compare_image *image, codec_reader *reader, const app_call *call,
                        ct_error *err) {
    *image = (compare_image){.info = *codec_reader_info(reader)};
    image->info.meta = (codec_meta){.srgb_intent = -1};
    const size_t bytes = codec_row_bytes(&image->info);
    image->rows = take_rows(image, call, &image->info, err);
    bool ok = image->rows != NULL;
    for (int y = 0; ok && y < image->info.height; y++) {
        ok = codec_read_row(reader, image->rows + (size_t)y * bytes, err);
    }
    return ok;
}

void compare_image_free(compare_image *image) {
    free(image->rows);
    image->rows = NULL;
}

/* Lays the colours on the sheet's gray, in place. */
static void flatten(compare_picture *picture) {
    const int channels = picture->shape.channels, colors = channels - 1;
    const size_t pixels = (size_t)picture->shape.width * (size_t)picture->shape.height;
    uint8_t *to = picture->pixels;
    const uint8_t *from = picture->pixels;
    for (size_t i = 0; i < pixels; i++, from += channels) {
        const int alpha = from[colors];
        for (int c = 0; c < colors; c++) {
            *to++ = (uint8_t)((from[c] * alpha + CODEC_SHEET_GRAY * (255 - alpha) + 127) / 255);
        }
    }
    picture->shape.channels = colors;
}

static bool check_channels(conv_shape shape, bool alpha, ct_error *err) {
    const int colors = shape.channels - (alpha ? 1 : 0);
    return colors == 1 || colors == 3 ||
           ct_fail(err,
                   "the result has %d channels; expected gray or RGB: put argmax or norm last, or "
                   "choose fewer of the input's with --channels",
                   shape.channels);
}

/* Runs what the source was lowered for into the picture. */
static bool run(compare_image *image, const app_call *call, const app_source *source,
                compare_picture *picture, ct_error *err) {
    const filter_program *program = &source->program;
    const codec_info info = {.width = program->out.width,
                             .height = program->out.height,
                             .channels = program->out.channels,
                             .sample = CODEC_U8,
                             .meta = {.srgb_intent = -1}};
    const flow_options options = {
        .jobs = call->jobs, .memory = call->limits.max_memory, .alpha = -1};
    flow_report report;
    picture->shape = program->out;
    if (!check_channels(program->out, program->out_alpha, err) ||
        !(picture->pixels = take_rows(image, call, &info, err))) {
        return false;
    }
    codec_writer *writer = codec_create_image(&info, picture->pixels, codec_row_bytes(&info), err);
    const flow_job job = {.in = source->reader,
                          .stages = program->stages,
                          .count = program->count,
                          .out = writer,
                          .out_info = &info};
    const bool ok = writer && flow_run(&job, &options, &report, err);
    codec_writer_free(writer);
    if (ok && program->out_alpha) {
        flatten(picture);
    }
    return ok;
}

bool compare_run(compare_image *image, const app_call *call, const filter_chain *chain,
                 const codec_format *format, compare_picture *picture, ct_error *err) {
    app_call eight = *call;
    eight.depth = 8;
    app_source source = {.fd = -1};
    const app_source_of of = {.fd = -1};
    source.reader = codec_open_image(&image->info, image->rows, codec_row_bytes(&image->info), err);
    const bool ok = source.reader && app_source_run_network(&source, &of, call, err) &&
                    app_source_lower(&source, &eight, chain, format, err) &&
                    run(image, call, &source, picture, err);
    app_source_close(&source);
    return ok;
}

bool compare_same_shape(const compare_picture *a, const compare_picture *b) {
    return a->shape.width == b->shape.width && a->shape.height == b->shape.height &&
           a->shape.channels == b->shape.channels;
}

bool compare_difference(compare_image *image, const app_call *call, const compare_picture *a,
                        const compare_picture *b, compare_picture *out, ct_error *err) {
    const codec_info info = {.width = a->shape.width,
                             .height = a->shape.height,
                             .channels = a->shape.channels,
                             .sample = CODEC_U8};
    const size_t samples = codec_row_bytes(&info) * (size_t)info.height;
    out->shape = a->shape;
    if (!(out->pixels = take_rows(image, call, &info, err))) {
        return false;
    }
    for (size_t i = 0; i < samples; i++) {
        out->pixels[i] = (uint8_t)abs(a->pixels[i] - b->pixels[i]);
    }
    return true;
}

void compare_picture_free(compare_picture *picture) {
    free(picture->pixels);
    picture->pixels = NULL;
}
