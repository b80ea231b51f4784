/* The text of a chain, run over small images: the first byte chooses the image, the rest is the
 * text. The result must be the same for every height of bands. */
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "flow/flow.h"
#include "fuzz.h"

enum { WIDTH = 9, HEIGHT = 7, MOST = 1 << 16 /* samples of a result */ };

static const codec_info images[] = {
    {.width = WIDTH, .height = HEIGHT, .channels = 3, .sample = CODEC_U8},
    {.width = WIDTH, .height = HEIGHT, .channels = 1, .sample = CODEC_F32},
    {.width = WIDTH, .height = HEIGHT, .channels = 4, .alpha = true, .sample = CODEC_U8},
    {.width = WIDTH, .height = HEIGHT, .channels = 2, .alpha = true, .sample = CODEC_U16},
    {.width = WIDTH, .height = HEIGHT, .channels = 4, .sample = CODEC_U8},
};

/* Whether it can be run; if so the result is in `rows`. */
static bool run(const codec_info *info, const filter_program *program, int band, void *rows) {
    static uint8_t samples[WIDTH * HEIGHT * 4 * 4];
    for (size_t i = 0; i < sizeof samples; i++) {
        samples[i] =
            info->sample == CODEC_F32 ? (uint8_t)(i % 4 ? i % 64 : i * 7) : (uint8_t)(i * 89);
    }
    ct_error err = {""};
    flow_report report;
    codec_info out = *info;
    out.width = program->out.width;
    out.height = program->out.height;
    out.channels = program->out.channels;
    const flow_options options = {.jobs = 1, .band = band, .alpha = -1, .memory = 1 << 24};
    codec_reader *reader = codec_open_image(info, samples, codec_row_bytes(info), &err);
    codec_writer *writer = codec_create_image(&out, rows, codec_row_bytes(&out), &err);
    const flow_job job = {.in = reader,
                          .stages = program->stages,
                          .count = program->count,
                          .out = writer,
                          .out_info = &out};
    const bool ok = reader && writer && flow_run(&job, &options, &report, &err);
    codec_close(reader);
    codec_writer_free(writer);
    if (!ok) {
        fuzz_check_error(&err);
    }
    return ok;
}

static void run_chain(const filter_chain *chain, const codec_info *info, ct_error *err) {
    const filter_settings settings = {0};
    const double white = codec_white(info->sample);
    const filter_image image = {info->width, info->height, info->channels,           info->alpha,
                                white,       white,        info->sample == CODEC_F32};
    filter_program program;
    if (!filter_lower(chain, &settings, &image, &program, err)) {
        fuzz_check_error(err);
        return;
    }
    const size_t samples =
        (size_t)program.out.width * (size_t)program.out.height * (size_t)program.out.channels;
    if (samples <= MOST) {
        uint8_t *once = malloc(samples * 4), *twice = malloc(samples * 4);
        memset(once, 0xA5, samples * 4);
        memset(twice, 0x5A, samples * 4);
        if (run(info, &program, 1, once) != run(info, &program, 5, twice) ||
            memcmp(once, twice, samples * codec_sample_size(info->sample)) != 0) {
            fuzz_fail("bands of another height, another result");
        }
        free(once);
        free(twice);
    }
    filter_program_free(&program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ct_error err = {""};
    char *text = strndup(size ? (const char *)data + 1 : "", size ? size - 1 : 0);
    filter_chain *chain = filter_parse(text, NULL, &err);
    if (chain) {
        run_chain(chain, &images[data[0] % (sizeof images / sizeof images[0])], &err);
        filter_chain_free(chain);
    } else {
        fuzz_check_error(&err);
    }
    free(text);
    return 0;
}
