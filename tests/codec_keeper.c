/* What a keeper has from the image before changes nothing: neither files, rows nor errors. */
#include <stdlib.h>
#include <string.h>

#include "codec_tests.h"

static uint32_t next(uint32_t *state, uint32_t below) {
    *state = *state * 1664525U + 1013904223U;
    return (*state >> 8) % below;
}

/* Every second one is small enough for PNG's ways with small images. */
static codec_image random_image(uint32_t *state, bool jpeg) {
    const int side = next(state, 2) ? 60 : 400;
    const int width = 1 + (int)next(state, (uint32_t)side);
    const int height = 1 + (int)next(state, (uint32_t)side);
    const bool deep = !jpeg && codec_isal() && next(state, 4) == 0;
    const int channels = jpeg ? 1 + 2 * (int)next(state, 2) : 1 + (int)next(state, 4);
    return codec_image_random(width, height, channels, deep ? CODEC_U16 : CODEC_U8, *state);
}

static ct_text write_both(const char *format, const codec_image *image, uint32_t *state,
                          codec_keeper *keeper) {
    ct_text plain, kept;
    ct_error err = {""};
    codec_options options = codec_default_options();
    options.compression = (int)next(state, 7);
    options.quality = 80 + (int)next(state, 20);
    ck_assert_msg(codec_encode(format, image, &options, &plain, &err), "%s", err.text);
    options.keeper = keeper;
    ck_assert_msg(codec_encode(format, image, &options, &kept, &err), "%s", err.text);
    ck_assert_uint_eq(kept.length, plain.length);
    ck_assert(memcmp(kept.bytes, plain.bytes, plain.length) == 0);
    ct_text_free(&kept);
    return plain;
}

static void read_both(const ct_text *file, size_t size, codec_keeper *keeper) {
    codec_image plain, kept;
    ct_error expected = {""}, err = {""};
    codec_limits limits = codec_default_limits();
    const bool ok = codec_decode(file->bytes, size, &limits, &plain, &expected);
    limits.keeper = keeper;
    ck_assert_int_eq(codec_decode(file->bytes, size, &limits, &kept, &err), ok);
    ck_assert_str_eq(err.text, expected.text);
    if (ok) {
        ck_assert(codec_image_same(&plain, &kept));
        codec_image_free(&plain);
        codec_image_free(&kept);
    }
}

START_TEST(test_alternating) {
    static const char *const formats[] = {"png", "png", "jpeg", "pam"};
    codec_keeper *keeper = codec_keeper_new();
    ck_assert_ptr_nonnull(keeper);
    uint32_t state = 5;
    for (int i = 0; i < 120; i++) {
        const char *format = formats[next(&state, 4)];
        codec_image image = random_image(&state, format[0] == 'j');
        ct_text file = write_both(format, &image, &state, keeper);
        read_both(&file, file.length, keeper);
        if (next(&state, 3) == 0) {
            read_both(&file, next(&state, (uint32_t)file.length), keeper);
            file.bytes[next(&state, (uint32_t)file.length)] ^= 16;
            read_both(&file, file.length, keeper);
        }
        read_both(&file, file.length, keeper);
        ct_text_free(&file);
        codec_image_free(&image);
    }
    codec_keeper_free(keeper);
}
END_TEST

/* The image data is the same however it is cut into chunks: small images in one are inflated all at
 * once, the others as they come. */
START_TEST(test_split_data) {
    codec_image image = codec_image_random(64, 64, 3, CODEC_U8, 7), got;
    ct_text raw = {0}, file = {0}, split = {0};
    ct_error err = {""};
    for (size_t y = 0; y < 64; y++) {
        ck_assert(ct_text_add(&raw, "", 1) &&
                  ct_text_add(&raw, image.rows + y * image.stride, image.stride));
    }
    codec_make_png(&file, 64, 64, 8, 2, NULL, raw.bytes, raw.length);
    ct_text_free(&raw);
    const uint8_t *idat = memmem(file.bytes, file.length, "IDAT", 4);
    ck_assert_ptr_nonnull(idat);
    const size_t head = (size_t)(idat - (const uint8_t *)file.bytes) - 4;
    const size_t size = file.length - head - 24; /* without its frame and IEND */
    for (size_t at = 1; at < size; at += size / 9) {
        ck_assert(ct_text_add(&split, file.bytes, head));
        codec_add_chunk(&split, "IDAT", idat + 4, at);
        codec_add_chunk(&split, "IDAT", "", 0);
        codec_add_chunk(&split, "IDAT", idat + 4 + at, size - at);
        codec_add_chunk(&split, "IEND", "", 0);
        ck_assert_msg(codec_decode(split.bytes, split.length, NULL, &got, &err), "%s", err.text);
        ck_assert(codec_image_same(&image, &got));
        codec_image_free(&got);
        split.length = 0;
    }
    ct_text_free(&split);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

Suite *codec_keeper_suite(void) {
    Suite *suite = suite_create("codec keeper");
    TCase *cases = tcase_create("keeper");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, test_alternating);
    tcase_add_test(cases, test_split_data);
    suite_add_tcase(suite, cases);
    return suite;
}
