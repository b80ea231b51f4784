/* A .npy file as a whole array. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/array.h"
#include "codec/numbers/npy.h"

bool codec_is_array(const void *bytes, size_t size) {
    return codec_npy_probe(bytes, size);
}

/* Counts the elements; false where they are too many. */
static bool count_elements(const codec_npy_head *head, size_t most, size_t *count, ct_error *err) {
    if (head->dimensions < 1 || head->dimensions > CODEC_ARRAY_DIMENSIONS) {
        return ct_fail(err, "an array of %d dimensions; expected 1 to %d", head->dimensions,
                       CODEC_ARRAY_DIMENSIONS);
    }
    *count = 1;
    for (int i = 0; i < head->dimensions; i++) {
        if (head->shape[i] > most / *count) {
            return ct_fail(err, "an array of more than %zu numbers", most);
        }
        *count *= (size_t)head->shape[i];
    }
    return true;
}

/* Number i in the order of `out`, as an index of the array; and where it's stored. */
static size_t stored_at(const codec_array *out, const size_t *steps, size_t i,
                        size_t index[CODEC_ARRAY_DIMENSIONS]) {
    size_t at = 0;
    for (int d = out->dimensions - 1; d >= 0; d--) {
        index[d] = i % out->side[d];
        i /= out->side[d];
        at += index[d] * steps[d];
    }
    return at;
}

static bool fail_number(const codec_array *out, const size_t *index, double number, ct_error *err) {
    char at[CODEC_ARRAY_DIMENSIONS * 24] = "";
    for (int d = 0; d < out->dimensions; d++) {
        const size_t used = strlen(at);
        snprintf(at + used, sizeof at - used, "%s%zu", d ? ", " : "", index[d]);
    }
    return ct_fail(err, "the number at [%s] is %g; expected finite ones", at, number);
}

static bool convert(const codec_npy_head *head, const void *elements, size_t count,
                    codec_array *out, ct_error *err) {
    size_t steps[CODEC_NPY_DIMENSIONS], index[CODEC_ARRAY_DIMENSIONS];
    codec_npy_steps(head, steps);
    for (size_t i = 0; i < count; i++) {
        out->numbers[i] = codec_npy_double(head->type, elements, stored_at(out, steps, i, index));
        if (!isfinite(out->numbers[i])) {
            return fail_number(out, index, out->numbers[i], err);
        }
    }
    return true;
}

static bool read_elements(codec_reader *reader, const codec_npy_head *head, size_t count,
                          codec_array *out, ct_error *err) {
    const size_t size = count * head->type->size;
    void *elements = malloc(size);
    out->numbers = malloc(count * sizeof *out->numbers);
    bool ok = (elements && out->numbers) || ct_fail(err, "out of memory");
    ok = ok && (codec_input_read(&reader->input, elements, size) == size ||
                ct_fail(err, "the file ends within its numbers"));
    if (ok && head->swapped) {
        codec_npy_swap(elements, count, head->type->size);
    }
    ok = ok && convert(head, elements, count, out, err);
    free(elements);
    return ok;
}

/* Before anything is allocated for them: whether the numbers are there. */
static bool check_left(const codec_reader *reader, const codec_npy_head *head, size_t count,
                       ct_error *err) {
    uint64_t left;
    if (!codec_input_left(&reader->input, &left) || left / head->type->size >= count) {
        return true;
    }
    return ct_fail(err, "the file ends after %llu of its %zu numbers",
                   (unsigned long long)(left / head->type->size), count);
}

bool codec_array_read(const void *bytes, size_t size, size_t most, codec_array *out,
                      ct_error *err) {
    codec_reader *reader = codec_reader_new(NULL, err);
    codec_npy_head head;
    size_t count = 0;
    *out = (codec_array){0};
    if (!reader) {
        return false;
    }
    codec_input_open_memory(&reader->input, bytes, size);
    bool ok = codec_npy_read_head(reader, &head, err) && count_elements(&head, most, &count, err) &&
              check_left(reader, &head, count, err);
    if (ok) {
        out->dimensions = head.dimensions;
        for (int i = 0; i < head.dimensions; i++) {
            out->side[i] = (size_t)head.shape[i];
        }
        ok = read_elements(reader, &head, count, out, err);
    }
    if (!ok) {
        free(out->numbers);
        *out = (codec_array){0};
    }
    codec_close(reader);
    return ok;
}
