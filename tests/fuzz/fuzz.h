/* What the fuzz targets share.
 *
 * A target is a file fuzz_KIND.c or fuzz_KIND_WORD.c with one function, LLVMFuzzerTestOneInput,
 * that takes any bytes, and aborts if a promise is broken; the sanitizers find the rest. Linked
 * with libFuzzer (`make fuzz`) it searches for such bytes; linked with replay.c it runs the files
 * of corpus/KIND and crashers/KIND, as every `make test` does. To add one: write the file, and
 * seeds for its kind (seeds.py). */
#ifndef CT_TESTS_FUZZ_H
#define CT_TESTS_FUZZ_H

#include "codec/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says which promise was broken, and aborts. */
_Noreturn void fuzz_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An error must have a text. */
void fuzz_check_error(const ct_error *err);

/* Small ones, so that a run is fast: 64 Ki pixels (256 Ki ahead), 16 MiB. */
typedef enum fuzz_way {
    FUZZ_PLAIN,
    FUZZ_GRAY,
    FUZZ_LENIENT,
    FUZZ_UPRIGHT,
    FUZZ_AHEAD,
    FUZZ_ANYWHERE, /* by codec_read_at, where the reader can */
    FUZZ_GRAY_ANYWHERE,
    FUZZ_WAYS
} fuzz_way;
codec_limits fuzz_limits(fuzz_way way);

typedef struct fuzz_image {
    int width, height, channels;
    codec_sample sample;
    uint8_t *rows;
    size_t size;
    ct_error error; /* where there is no image */
} fuzz_image;
void fuzz_image_free(fuzz_image *image);
bool fuzz_image_same(const fuzz_image *a, const fuzz_image *b);

/* Reads a whole file through a decoder (NULL: the one that the table of formats chooses). True: the
 * image is whole, every byte of it was written, and there is no row after the last. False: there is
 * only an error, with a text. */
bool fuzz_read(const codec_decoder *decoder, const uint8_t *file, size_t size, fuzz_way way,
               fuzz_image *image);

/* The same through the way `other` as through `way`, whose result is there: the same image, or the
 * same error. */
void fuzz_expect_same(const codec_decoder *decoder, const uint8_t *file, size_t size,
                      const fuzz_image *image, fuzz_way other);

/* Reads it plainly, and anywhere, with the same result; if that works also upright, and ahead,
 * which must be the same. */
bool fuzz_read_all_ways(const codec_decoder *decoder, const uint8_t *file, size_t size,
                        fuzz_image *image);

/* Reads the file, and writes what was read with its metadata as PNG and as JPEG, which must be
 * readable; PNG gives the same image. */
void fuzz_write_again(const uint8_t *file, size_t size);

/* Writes plain numbers in the format, and reads them again: they must be the same. */
void fuzz_write_numbers(const fuzz_image *image, const char *format);

/* A codec_put into a ct_text. */
bool fuzz_put(void *context, const void *bytes, size_t size, ct_error *err);

/* A copy, which the caller frees. */
uint8_t *fuzz_copy(const uint8_t *file, size_t size);

/* A copy of a PNG with the correct CRC in every chunk that can be found: with a wrong one, damage
 * gets no further. */
uint8_t *fuzz_mend_png(const uint8_t *file, size_t size);

#endif
