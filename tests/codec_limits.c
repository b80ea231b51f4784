/* The limits of memory and time, where a whole image is held or gone over many times. */
#include <string.h>

#include "codec_tests.h"

/* ---- writers ---- */

/* What needs the whole image first: PFM, and stb's two writers. */
START_TEST(test_held_memory) {
    const codec_encoder *const encoders[] = {&codec_pfm_encoder, &codec_stb_png_encoder,
                                             &codec_stb_jpeg_encoder};
    codec_format format = *codec_format_by_name("pfm");
    codec_image image = codec_image_random(50, 40, 3, _i ? CODEC_U8 : CODEC_F32, 1);
    codec_options options = codec_default_options();
    const size_t bytes = image.stride * 40;
    ct_text file = {0};
    ct_error err;
    format.encoder = encoders[_i];
    options.max_memory = bytes - 1;
    ck_assert_ptr_null(
        codec_create(&format, &image.info, &options, (codec_sink){codec_put_text, &file}, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "(--max-memory)"));
    /* The image alone fits; the encoder needs more, or it was all that PFM needs. */
    options.max_memory = bytes;
    codec_writer *writer =
        codec_create(&format, &image.info, &options, (codec_sink){codec_put_text, &file}, &err);
    ck_assert_ptr_nonnull(writer);
    ck_assert(codec_write(writer, 40, image.rows, image.stride, NULL, &err));
    const bool ok = codec_finish(writer, &err);
    ck_assert_int_eq(ok, _i == 0);
    ck_assert(ok || strstr(err.text, "needs more memory than the limit"));
    codec_writer_free(writer);
    ct_text_free(&file);
    codec_image_free(&image);
}
END_TEST

Suite *codec_limits_suite(void) {
    Suite *suite = suite_create("codec: limits");
    TCase *tests = tcase_create("limits");
    tcase_add_loop_test(tests, test_held_memory, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}
