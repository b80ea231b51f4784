#if defined(CT_TEST_LIBPNG)

#include "codec_libpng.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "codec/bytes.h"

/* Colour types and depths, and whether tRNS goes with them. */
static const struct {
    int color, depth;
    bool key;
} colors[] = {
    {0, 1, true}, {0, 2, true},  {0, 4, true},   {0, 8, true},  {0, 16, true},
    {2, 8, true}, {2, 16, true}, {3, 1, true},   {3, 2, true},  {3, 4, true},
    {3, 8, true}, {4, 8, false}, {4, 16, false}, {6, 8, false}, {6, 16, false},
};
enum { COLORS = sizeof colors / sizeof colors[0] };

libpng_kind libpng_kind_at(int i) {
    static const int filters[6] = {PNG_FILTER_NONE, PNG_FILTER_SUB,   PNG_FILTER_UP,
                                   PNG_FILTER_AVG,  PNG_FILTER_PAETH, PNG_ALL_FILTERS};
    int row = i / 12;
    const bool transparent = row >= COLORS;
    row -= transparent ? COLORS : 0; /* the first 11 have a key */
    return (libpng_kind){.color = colors[row].color,
                         .depth = colors[row].depth,
                         .transparent = transparent && colors[row].key,
                         .interlaced = i / 6 % 2 == 1,
                         .filters = filters[i % 6]};
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

static void put_bytes(png_structp png, png_bytep bytes, png_size_t size) {
    ck_assert(ct_text_add(png_get_io_ptr(png), bytes, size));
}

static void no_flush(png_structp png) {
    (void)png;
}

static _Noreturn void give_up(png_structp png, png_const_charp message) {
    (void)message;
    longjmp(*png_set_longjmp_fn(png, longjmp, sizeof(jmp_buf)), 1);
}

static void no_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static size_t row_bytes(const libpng_kind *kind, int width) {
    static const size_t channels[7] = {1, 0, 3, 1, 2, 0, 4};
    return ((size_t)width * channels[kind->color] * (size_t)kind->depth + 7) / 8;
}

/* Random bytes, smooth in places so that every filter gets chosen. */
static uint8_t *random_rows(size_t size, uint32_t *state) {
    uint8_t *rows = malloc(size);
    ck_assert_ptr_nonnull(rows);
    uint8_t last = 0;
    for (size_t i = 0; i < size; i++) {
        const uint32_t r = next_random(state);
        last = (uint8_t)(r & 0x300 ? last + (r & 3) : r >> 12);
        rows[i] = last;
    }
    return rows;
}

/* Palette and tRNS; `row` is the first row, whose first pixel becomes transparent. */
static void set_colors(png_structp png, png_infop info, const libpng_kind *kind, const uint8_t *row,
                       uint32_t *state) {
    png_color palette[256];
    png_byte alpha[256];
    const int entries = 1 << kind->depth;
    if (kind->color == 3) {
        for (int i = 0; i < entries; i++) {
            palette[i] = (png_color){(png_byte)next_random(state), (png_byte)next_random(state),
                                     (png_byte)next_random(state)};
            alpha[i] = (png_byte)next_random(state);
        }
        png_set_PLTE(png, info, palette, entries);
    }
    if (!kind->transparent) {
        return;
    }
    if (kind->color == 3) {
        png_set_tRNS(png, info, alpha, (entries + 1) / 2, NULL);
        return;
    }
    png_uint_16 sample[3];
    for (int k = 0; k < 3; k++) {
        const int bytes = kind->depth == 16 ? 2 : 1, at = kind->color == 2 ? k * bytes : 0;
        const unsigned value = bytes == 2 ? codec_get16(row + at) : row[at];
        sample[k] = (png_uint_16)(kind->depth < 8 ? value >> (8 - kind->depth) : value);
    }
    const png_color_16 key = {
        .gray = sample[0], .red = sample[0], .green = sample[1], .blue = sample[2]};
    png_set_tRNS(png, info, NULL, 1, &key);
}

void libpng_make(ct_text *file, const libpng_kind *kind, int width, int height, unsigned seed) {
    uint32_t state = seed * 2654435761U + 1;
    const size_t stride = row_bytes(kind, width);
    uint8_t *rows = random_rows(stride * (size_t)height + 8, &state);
    *file = (ct_text){0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, no_warning);
    png_infop info = png_create_info_struct(png);
    ck_assert(png && info);
    png_set_write_fn(png, file, put_bytes, no_flush);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, kind->depth, kind->color,
                 kind->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, kind->filters);
    set_colors(png, info, kind, rows, &state);
    png_write_info(png, info);
    for (int pass = 0; pass < (kind->interlaced ? 7 : 1); pass++) {
        if (pass == 0 && kind->interlaced) {
            ck_assert_int_eq(png_set_interlace_handling(png), 7);
        }
        for (int y = 0; y < height; y++) {
            png_write_row(png, rows + stride * (size_t)y);
        }
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(rows);
}

typedef struct memory_source {
    const uint8_t *bytes;
    size_t size;
} memory_source;

static void get_bytes(png_structp png, png_bytep to, png_size_t size) {
    memory_source *source = png_get_io_ptr(png);
    if (size > source->size) {
        png_error(png, "the file ends");
    }
    memcpy(to, source->bytes, size);
    source->bytes += size;
    source->size -= size;
}

/* Fills `image`, whose rows are the caller's to free. */
static void read_image(png_structp png, png_infop info, codec_image *image) {
    png_read_info(png, info);
    png_set_expand(png);
    png_set_swap(png);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    image->info = (codec_info){.width = (int)png_get_image_width(png, info),
                               .height = (int)png_get_image_height(png, info),
                               .channels = png_get_channels(png, info),
                               .alpha = png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA,
                               .sample = png_get_bit_depth(png, info) == 16 ? CODEC_U16 : CODEC_U8,
                               .meta.srgb_intent = -1};
    image->stride = png_get_rowbytes(png, info);
    image->rows = calloc((size_t)image->info.height, image->stride);
    ck_assert_ptr_nonnull(image->rows);
    for (int pass = 0; pass < passes; pass++) {
        for (int y = 0; y < image->info.height; y++) {
            png_read_row(png, image->rows + image->stride * (size_t)y, NULL);
        }
    }
    png_read_end(png, NULL);
}

bool libpng_read(const void *bytes, size_t size, codec_image *image) {
    memory_source source = {bytes, size};
    *image = (codec_image){0};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, give_up, no_warning);
    png_infop info = png_create_info_struct(png);
    ck_assert(png && info);
    png_set_read_fn(png, &source, get_bytes);
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        codec_image_free(image);
        return false;
    }
    read_image(png, info, image);
    png_destroy_read_struct(&png, &info, NULL);
    return true;
}

size_t libpng_size(const codec_image *image) {
    static const int color[5] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                 PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGBA};
    ct_text file = {0};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, no_warning);
    png_infop info = png_create_info_struct(png);
    ck_assert(png && info);
    png_set_write_fn(png, &file, put_bytes, no_flush);
    png_set_IHDR(png, info, (png_uint_32)image->info.width, (png_uint_32)image->info.height, 8,
                 color[image->info.channels], 0, 0, 0);
    png_write_info(png, info);
    for (int y = 0; y < image->info.height; y++) {
        png_write_row(png, image->rows + image->stride * (size_t)y);
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    const size_t size = file.length;
    ct_text_free(&file);
    return size;
}

#else

typedef int no_libpng; /* an empty file isn't valid C */

#endif
