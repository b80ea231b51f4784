/* A .npy file as a whole array, its elements in their own type. */
#include <stdlib.h>
#include <string.h>

#include "codec/numbers/npy.h"
#include "codec/tensor.h"

_Static_assert((int)CODEC_TENSOR_DIMENSIONS == (int)CODEC_NPY_DIMENSIONS, "the arrays are alike");

static bool take_head(const codec_npy_head *head, uint64_t most, codec_tensor *out, ct_error *err) {
    if (head->dimensions > CODEC_TENSOR_DIMENSIONS) {
        return ct_fail(err, "an array of %d dimensions; expected at most %d", head->dimensions,
                       CODEC_TENSOR_DIMENSIONS);
    }
    memcpy(out->code, head->type->code, sizeof out->code);
    out->size = head->type->size;
    out->dimensions = head->dimensions;
    out->count = 1;
    for (int i = 0; i < head->dimensions; i++) {
        if (head->shape[i] > most / out->size / out->count) {
            return ct_fail(err, "an array of more than %s", ct_size_of(most).text);
        }
        out->side[i] = (size_t)head->shape[i];
        out->count *= out->side[i];
    }
    return true;
}

/* Puts elements that are stored with the first index varying fastest into the usual order. */
static bool reorder(const codec_npy_head *head, codec_tensor *out, ct_error *err) {
    size_t steps[CODEC_NPY_DIMENSIONS], index[CODEC_TENSOR_DIMENSIONS] = {0}, at = 0;
    char *ordered = malloc(out->count * out->size);
    if (!ordered) {
        return ct_fail(err, "out of memory");
    }
    codec_npy_steps(head, steps);
    for (size_t i = 0; i < out->count; i++) {
        memcpy(ordered + i * out->size, (const char *)out->elements + at * out->size, out->size);
        for (int d = out->dimensions - 1; d >= 0; d--) {
            at += steps[d];
            if (++index[d] < out->side[d]) {
                break;
            }
            at -= steps[d] * out->side[d];
            index[d] = 0;
        }
    }
    free(out->elements);
    out->elements = ordered;
    return true;
}

static bool read_elements(codec_reader *reader, const codec_npy_head *head, codec_tensor *out,
                          ct_error *err) {
    const size_t bytes = out->count * out->size;
    uint64_t left;
    if (codec_input_left(&reader->input, &left) && left < bytes) {
        return ct_fail(err, "the file ends after %llu of its %zu numbers",
                       (unsigned long long)(left / out->size), out->count);
    }
    out->elements = malloc(bytes > 0 ? bytes : 1);
    if (!out->elements) {
        return ct_fail(err, "out of memory");
    }
    if (codec_input_read(&reader->input, out->elements, bytes) < bytes) {
        return ct_fail(err, "the file ends within its numbers");
    }
    if (head->swapped) {
        codec_npy_swap(out->elements, out->count, out->size);
    }
    return !head->fortran || out->dimensions < 2 || reorder(head, out, err);
}

bool codec_tensor_read(const void *bytes, size_t size, uint64_t most, codec_tensor *out,
                       ct_error *err) {
    codec_reader *reader = codec_reader_new(NULL, err);
    codec_npy_head head;
    *out = (codec_tensor){0};
    if (!reader) {
        return false;
    }
    codec_input_open_memory(&reader->input, bytes, size);
    const bool ok = codec_npy_read_head(reader, &head, err) && take_head(&head, most, out, err) &&
                    read_elements(reader, &head, out, err);
    if (!ok) {
        free(out->elements);
        *out = (codec_tensor){0};
    }
    codec_close(reader);
    return ok;
}

bool codec_tensor_head(const codec_tensor *tensor, ct_text *out) {
    const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    ct_text dict = {0};
    bool ok = ct_text_print(&dict, "{'descr': '%c%s', 'fortran_order': False, 'shape': (",
                            tensor->size == 1 ? '|'
                            : little          ? '<'
                                              : '>',
                            tensor->code);
    for (int i = 0; ok && i < tensor->dimensions; i++) {
        ok = ct_text_print(&dict, "%s%zu", i ? ", " : "", tensor->side[i]);
    }
    ok = ok && ct_text_print(&dict, "%s), }", tensor->dimensions == 1 ? "," : "");
    while (ok && (CODEC_NPY_MAGIC + dict.length + 1) % 64 != 0) {
        ok = ct_text_print(&dict, " ");
    }
    ok = ok && ct_text_print(&dict, "\n");
    const uint8_t magic[CODEC_NPY_MAGIC] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (uint8_t)dict.length, (uint8_t)(dict.length >> 8)};
    ok = ok && ct_text_add(out, magic, sizeof magic) && ct_text_add(out, dict.bytes, dict.length);
    ct_text_free(&dict);
    return ok;
}
