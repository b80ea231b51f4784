/* The least that libjpeg-turbo needs for a batch of JPEG files, in one process on one core: decodes
 * the luma of every file, and writes as many gray files.
 *   recode QUALITY INPUTS RESULTS OUTPUTS
 * INPUTS, RESULTS and OUTPUTS are folders. What is written are the pictures of RESULTS, the first
 * SAMPLES of them again and again: edges take longer to encode than the picture that they're of.
 * Ends with status 3 where the library isn't in this build. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef CT_HAVE_JPEG
#include <jpeglib.h>

enum { SAMPLES = 64, PATH_BYTES = 4096 };

typedef struct picture {
    unsigned width, height;
    uint8_t *rows;
} picture;

static uint8_t *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*size + 1);
    if (bytes && fread(bytes, 1, *size, file) != *size) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

/* libjpeg's own error handling ends the program. */
static picture decode(struct jpeg_decompress_struct *jpeg, const char *path) {
    picture made = {0};
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    if (!bytes) {
        perror(path);
        exit(1);
    }
    jpeg_mem_src(jpeg, bytes, size);
    jpeg_read_header(jpeg, TRUE);
    jpeg->out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(jpeg);
    made.width = jpeg->output_width;
    made.height = jpeg->output_height;
    made.rows = malloc((size_t)made.width * made.height);
    while (made.rows && jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = made.rows + (size_t)jpeg->output_scanline * made.width;
        jpeg_read_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_decompress(jpeg);
    free(bytes);
    return made;
}

static void encode(struct jpeg_compress_struct *jpeg, const picture *from, const char *path,
                   int quality) {
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    jpeg_mem_dest(jpeg, &bytes, &size);
    jpeg->image_width = from->width;
    jpeg->image_height = from->height;
    jpeg->input_components = 1;
    jpeg->in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row = from->rows + (size_t)jpeg->next_scanline * from->width;
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    free(bytes);
}

/* The path of the folder's next file; NULL after the last. */
static const char *next_file(DIR *folder, const char *name, char path[PATH_BYTES]) {
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] != '.') {
            snprintf(path, PATH_BYTES, "%s/%s", name, entry->d_name);
            return path;
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    static picture samples[SAMPLES];
    struct jpeg_decompress_struct reader;
    struct jpeg_compress_struct writer;
    struct jpeg_error_mgr error;
    char path[PATH_BYTES];
    size_t count = 0, done = 0;
    if (argc != 5) {
        fprintf(stderr, "usage: recode QUALITY INPUTS RESULTS OUTPUTS\n");
        return 2;
    }
    reader.err = writer.err = jpeg_std_error(&error);
    jpeg_create_decompress(&reader);
    jpeg_create_compress(&writer);
    DIR *results = opendir(argv[3]), *inputs = opendir(argv[2]);
    while (count < SAMPLES && next_file(results, argv[3], path)) {
        samples[count++] = decode(&reader, path);
    }
    while (count > 0 && next_file(inputs, argv[2], path)) {
        const picture in = decode(&reader, path);
        free(in.rows);
        snprintf(path, sizeof path, "%s/%zu.jpg", argv[4], done);
        encode(&writer, &samples[done++ % count], path, atoi(argv[1]));
    }
    printf("%zu files\n", done);
    return done > 0 ? 0 : 1;
}
#else
int main(void) {
    return 3;
}
#endif
