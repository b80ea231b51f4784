#include "app/commands/net_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/model_file.h"
#include "app/commands/net_tensors.h"
#include "app/run/network_image.h"
#include "codec/array.h"
#include "codec/codec.h"
#include "codec/tensor.h"
#include "net/half.h"

/* ---- to the type that the model wants ---- */

typedef struct span {
    double low, high;
} span;

static bool span_of(net_type type, span *l) {
    switch (type) {
    case NET_BOOL:
        *l = (span){0, 1};
        return true;
    case NET_I8:
        *l = (span){-0x1p7, 0x1p7 - 1};
        return true;
    case NET_U8:
        *l = (span){0, 0x1p8 - 1};
        return true;
    case NET_I16:
        *l = (span){-0x1p15, 0x1p15 - 1};
        return true;
    case NET_U16:
        *l = (span){0, 0x1p16 - 1};
        return true;
    case NET_I32:
        *l = (span){-0x1p31, 0x1p31 - 1};
        return true;
    case NET_U32:
        *l = (span){0, 0x1p32 - 1};
        return true;
    case NET_I64:
        *l = (span){-0x1p63, 0x1.fffffffffffffp62};
        return true;
    case NET_U64:
        *l = (span){0, 0x1.fffffffffffffp63};
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
    span l;
    const bool whole = span_of(type, &l);
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

static bool read_npy(const char *bytes, size_t size, uint64_t most, net_pool *pool, net_tensor *out,
                     ct_error *err) {
    codec_tensor array;
    if (!codec_tensor_read(bytes, size, most, &array, err)) {
        return false;
    }
    *out = (net_tensor){.type = app_net_type_of(array.code), .shape = {.rank = array.dimensions}};
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

/* A table, or a picture whose samples the model wants as they are: planes of channels, as ONNX has
 * them, of as many dimensions as the model wants. */
static bool read_samples(codec_reader *reader, int rank, net_pool *pool, net_tensor *out,
                         ct_error *err) {
    const codec_info *info = codec_reader_info(reader);
    const size_t w = (size_t)info->width, h = (size_t)info->height, c = (size_t)info->channels;
    const int own = c > 1 ? 3 : h > 1 ? 2 : w > 1 ? 1 : 0;
    const int64_t sizes[] = {1, (int64_t)c, (int64_t)h, (int64_t)w};
    rank = rank < 0 ? (own > 2 ? own : 2) : rank;
    if (rank < own || rank > 4) {
        return ct_fail(err, "%zu x %zu numbers of %s; the model wants %d dimensions", w, h,
                       ct_count(c, "channel").text, rank);
    }
    *out = (net_tensor){.type = NET_FLOAT, .shape = {.rank = rank}};
    for (int i = 0; i < rank; i++) {
        out->shape.size[i] = sizes[4 - rank + i];
    }
    float *data = out->data = net_pool_get(pool, w * h * c, sizeof *data, err);
    void *row = data ? malloc(codec_row_bytes(info)) : NULL;
    bool ok = data && (row || ct_fail(err, "out of memory"));
    for (size_t y = 0; ok && y < h; y++) {
        ok = codec_read_row(reader, row, err);
        for (size_t i = 0; ok && i < w * c; i++) {
            data[(i % c * h + y) * w + i / c] = info->sample == CODEC_U8    ? ((uint8_t *)row)[i]
                                                : info->sample == CODEC_U16 ? ((uint16_t *)row)[i]
                                                                            : ((float *)row)[i];
        }
    }
    free(row);
    return ok;
}

/* ---- pictures ---- */

static bool is_real(net_type type) {
    return type == NET_FLOAT || type == NET_DOUBLE || type == NET_HALF || type == NET_BFLOAT ||
           type == NET_NONE;
}

/* Whether a picture is prepared as one that is filtered. Whole numbers are its samples. */
static bool is_prepared(const codec_info *info, const net_value *value) {
    const int rank = value->shape.rank;
    return !info->plain && is_real(value->type) && (rank < 0 || (rank >= 2 && rank <= 4));
}

static bool say_assumed(const app_net_reading *how, const char *path, const network_input *input,
                        const codec_info *info, ct_error *err) {
    ct_text assumed = {0};
    const bool ok =
        how->call->talk != APP_VERBOSE || network_input_assumed(how->stage, input, info, &assumed);
    if (ok && assumed.length > 0) {
        app_say(app_input_name(path), "network: assumed: %s", assumed.bytes);
    }
    ct_text_free(&assumed);
    return ok || ct_fail(err, "out of memory");
}

/* As where it is filtered: network_input says how. */
static bool read_prepared(codec_reader *reader, const app_net_reading *how, const char *path,
                          const net_value *value, net_pool *pool, net_tensor *out, ct_error *err) {
    const codec_info *info = codec_reader_info(reader);
    network_input input;
    if (!network_input_for(how->stage, value, info, &input, err) ||
        !say_assumed(how, path, &input, info, err)) {
        return false;
    }
    const conv_shape *s = &input.shape;
    const size_t floats = (size_t)s->width * (size_t)s->channels;
    const int rank = value->shape.rank < 0 ? 4 : value->shape.rank;
    *out = (net_tensor){.type = NET_FLOAT, .shape = network_input_shape(&input, rank)};
    out->data = net_pool_get(pool, floats * (size_t)s->height, sizeof(float), err);
    return out->data && network_input_read(&input, reader, out->data, err);
}

static bool read_picture(const char *bytes, size_t size, const app_net_reading *how,
                         const char *path, const net_value *value, net_pool *pool, net_tensor *out,
                         ct_error *err) {
    const codec_limits *limits = &how->call->limits;
    codec_reader *reader = codec_open_memory(bytes, size, limits, err);
    reader = reader ? codec_upright(reader, limits, err) : NULL;
    if (!reader) {
        return false;
    }
    const bool ok = is_prepared(codec_reader_info(reader), value)
                        ? read_prepared(reader, how, path, value, pool, out, err)
                        : read_samples(reader, value->shape.rank, pool, out, err);
    codec_close(reader);
    return ok;
}

bool app_net_read(const char *path, const app_net_reading *how, const net_value *value,
                  net_pool *pool, net_tensor *out, ct_error *err) {
    const uint64_t most = how->call->limits.max_memory;
    char *bytes;
    size_t size;
    const char *name;
    net_tensor read = {.type = NET_NONE};
    bool ok = app_read_whole(path, most, &bytes, &size, err);
    if (ok) {
        ok = codec_is_array(bytes, size) ? read_npy(bytes, size, most, pool, &read, err)
             : app_net_has_extension(path, "pb")
                 ? net_load_tensor(bytes, size, pool, &read, &name, err)
                 : read_picture(bytes, size, how, path, value, pool, &read, err);
        free(bytes);
    }
    ok = ok && convert(&read, value->type, pool, out, err);
    return ok || ct_fail_at(err, "%s: ", path);
}
