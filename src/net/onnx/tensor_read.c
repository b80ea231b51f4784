/* ONNX's tensors: their numbers lie in `raw_data`, in a list of their type, or in another file. */
#include "net/onnx/message.h"

#ifdef CT_HAVE_PROTOBUF
#include <string.h>

#include "base/number.h"
#include "net/net.h"

/* To support a type: a row here. */
static const struct {
    int32_t number;
    net_type type;
    const char *name;
} types[] = {
    {1, NET_FLOAT, "float"},      {2, NET_U8, "uint8"},        {3, NET_I8, "int8"},
    {4, NET_U16, "uint16"},       {5, NET_I16, "int16"},       {6, NET_I32, "int32"},
    {7, NET_I64, "int64"},        {8, NET_NONE, "text"},       {9, NET_BOOL, "bool"},
    {10, NET_HALF, "float16"},    {11, NET_DOUBLE, "double"},  {12, NET_U32, "uint32"},
    {13, NET_U64, "uint64"},      {14, NET_NONE, "complex64"}, {15, NET_NONE, "complex128"},
    {16, NET_BFLOAT, "bfloat16"},
};

net_type onnx_type(int32_t number) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].number == number) {
            return types[i].type;
        }
    }
    return NET_NONE;
}

int32_t onnx_type_number(net_type type) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].type == type) {
            return types[i].number;
        }
    }
    return 0;
}

const char *onnx_type_name(int32_t number) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].number == number) {
            return types[i].name;
        }
    }
    return "of an unknown type";
}

/* ---- from lists ---- */

static size_t listed(const Onnx__TensorProto *from, net_type type) {
    switch (type) {
    case NET_FLOAT:
        return from->n_float_data;
    case NET_DOUBLE:
        return from->n_double_data;
    case NET_I64:
        return from->n_int64_data;
    case NET_U32:
    case NET_U64:
        return from->n_uint64_data;
    default:
        return from->n_int32_data;
    }
}

/* Small numbers are listed as int32, each in its lowest bytes. */
static void copy_list(const Onnx__TensorProto *from, net_type type, size_t count, void *to) {
    const size_t size = net_type_size(type);
    if (type == NET_FLOAT) {
        memcpy(to, from->float_data, count * size);
    } else if (type == NET_DOUBLE) {
        memcpy(to, from->double_data, count * size);
    } else if (type == NET_I64) {
        memcpy(to, from->int64_data, count * size);
    } else if (type == NET_U64) {
        memcpy(to, from->uint64_data, count * size);
    } else {
        for (size_t i = 0; i < count; i++) {
            const uint64_t wide = type == NET_U32 ? from->uint64_data[i] : 0;
            const uint32_t bits = type == NET_U32 ? (uint32_t)wide : (uint32_t)from->int32_data[i];
            const uint16_t half = (uint16_t)bits;
            const uint8_t byte = (uint8_t)bits;
            const void *const source = size == 4   ? (const void *)&bits
                                       : size == 2 ? (const void *)&half
                                                   : (const void *)&byte;
            memcpy((char *)to + i * size, source, size);
        }
    }
}

/* ---- from another file ---- */

static const char *external(const Onnx__TensorProto *from, const char *key) {
    for (size_t i = 0; i < from->n_external_data; i++) {
        const Onnx__StringStringEntryProto *entry = from->external_data[i];
        if (entry->key && entry->value && strcmp(entry->key, key) == 0) {
            return entry->value;
        }
    }
    return NULL;
}

/* A file's name that stays in the model's folder. */
static bool is_inside(const char *name) {
    if (!*name || *name == '/') {
        return false;
    }
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == 0)) {
            return false;
        }
    }
    return true;
}

static bool external_number(const Onnx__TensorProto *from, const char *key, uint64_t fallback,
                            uint64_t *out, ct_error *err) {
    const char *text = external(from, key);
    *out = fallback;
    return !text || ct_parse_count(text, strlen(text), 0, UINT64_MAX / 2, out) ||
           ct_fail(err, "the %s of its data, '%s', isn't a number of bytes", key, text);
}

static bool read_external(const Onnx__TensorProto *from, const net_files *files, size_t bytes,
                          void *to, ct_error *err) {
    const char *name = external(from, "location");
    uint64_t offset, length;
    if (!name) {
        return ct_fail(err, "its data should lie in another file, which isn't named");
    }
    if (!is_inside(name)) {
        return ct_fail(err, "its data should lie in '%s', outside the model's folder", name);
    }
    if (!external_number(from, "offset", 0, &offset, err) ||
        !external_number(from, "length", bytes, &length, err)) {
        return false;
    }
    if (length != bytes) {
        return ct_fail(err, "it has %s in '%s', and its shape asks for %s",
                       ct_count(length, "byte").text, name, ct_count(bytes, "byte").text);
    }
    if (!files) {
        return ct_fail(err, "its data should lie in '%s', beside a file", name);
    }
    return files->read(files->context, name, offset, bytes, to, err);
}

/* ---- all ---- */

static bool take_shape(const Onnx__TensorProto *from, net_tensor *out, size_t *bytes,
                       ct_error *err) {
    if (from->n_dims > NET_MOST_DIMENSIONS) {
        return ct_fail(err, "it has %zu dimensions; at most %d are supported", from->n_dims,
                       NET_MOST_DIMENSIONS);
    }
    out->shape.rank = (int)from->n_dims;
    for (size_t i = 0; i < from->n_dims; i++) {
        if (from->dims[i] < 0) {
            return ct_fail(err, "its size along axis %zu is %lld", i, (long long)from->dims[i]);
        }
        out->shape.size[i] = from->dims[i];
    }
    return net_bytes(out, bytes) || ct_fail(err, "its shape has more elements than fit in memory");
}

/* Whether the data is there in one way only. */
static bool is_given_once(const Onnx__TensorProto *from, bool outside, ct_error *err) {
    const int ways = outside + (from->has_raw_data && from->raw_data.len > 0) +
                     (from->n_float_data > 0) + (from->n_int32_data > 0) +
                     (from->n_int64_data > 0) + (from->n_double_data > 0) +
                     (from->n_uint64_data > 0) + (from->n_string_data > 0);
    return ways <= 1 || ct_fail(err, "its data is given in %d ways, which should be one", ways);
}

static bool is_right_size(size_t has, size_t wants, const char *what, ct_error *err) {
    return has == wants ||
           ct_fail(err, "it has %s, and its shape asks for %zu", ct_count(has, what).text, wants);
}

/* Its numbers, where they stay, as they are wanted; or NULL. */
static void *kept(const onnx_message *of, const Onnx__TensorProto *from, net_type type) {
    void *numbers = from->has_raw_data  ? (void *)from->raw_data.data
                    : type == NET_FLOAT ? (void *)from->float_data
                                        : NULL;
    return onnx_keeps(of, numbers) ? numbers : NULL;
}

bool onnx_tensor(const onnx_message *of, const Onnx__TensorProto *from, const net_files *files,
                 net_pool *pool, net_tensor *out, ct_error *err) {
    *out = (net_tensor){.type = onnx_type(from->data_type)};
    if (out->type == NET_NONE) {
        return ct_fail(err, "it is %s, which isn't supported", onnx_type_name(from->data_type));
    }
    size_t bytes;
    const bool outside = from->has_data_location && from->data_location == 1;
    if (from->segment) {
        return ct_fail(err, "it is only a segment of a tensor, which isn't supported");
    }
    if (!is_given_once(from, outside, err) || !take_shape(from, out, &bytes, err)) {
        return false;
    }
    const size_t count = net_count(out);
    if (!outside && from->has_raw_data
            ? !is_right_size(from->raw_data.len, bytes, "byte", err)
            : !outside && !is_right_size(listed(from, out->type), count, "number", err)) {
        return false; /* before memory is asked for that a small file can't fill */
    }
    out->data = outside ? NULL : kept(of, from, out->type);
    if (out->data) {
        return true;
    }
    out->data = net_pool_get(pool, bytes > 0 ? bytes : 1, 1, err);
    if (!out->data) {
        return false;
    }
    if (outside) {
        return read_external(from, files, bytes, out->data, err);
    }
    if (bytes > 0 && from->has_raw_data) {
        memcpy(out->data, from->raw_data.data, bytes);
    } else if (bytes > 0) {
        copy_list(from, out->type, count, out->data);
    }
    return true;
}
#endif
