/* Reads .npy files: row by row where the rows stand one behind the other, else from memory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "codec/numbers/npy.h"
#include "codec/numbers/plain.h"

enum { PIECE = 1 << 17 }; /* bytes read by one call, unless a row has more */

typedef struct npy_in {
    codec_npy_head head;
    size_t samples;             /* of a row */
    size_t bytes;               /* of its elements */
    bool in_order;              /* rows of pixels stand in the file as they are */
    size_t down, right, deeper; /* elements from one to the next row, pixel, channel */
    uint8_t *row;               /* the elements of a row, in its order */
    uint8_t *image;             /* all elements as in the file, unless they are in order */
    bool planes;                /* three dimensions are (channels, height, width) */
} npy_in;

bool codec_npy_probe(const uint8_t *head, size_t size) {
    return size >= CODEC_NPY_MAGIC && memcmp(head, "\x93NUMPY", 6) == 0;
}

/* ---- the elements ---- */

/* Whether three dimensions look like (channels, height, width), as PyTorch has them. */
static bool seems_planes(const codec_npy_head *head) {
    enum { FEW = 4, MANY = 16 };
    return head->shape[0] <= FEW && head->shape[1] > FEW && head->shape[2] > MANY;
}

/* The error, and what may be done about it. */
static ct_error with_layout(const ct_error *err) {
    ct_error longer;
    ct_fail(&longer, "%.200s; if channels come first, add --layout chw", err->text);
    return longer;
}

/* The sides, and how many elements lie between neighbours. Elements are counted in 64 bits, as
 * max_pixels and 4096 channels bound them. */
static bool lay_out(codec_reader *reader, npy_in *in, ct_error *err) {
    const codec_npy_head *head = &in->head;
    const int n = head->dimensions;
    if (n < 1 || n > 3) {
        return ct_fail(err,
                       "an array of %d dimensions; expected 1 to 3: (width), (height, width) or "
                       "(height, width, channels)",
                       n);
    }
    in->planes = reader->limits.planes && n == 3;
    const int row = in->planes ? 1 : 0, column = in->planes ? 2 : n == 1 ? 0 : 1;
    const int channel = in->planes ? 0 : 2; /* where there are 3 */
    const uint64_t height = n > 1 ? head->shape[row] : 1;
    const uint64_t channels = n == 3 ? head->shape[channel] : 1;
    const bool swapped = n == 3 && !in->planes && seems_planes(head);
    if (!codec_plain_check(reader, head->shape[column], height, channels, err)) {
        return swapped ? ct_fail(err, "%s", with_layout(err).text) : false;
    }
    if (swapped) {
        codec_warn(
            &reader->warnings, CODEC_PIXELS,
            "its shape (%llu, %llu, %llu) is taken for (height, width, channels); if channels "
            "come first, add --layout chw",
            (unsigned long long)height, (unsigned long long)head->shape[1],
            (unsigned long long)channels);
    }
    size_t steps[CODEC_NPY_DIMENSIONS];
    codec_npy_steps(head, steps);
    in->right = steps[column];
    in->down = n > 1 ? steps[row] : 0;
    in->deeper = n == 3 ? steps[channel] : 0;
    return true;
}

static bool fail_cut(codec_reader *reader, uint64_t rows, ct_error *err) {
    return codec_fail_short(reader, err, "the file ends in row %llu of %d",
                            (unsigned long long)rows + 1, reader->info.height);
}

static void warn_of_more(codec_reader *reader) {
    codec_warn(&reader->warnings, CODEC_PIXELS,
               "has more bytes than its array needs; only the array is read");
}

static bool check_length(codec_reader *reader, const npy_in *in, ct_error *err) {
    uint64_t left;
    if (!codec_input_left(&reader->input, &left)) {
        return true;
    }
    const uint64_t height = (uint64_t)reader->info.height;
    if (left / in->bytes < height) {
        return fail_cut(reader, left / in->bytes, err);
    }
    if (left > in->bytes * height) {
        warn_of_more(reader);
    }
    return true;
}

static bool is_in_order(const codec_reader *reader, const npy_in *in) {
    const codec_info *info = &reader->info;
    return (info->channels == 1 || in->deeper == 1) &&
           (info->width == 1 || in->right == (size_t)info->channels) &&
           (info->height == 1 || in->down == in->samples);
}

static bool hold_elements(codec_reader *reader, npy_in *in, ct_error *err) {
    const codec_info *info = &reader->info;
    in->image = codec_alloc_rows(info, in->bytes, reader->limits.max_memory, err);
    if (!in->image) {
        return false;
    }
    const size_t size = in->bytes * (size_t)info->height;
    const size_t got = codec_input_read(&reader->input, in->image, size);
    return got == size || fail_cut(reader, got / in->bytes, err);
}

static bool open_npy(codec_reader *reader, ct_error *err) {
    npy_in *in = calloc(1, sizeof *in);
    reader->state = in;
    reader->format = "npy";
    if (!in) {
        return ct_fail(err, "out of memory");
    }
    if (!codec_npy_read_head(reader, &in->head, err) || !lay_out(reader, in, err)) {
        return false;
    }
    codec_plain_info(&reader->info, in->head.type->sample);
    const codec_info *info = &reader->info;
    if (!ct_mul((size_t)info->width, (size_t)info->channels, &in->samples) ||
        !ct_mul(in->samples, in->head.type->size, &in->bytes) || !(in->row = malloc(in->bytes))) {
        return ct_fail(err, "out of memory");
    }
    in->in_order = is_in_order(reader, in);
    return check_length(reader, in, err);
}

/* Puts the elements of the next row into in->row, in the processor's byte order. */
static bool load_row(codec_reader *reader, npy_in *in, ct_error *err) {
    const size_t size = in->head.type->size, channels = (size_t)reader->info.channels;
    if (in->in_order) {
        if (codec_input_read(&reader->input, in->row, in->bytes) < in->bytes) {
            return fail_cut(reader, (uint64_t)reader->next_row, err);
        }
    } else {
        uint8_t *to = in->row;
        const uint8_t *from = in->image + (size_t)reader->next_row * in->down * size;
        for (size_t x = 0; x < (size_t)reader->info.width; x++, from += in->right * size) {
            for (size_t c = 0; c < channels; c++, to += size) {
                memcpy(to, from + c * in->deeper * size, size);
            }
        }
    }
    if (in->head.swapped) {
        codec_npy_swap(in->row, in->samples, size);
    }
    return true;
}

/* "at [2, 4]", as NumPy's indices are. */
static void position(const codec_reader *reader, int y, size_t i, char *text, size_t size) {
    const npy_in *in = reader->state;
    const size_t channels = (size_t)reader->info.channels;
    const size_t x = i / channels, c = i % channels;
    if (in->head.dimensions == 1) {
        snprintf(text, size, "[%zu]", x);
    } else if (in->head.dimensions == 2) {
        snprintf(text, size, "[%d, %zu]", y, x);
    } else if (in->planes) {
        snprintf(text, size, "[%zu, %d, %zu]", c, y, x);
    } else {
        snprintf(text, size, "[%d, %zu, %zu]", y, x, c);
    }
}

static bool check_finite(const codec_reader *reader, int y, const void *elements,
                         const float *samples, ct_error *err) {
    const npy_in *in = reader->state;
    char at[80];
    size_t i = 0;
    while (i < in->samples && isfinite(samples[i])) {
        i++;
    }
    for (; i < in->samples; i++) {
        const double number = codec_npy_double(in->head.type, elements, i);
        position(reader, y, i, at, sizeof at);
        if (isfinite(number) && isinf(samples[i])) {
            return ct_fail(err,
                           "the number at %s is %g, more than a float can hold, which is about "
                           "3.4e38",
                           at, number);
        }
        if (!isfinite(number) && !reader->limits.nonfinite) {
            return ct_fail(err, "the number at %s is %g; --allow-nonfinite accepts it", at, number);
        }
    }
    return true;
}

/* Makes row y of its elements, in the processor's byte order. */
static bool convert_row(const codec_reader *reader, int y, const void *elements, void *row,
                        ct_error *err) {
    const npy_in *in = reader->state;
    const codec_npy_type *type = in->head.type;
    type->convert(elements, in->samples, row);
    return type->sample != CODEC_F32 || check_finite(reader, y, elements, row, err);
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    npy_in *in = reader->state;
    const codec_npy_type *type = in->head.type;
    if ((!in->in_order && !in->image && !hold_elements(reader, in, err)) ||
        !load_row(reader, in, err)) {
        return false;
    }
    uint64_t left;
    if (reader->next_row == reader->info.height - 1 && !codec_input_left(&reader->input, &left) &&
        codec_input_peek(&reader->input, 1) > 0) {
        warn_of_more(reader);
    }
    if (type->loses && type->loses(in->row, in->samples)) {
        codec_plain_warn_loss(reader);
    }
    return convert_row(reader, reader->next_row, in->row, row, err);
}

/* ---- rows in any order ---- */

/* Types that warn of digits are read in order, as the reader keeps its warnings. */
static int step(codec_reader *reader, int threads) {
    (void)threads;
    const npy_in *in = reader->state;
    uint64_t left;
    return in->in_order && !in->head.type->loses && codec_input_left(&reader->input, &left);
}

/* Reads the elements of rows that stand one behind the other. */
static bool read_piece(const codec_reader *reader, int first, int count, void *elements,
                       ct_error *err) {
    const npy_in *in = reader->state;
    const size_t size = in->bytes * (size_t)count;
    int error;
    const size_t got = codec_input_read_at(&reader->input, (uint64_t)in->bytes * (uint64_t)first,
                                           elements, size, &error);
    if (got < size) {
        return codec_fail_cut(error, err,
                              "became shorter while it was read: row %d of %d isn't there any more",
                              first + (int)(got / in->bytes) + 1, reader->info.height);
    }
    if (in->head.swapped) {
        codec_npy_swap(elements, in->samples * (size_t)count, in->head.type->size);
    }
    return true;
}

static bool read_npy_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                        ct_error *err) {
    const npy_in *in = reader->state;
    const int most = in->bytes < PIECE ? (int)(PIECE / in->bytes) : 1;
    uint8_t *piece = malloc(in->bytes * (size_t)(count < most ? count : most));
    bool ok = piece || ct_fail(err, "out of memory");
    for (int y = 0, here; ok && y < count; y += here) {
        here = count - y < most ? count - y : most;
        ok = read_piece(reader, first + y, here, piece, err);
        for (int k = 0; ok && k < here; k++) {
            ok = convert_row(reader, first + y + k, piece + in->bytes * (size_t)k,
                             (uint8_t *)rows + stride * (size_t)(y + k), err);
        }
    }
    free(piece);
    return ok;
}

static void read_end(codec_reader *reader) {
    const npy_in *in = reader->state;
    codec_input_skip(&reader->input, (uint64_t)in->bytes * (uint64_t)reader->info.height);
}

static uint64_t memory(const codec_reader *reader) {
    const npy_in *in = reader->state;
    return in->in_order ? 0 : (uint64_t)in->bytes * (uint64_t)reader->info.height;
}

static void close_npy(codec_reader *reader) {
    npy_in *in = reader->state;
    if (in) {
        free(in->row);
        free(in->image);
        free(in);
    }
}

const codec_decoder codec_npy_decoder = {.probe = codec_npy_probe,
                                         .open = open_npy,
                                         .memory = memory,
                                         .read_row = read_row,
                                         .close = close_npy,
                                         .step = step,
                                         .read_at = read_npy_at,
                                         .read_end = read_end};
