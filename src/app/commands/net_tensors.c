#include "app/commands/net_tensors.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/model_file.h"
#include "app/run/output.h"
#include "base/number.h"
#include "codec/array.h"
#include "codec/tensor.h"
#include "net/half.h"

/* NumPy's names of the types; bfloat16 has none. */
static const struct {
    net_type type;
    const char *code;
} codes[] = {
    {NET_BOOL, "b1"}, {NET_U8, "u1"},   {NET_I8, "i1"},    {NET_U16, "u2"},
    {NET_I16, "i2"},  {NET_U32, "u4"},  {NET_I32, "i4"},   {NET_U64, "u8"},
    {NET_I64, "i8"},  {NET_HALF, "f2"}, {NET_FLOAT, "f4"}, {NET_DOUBLE, "f8"},
};

static net_type type_of(const char *code) {
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(codes[i].code, code) == 0) {
            return codes[i].type;
        }
    }
    return NET_NONE;
}

static const char *code_of(net_type type) {
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i].type == type) {
            return codes[i].code;
        }
    }
    return NULL;
}

bool app_net_is_tensor(const char *operand, size_t *name) {
    *name = strcspn(operand, "=");
    return operand[*name] == '=' && *name > 0 && operand[*name + 1];
}

bool app_net_is_shape(const char *text, net_shape *shape) {
    *shape = (net_shape){0};
    if (access(text, F_OK) == 0) {
        return false;
    }
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, "x");
        long size;
        if (shape->rank == NET_MOST_DIMENSIONS || !ct_parse_int(at, length, 0, 1L << 40, &size)) {
            return false;
        }
        shape->size[shape->rank++] = size;
        at += length;
        if (!*at) {
            return true;
        }
    }
}

/* ---- to the type that the model wants ---- */

typedef struct limits {
    double low, high;
} limits;

static bool limits_of(net_type type, limits *l) {
    switch (type) {
    case NET_BOOL:
        *l = (limits){0, 1};
        return true;
    case NET_I8:
        *l = (limits){-0x1p7, 0x1p7 - 1};
        return true;
    case NET_U8:
        *l = (limits){0, 0x1p8 - 1};
        return true;
    case NET_I16:
        *l = (limits){-0x1p15, 0x1p15 - 1};
        return true;
    case NET_U16:
        *l = (limits){0, 0x1p16 - 1};
        return true;
    case NET_I32:
        *l = (limits){-0x1p31, 0x1p31 - 1};
        return true;
    case NET_U32:
        *l = (limits){0, 0x1p32 - 1};
        return true;
    case NET_I64:
        *l = (limits){-0x1p63, 0x1.fffffffffffffp62};
        return true;
    case NET_U64:
        *l = (limits){0, 0x1.fffffffffffffp63};
        return true;
    default:
        return false;
    }
}

static void put_whole(void *data, net_type type, size_t i, int64_t value) {
    const size_t size = net_type_size(type);
    memcpy((char *)data + i * size, &value, size); /* little-endian: the lowest bytes come first */
}

static bool convert(const net_tensor *from, net_type type, net_pool *pool, net_tensor *out,
                    ct_error *err) {
    *out = *from;
    if (type == from->type || type == NET_NONE) {
        return true;
    }
    const size_t count = net_count(from);
    out->type = type;
    out->data = net_pool_get(pool, count > 0 ? count : 1, net_type_size(type), err);
    limits l;
    const bool whole = limits_of(type, &l);
    for (size_t i = 0; out->data && i < count; i++) {
        const double value = net_real_at(from, i);
        if (whole && !(value >= l.low && value <= l.high && value == floor(value))) {
            return ct_fail(err, "number %zu is %g; the model wants %s", i + 1, value,
                           net_type_name(type));
        }
        if (whole && net_type_is_real(from->type)) {
            put_whole(out->data, type, i,
                      type == NET_U64 ? (int64_t)(uint64_t)value : (int64_t)value);
        } else if (whole) {
            put_whole(out->data, type, i, net_whole_at(from, i));
        } else if (type == NET_FLOAT) {
            ((float *)out->data)[i] = (float)value;
        } else if (type == NET_DOUBLE) {
            ((double *)out->data)[i] = value;
        } else {
            const float narrow = (float)value;
            ((uint16_t *)out->data)[i] =
                type == NET_HALF ? net_float_to_half(narrow) : net_float_to_bfloat(narrow);
        }
    }
    return out->data != NULL;
}

/* ---- files ---- */

static bool read_npy(const char *bytes, size_t size, const app_call *call, net_pool *pool,
                     net_tensor *out, ct_error *err) {
    codec_tensor array;
    if (!codec_tensor_read(bytes, size, call->limits.max_memory, &array, err)) {
        return false;
    }
    *out = (net_tensor){.type = type_of(array.code), .shape = {.rank = array.dimensions}};
    for (int i = 0; i < array.dimensions; i++) {
        out->shape.size[i] = (int64_t)array.side[i];
    }
    out->data = net_pool_get(pool, array.count, array.size, err);
    if (out->data) {
        memcpy(out->data, array.elements, array.count * array.size);
    }
    free(array.elements);
    return out->data != NULL;
}

/* A picture or a table: planes of channels, as ONNX has them, of as many dimensions as the model
 * wants. */
static bool read_picture(const char *bytes, size_t size, const app_call *call, int rank,
                         net_pool *pool, net_tensor *out, ct_error *err) {
    codec_reader *reader = codec_open_memory(bytes, size, &call->limits, err);
    if (!reader) {
        return false;
    }
    const codec_info *info = codec_reader_info(reader);
    const size_t w = (size_t)info->width, h = (size_t)info->height, c = (size_t)info->channels;
    const int own = c > 1 ? 3 : h > 1 ? 2 : w > 1 ? 1 : 0;
    const int64_t sizes[] = {1, (int64_t)c, (int64_t)h, (int64_t)w};
    rank = rank < 0 ? (own > 2 ? own : 2) : rank;
    bool ok = rank >= own && rank <= 4;
    if (!ok) {
        ct_fail(err, "%zu x %zu numbers of %s; the model wants %d dimensions", w, h,
                ct_count(c, "channel").text, rank);
    }
    *out = (net_tensor){.type = NET_FLOAT, .shape = {.rank = rank}};
    for (int i = 0; ok && i < rank; i++) {
        out->shape.size[i] = sizes[4 - rank + i];
    }
    float *data = ok ? out->data = net_pool_get(pool, w * h * c, sizeof *data, err) : NULL;
    void *row = data ? malloc(codec_row_bytes(info)) : NULL;
    ok = data && (row || ct_fail(err, "out of memory"));
    for (size_t y = 0; ok && y < h; y++) {
        ok = codec_read_row(reader, row, err);
        for (size_t i = 0; ok && i < w * c; i++) {
            data[(i % c * h + y) * w + i / c] = info->sample == CODEC_U8    ? ((uint8_t *)row)[i]
                                                : info->sample == CODEC_U16 ? ((uint16_t *)row)[i]
                                                                            : ((float *)row)[i];
        }
    }
    free(row);
    codec_close(reader);
    return ok;
}

static bool has_extension(const char *path, const char *extension) {
    const char *own = ct_extension(path);
    return own && strcmp(own, extension) == 0;
}

bool app_net_read(const char *path, const app_call *call, const net_value *value, net_pool *pool,
                  net_tensor *out, ct_error *err) {
    char *bytes;
    size_t size;
    const char *name;
    net_tensor read = {.type = NET_NONE};
    bool ok = app_read_whole(path, call->limits.max_memory, &bytes, &size, err);
    if (ok) {
        ok = codec_is_array(bytes, size) ? read_npy(bytes, size, call, pool, &read, err)
             : has_extension(path, "pb")
                 ? net_load_tensor(bytes, size, pool, &read, &name, err)
                 : read_picture(bytes, size, call, value->shape.rank, pool, &read, err);
        free(bytes);
    }
    ok = ok && convert(&read, value->type, pool, out, err);
    return ok || ct_fail_at(err, "%s: ", path);
}

/* ---- out ---- */

static bool number_text(const net_tensor *tensor, size_t i, char room[CODEC_NUMBER_TEXT]) {
    switch (tensor->type) {
    case NET_FLOAT:
    case NET_HALF:
    case NET_BFLOAT:
        return codec_number_text((float)net_real_at(tensor, i), room);
    case NET_DOUBLE:
        return snprintf(room, CODEC_NUMBER_TEXT, "%.17g", net_real_at(tensor, i)) > 0;
    case NET_U64:
        return snprintf(room, CODEC_NUMBER_TEXT, "%" PRIu64, (uint64_t)net_whole_at(tensor, i)) > 0;
    default:
        return snprintf(room, CODEC_NUMBER_TEXT, "%" PRId64, net_whole_at(tensor, i)) > 0;
    }
}

bool app_net_text(const net_tensor *tensor, char separator, ct_text *out) {
    const int rank = tensor->shape.rank;
    const size_t width = rank > 0 ? (size_t)tensor->shape.size[rank - 1] : 1;
    const size_t height = rank > 1 ? (size_t)tensor->shape.size[rank - 2] : 1;
    const size_t count = net_count(tensor);
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        char room[CODEC_NUMBER_TEXT];
        number_text(tensor, i, room);
        const bool ends_row = (i + 1) % width == 0;
        const bool ends_plane = ends_row && (i + 1) % (width * height) == 0 && i + 1 < count;
        ok = ct_text_print(out, "%s", room) &&
             ct_text_add(out, ends_row ? "\n\n" : &separator, ends_plane ? 2 : 1);
    }
    return ok;
}

static bool encode(const char *path, const char *name, const net_tensor *tensor, ct_text *out,
                   ct_error *err) {
    size_t bytes;
    if (has_extension(path, "pb")) {
        return net_save_tensor(tensor, name, out, err);
    }
    if (has_extension(path, "npy")) {
        const char *code = code_of(tensor->type);
        if (!code) {
            return ct_fail(err, ".npy has no %s; write .pb or a table",
                           net_type_name(tensor->type));
        }
        codec_tensor array = {.dimensions = tensor->shape.rank,
                              .size = net_type_size(tensor->type)};
        memcpy(array.code, code, sizeof array.code);
        for (int i = 0; i < array.dimensions; i++) {
            array.side[i] = (size_t)tensor->shape.size[i];
        }
        return (net_bytes(tensor, &bytes) && codec_tensor_head(&array, out) &&
                ct_text_add(out, tensor->data, bytes)) ||
               ct_fail(err, "out of memory");
    }
    const char separator = has_extension(path, "csv")   ? ','
                           : has_extension(path, "tsv") ? '\t'
                                                        : ' ';
    return app_net_text(tensor, separator, out) || ct_fail(err, "out of memory");
}

bool app_net_write(const char *path, const app_call *call, const char *name,
                   const net_tensor *tensor, ct_error *err) {
    ct_text bytes = {0};
    app_output output = {.fd = -1};
    const bool direct = strcmp(path, "-") == 0;
    bool ok = encode(path, name, tensor, &bytes, err);
    if (ok && !direct && !call->force && access(path, F_OK) == 0) {
        ok = ct_fail(err, "exists; use -f to replace it");
    }
    if (ok) {
        ok = app_output_open(&output, path, direct ? STDOUT_FILENO : -1, !call->force, err) &&
             app_output_put(&output, bytes.bytes, bytes.length, err) &&
             app_output_commit(&output, NULL, err);
        app_output_close(&output);
    }
    ct_text_free(&bytes);
    return ok || ct_fail_at(err, "%s: ", path);
}
