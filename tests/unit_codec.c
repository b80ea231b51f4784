/* The codec room: what is written is read back, in every format; damaged, cut-off and forged files
 * are refused in plain words; the limits hold. */
#include <stdlib.h>

#include "codec_tests.h"

int main(void) {
    SRunner *runner = srunner_create(codec_round_suite());
    srunner_add_suite(runner, codec_pnm_suite());
    srunner_add_suite(runner, codec_stream_suite());
    srunner_add_suite(runner, codec_anywhere_suite());
    srunner_add_suite(runner, codec_npy_anywhere_suite());
    srunner_add_suite(runner, codec_y4m_suite());
    srunner_add_suite(runner, codec_damage_suite());
    srunner_add_suite(runner, codec_limits_suite());
    srunner_add_suite(runner, codec_meta_suite());
    srunner_add_suite(runner, codec_record_suite());
    srunner_add_suite(runner, codec_keeper_suite());
    srunner_add_suite(runner, codec_decimal_suite());
    srunner_add_suite(runner, codec_decimal_rows_suite());
    srunner_add_suite(runner, codec_numbers_suite());
    srunner_add_suite(runner, codec_sheet_suite());
    srunner_add_suite(runner, codec_small_suite());
    srunner_add_suite(runner, codec_deflate_suite());
    srunner_add_suite(runner, codec_png_suite());
    srunner_add_suite(runner, codec_png_damage_suite());
    srunner_add_suite(runner, codec_png_lenient_suite());
    srunner_add_suite(runner, codec_ahead_suite());
    srunner_add_suite(runner, codec_png_samples_suite());
    srunner_add_suite(runner, codec_jpeg_suite());
    srunner_add_suite(runner, codec_jpeg_bands_suite());
    srunner_add_suite(runner, codec_jpeg_damage_suite());
    srunner_add_suite(runner, codec_jpeg_meta_suite());
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
