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

net_type app_net_type_of(const char *code) {
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

bool app_net_is_named(const char *operand, size_t *name) {
    *name = strcspn(operand, "=");
    return operand[*name] == '=' && *name > 0;
}

bool app_net_is_tensor(const char *operand, size_t *name) {
    return app_net_is_named(operand, name) && operand[*name + 1];
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

bool app_net_has_extension(const char *path, const char *extension) {
    const char *own = ct_extension(path);
    return own && strcmp(own, extension) == 0;
}

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
    if (app_net_has_extension(path, "pb")) {
        return net_save_tensor(tensor, name, out, err);
    }
    if (app_net_has_extension(path, "npy")) {
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
    const char separator = app_net_has_extension(path, "csv")   ? ','
                           : app_net_has_extension(path, "tsv") ? '\t'
                                                                : ' ';
    return app_net_text(tensor, separator, out) || ct_fail(err, "out of memory");
}

bool app_net_may_write(const char *path, const app_call *call, ct_error *err) {
    return strcmp(path, "-") == 0 || call->force || access(path, F_OK) != 0 ||
           ct_fail(err, "exists; use -f to replace it");
}

bool app_net_write(const char *path, const app_call *call, const char *name,
                   const net_tensor *tensor, ct_error *err) {
    ct_text bytes = {0};
    app_output output = {.fd = -1};
    const bool direct = strcmp(path, "-") == 0;
    bool ok = encode(path, name, tensor, &bytes, err) && app_net_may_write(path, call, err);
    if (ok) {
        const app_destination to = {
            .path = path, .fd = direct ? STDOUT_FILENO : -1, .absent = !call->force};
        ok = app_output_open(&output, &to, err) &&
             app_output_put(&output, bytes.bytes, bytes.length, err) &&
             app_output_commit(&output, NULL, err);
        app_output_close(&output);
    }
    ct_text_free(&bytes);
    return ok || ct_fail_at(err, "%s: ", path);
}
