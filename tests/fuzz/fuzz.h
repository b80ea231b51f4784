/* What the fuzz targets share.
 *
 * A target is a file fuzz_KIND.c or fuzz_KIND_WORD.c with one function, LLVMFuzzerTestOneInput,
 * that takes any bytes, and aborts where a promise is broken; the sanitizers see the rest. Linked
 * with libFuzzer (`make fuzz`) it searches for such bytes; linked with replay.c it runs the files
 * of corpus/KIND and crashers/KIND, as every `make test` does.
 * To add one: write the file, and seeds for its kind (seeds.py). */
#ifndef CT_TESTS_FUZZ_H
#define CT_TESTS_FUZZ_H

#include "codec/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says which promise was broken, and aborts. */
_Noreturn void fuzz_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An error must have a text. */
void fuzz_check_error(const ct_error *err);

/* Small ones, so that a run is fast: 64 Ki pixels, 16 MiB. */
codec_limits fuzz_limits(void);

typedef struct fuzz_image {
    int width, height, channels;
    codec_sample sample;
    uint8_t *rows;
    size_t size;
} fuzz_image;
void fuzz_image_free(fuzz_image *image);
bool fuzz_image_same(const fuzz_image *a, const fuzz_image *b);

typedef enum fuzz_way { FUZZ_PLAIN, FUZZ_GRAY, FUZZ_LENIENT, FUZZ_UPRIGHT } fuzz_way;

/* Reads a whole file through a decoder (NULL: the one that the table of formats chooses). True: the
 * image is whole, every byte of it was written, and there is no row behind the last. False: there
 * is an error, with a text, and nothing else. */
bool fuzz_read(const codec_decoder *decoder, const uint8_t *file, size_t size, fuzz_way way,
               fuzz_image *image);

/* Reads it plainly, and where that works upright too. */
bool fuzz_read_all_ways(const codec_decoder *decoder, const uint8_t *file, size_t size,
                        fuzz_image *image);

/* A copy, to be freed. */
uint8_t *fuzz_copy(const uint8_t *file, size_t size);

/* A copy of a PNG in which the CRC of every chunk that can be found is right, as damage behind a
 * wrong CRC would go no further. */
uint8_t *fuzz_mend_png(const uint8_t *file, size_t size);

#endif
