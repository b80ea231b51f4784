/* What the codec's tests share: random images from a seed, files in memory, and the suites. */
#ifndef CT_TESTS_CODEC_TESTS_H
#define CT_TESTS_CODEC_TESTS_H

#include <check.h>

#include "base/text.h"
#include "codec/format.h"

/* Each is a file tests/codec_NAME.c; unit_codec.c runs them. To add one: a line here and there. */
Suite *codec_round_suite(void);
Suite *codec_pnm_suite(void);
Suite *codec_stream_suite(void);
Suite *codec_anywhere_suite(void);
Suite *codec_npy_anywhere_suite(void);
Suite *codec_y4m_suite(void);
Suite *codec_damage_suite(void);
Suite *codec_limits_suite(void);
Suite *codec_meta_suite(void);
Suite *codec_record_suite(void);
Suite *codec_keeper_suite(void);
Suite *codec_decimal_suite(void);
Suite *codec_decimal_rows_suite(void);
Suite *codec_numbers_suite(void);
Suite *codec_sheet_suite(void);
Suite *codec_small_suite(void);
Suite *codec_deflate_suite(void);
Suite *codec_png_suite(void);
Suite *codec_png_damage_suite(void);
Suite *codec_png_lenient_suite(void);
Suite *codec_ahead_suite(void);
Suite *codec_png_samples_suite(void);
Suite *codec_jpeg_suite(void);
Suite *codec_jpeg_bands_suite(void);
Suite *codec_jpeg_damage_suite(void);
Suite *codec_jpeg_meta_suite(void);

/* libjpeg-turbo streams and writes gray as one component; stb holds the file and writes three. */
#ifdef CT_HAVE_JPEG
enum { CODEC_JPEG_STREAMS = 1, CODEC_JPEG_GRAY = 1 };
#else
enum { CODEC_JPEG_STREAMS = 0, CODEC_JPEG_GRAY = 3 };
#endif

typedef struct codec_image {
    codec_info info;
    size_t stride; /* bytes of a row, without gaps */
    uint8_t *rows;
} codec_image;

/* Whether PNG goes through ISA-L in this build. */
bool codec_isal(void);

/* Random samples; floats lie within -1..2. With 2 and 4 channels the last is alpha. */
codec_image codec_image_random(int width, int height, int channels, codec_sample sample,
                               unsigned seed);
void codec_image_free(codec_image *image);
bool codec_image_same(const codec_image *a, const codec_image *b);

/* Gray or RGB of 8 or 16 bits as plain PNM, in numbers: a row a line. */
ct_text codec_plain_file(const codec_image *image);

/* A codec_put into a ct_text. */
bool codec_put_text(void *context, const void *bytes, size_t size, ct_error *err);

/* The whole file; false with an error. */
bool codec_encode(const char *format, const codec_image *image, const codec_options *options,
                  ct_text *file, ct_error *err);

/* The whole image from a file in memory; false with an error, and then no rows. */
bool codec_decode(const void *file, size_t size, const codec_limits *limits, codec_image *image,
                  ct_error *err);

/* The same through one decoder; NULL: the one that the table of formats chooses. */
bool codec_decode_with(const codec_decoder *decoder, const void *file, size_t size,
                       const codec_limits *limits, codec_image *image, ct_error *err);

/* The first `size` bytes of a file through a decoder, reading ahead: also returns the warnings, but
 * no meta. */
bool codec_decode_warned(const codec_decoder *decoder, const ct_text *file, size_t size,
                         bool lenient, codec_image *image, codec_warnings *warnings, ct_error *err);

/* Every decoder of PNG that is in the build; NULL past the last. */
const codec_decoder *codec_png_decoder_at(int i);

/* One of several small files, of kinds that take different paths through a decoder. */
enum { CODEC_SMALL_PNGS = 6 };
void codec_small_png(ct_text *file, int i);

/* Reads all rows, and closes the reader. */
bool codec_read_all(codec_reader *reader, codec_image *image, ct_error *err);

/* Checks that opening or reading the file fails with exactly this error. */
void codec_expect_error(const void *file, size_t size, const char *expected);

/* A PNG of chosen chunks: IHDR from the numbers, then `extra` (whole chunks, may be NULL), then the
 * raw bytes compressed in one IDAT, then IEND. */
void codec_make_png(ct_text *file, uint32_t width, uint32_t height, int depth, int color,
                    const ct_text *extra, const void *raw, size_t raw_size);
void codec_add_chunk(ct_text *file, const char *type, const void *data, size_t size);

#endif
