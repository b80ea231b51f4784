/* Decodes one image on one core and does nothing with it.
 *   decode rows FILE      to rows of the file's own samples, colours and all, by the program's own
 *                         reader
 *   decode library FILE   the least that our Sobel needs of the library: ISA-L inflates a PNG's
 *                         data without unfiltering, libjpeg decodes only a JPEG's luma
 * Ends with status 3 where the library isn't in this build. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"

#ifdef CT_HAVE_ISAL
#include <isa-l/igzip_lib.h>
#endif
#ifdef CT_HAVE_JPEG
#include <jpeglib.h>
#endif

enum { NOT_BUILT = 3 };

static uint8_t *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0) {
        *size = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(*size + 1);
        if (bytes && fread(bytes, 1, *size, file) != *size) {
            free(bytes);
            bytes = NULL;
        }
    }
    if (file) {
        fclose(file);
    }
    return bytes;
}

#ifdef CT_HAVE_ISAL
static int decode_png(uint8_t *bytes, size_t size) {
    static struct inflate_state state;
    static uint8_t out[1 << 17];
    isal_inflate_init(&state);
    state.crc_flag = ISAL_ZLIB;
    for (size_t at = 8; at + 12 <= size;) {
        const uint8_t *head = bytes + at;
        const size_t length =
            (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | (size_t)head[3];
        if (length > size - at - 12) {
            break;
        }
        if (memcmp(head + 4, "IDAT", 4) == 0) {
            state.next_in = bytes + at + 8;
            state.avail_in = (uint32_t)length;
            do {
                state.next_out = out;
                state.avail_out = sizeof out;
                if (isal_inflate(&state) != ISAL_DECOMP_OK) {
                    return 1;
                }
            } while (state.avail_out == 0);
        }
        at += length + 12;
    }
    return state.block_state == ISAL_BLOCK_FINISH ? 0 : 1;
}
#else
static int decode_png(uint8_t *bytes, size_t size) {
    (void)bytes;
    (void)size;
    return NOT_BUILT;
}
#endif

#ifdef CT_HAVE_JPEG
static int decode_jpeg(uint8_t *bytes, size_t size) {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr error;
    jpeg.err = jpeg_std_error(&error); /* ends the program on an error */
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes, size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&jpeg);
    JSAMPROW row = malloc(jpeg.output_width);
    while (row && jpeg.output_scanline < jpeg.output_height) {
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    free(row);
    return 0;
}
#else
static int decode_jpeg(uint8_t *bytes, size_t size) {
    (void)bytes;
    (void)size;
    return NOT_BUILT;
}
#endif

static int decode_rows(const char *path) {
    ct_error err = {""};
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    codec_reader *reader = fd >= 0 ? codec_open(fd, NULL, &err) : NULL;
    if (!reader) {
        fprintf(stderr, "decode: %s: %s\n", path, err.text);
        return 1;
    }
    const codec_info *info = codec_reader_info(reader);
    void *row = malloc((size_t)info->width * (size_t)info->channels * 4);
    bool ok = row != NULL;
    for (int y = 0; ok && y < info->height; y++) {
        ok = codec_read_row(reader, row, &err);
    }
    free(row);
    codec_close(reader);
    return ok ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "rows") == 0) {
        return decode_rows(argv[2]);
    }
    size_t size = 0;
    uint8_t *bytes =
        argc == 3 && strcmp(argv[1], "library") == 0 ? read_file(argv[2], &size) : NULL;
    if (!bytes || size < 8) {
        fprintf(stderr, "usage: decode rows|library FILE\n");
        return 2;
    }
    const int status = bytes[0] == 0x89 ? decode_png(bytes, size) : decode_jpeg(bytes, size);
    free(bytes);
    return status;
}
