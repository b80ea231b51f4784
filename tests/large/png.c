/* PNG beyond 4 GiB, where 32-bit counters wrap round: 65535x65535 gray pixels go through a pipe
 * from our writer to our reader, stored (so that the file is that long too) and compressed. `make
 * check-large`; it takes some seconds and little memory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codec/codec.h"

enum { SIDE = 65535, BAND = 16 };

/* Every row is the same, with a bit of everything. */
static void fill(uint8_t *row) {
    for (int x = 0; x < SIDE; x++) {
        row[x] = (uint8_t)(x < 1000 ? x * x >> 3 : x / 5000);
    }
}

static bool put(void *context, const void *bytes, size_t size, ct_error *err) {
    const int *fd = context;
    const char *from = bytes;
    while (size) {
        const ssize_t done = write(*fd, from, size);
        if (done < 0) {
            return ct_fail(err, "can't write: %s", strerror(errno));
        }
        from += done;
        size -= (size_t)done;
    }
    return true;
}

static bool write_image(int fd, int compression, ct_error *err) {
    const codec_info info = {
        .width = SIDE, .height = SIDE, .channels = 1, .sample = CODEC_U8, .meta.srgb_intent = -1};
    codec_options options = codec_default_options();
    options.compression = compression;
    codec_writer *writer = codec_create(codec_format_by_name("png"), &info, &options,
                                        (codec_sink){.put = put, .context = &fd}, err);
    uint8_t *rows = malloc((size_t)SIDE * BAND);
    bool ok = writer && rows;
    for (int y = 0; ok && y < BAND; y++) {
        fill(rows + (size_t)SIDE * (size_t)y);
    }
    for (int y = 0; ok && y < SIDE; y += BAND) {
        ok = codec_write(writer, SIDE - y < BAND ? SIDE - y : BAND, rows, SIDE, NULL, err);
    }
    ok = ok && codec_finish(writer, err);
    codec_writer_free(writer);
    free(rows);
    return ok;
}

static bool read_image(int fd, ct_error *err) {
    codec_limits limits = codec_default_limits();
    limits.max_pixels = (uint64_t)1 << 33;
    codec_reader *reader = codec_open(fd, &limits, err);
    uint8_t *expected = malloc(SIDE), *row = malloc(SIDE);
    bool ok = reader && expected && row;
    if (ok) {
        fill(expected);
    }
    for (int y = 0; ok && y < SIDE; y++) {
        ok = codec_read_row(reader, row, err) &&
             (memcmp(row, expected, SIDE) == 0 || ct_fail(err, "row %d is another one", y));
    }
    codec_close(reader);
    free(expected);
    free(row);
    return ok;
}

static bool through_pipe(int compression) {
    ct_error err = {""};
    int ends[2], status = 1;
    if (pipe(ends) != 0) {
        return false;
    }
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(write_image(ends[1], compression, &err) ? 0 : 1);
    }
    close(ends[1]);
    const bool ok = read_image(ends[0], &err);
    close(ends[0]);
    waitpid(child, &status, 0);
    if (!ok || status != 0) {
        printf("level %d: %s (the writer ended with %d)\n", compression, err.text, status);
    }
    return ok && status == 0;
}

int main(void) {
    static const int levels[] = {0, 1, 3};
    int passed = 0, failed = 0;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        *(through_pipe(levels[i]) ? &passed : &failed) += 1;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
