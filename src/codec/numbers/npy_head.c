/* A .npy file's header. Its dict: strictly what NumPy writes, with blanks anywhere and the keys
 * in any order, and comments as Python has them. */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "codec/numbers/npy.h"

typedef struct cursor {
    const char *start, *at, *end;
    ct_error *err;
} cursor;

static bool fail_expected(const cursor *c, const char *what) {
    return ct_fail(c->err, "the header of the .npy file: expected %s at character %zu", what,
                   (size_t)(c->at - c->start) + 1);
}

static void skip_blanks(cursor *c) {
    while (c->at < c->end && (*c->at == '#' || (*c->at && strchr(" \t\r\n", *c->at)))) {
        if (*c->at == '#') {
            const char *line = memchr(c->at, '\n', (size_t)(c->end - c->at));
            c->at = line ? line : c->end;
        } else {
            c->at++;
        }
    }
}

/* Whether the character comes next, behind blanks; takes it. */
static bool take(cursor *c, char wanted) {
    skip_blanks(c);
    const bool there = c->at < c->end && *c->at == wanted;
    c->at += there;
    return there;
}

static bool take_word(cursor *c, const char *word) {
    const size_t length = strlen(word);
    skip_blanks(c);
    const bool there = (size_t)(c->end - c->at) >= length && memcmp(c->at, word, length) == 0;
    c->at += there ? length : 0;
    return there;
}

static bool expect(cursor *c, char wanted) {
    const char what[] = {'\'', wanted, '\'', '\0'};
    return take(c, wanted) || fail_expected(c, what);
}

/* A string in quotes of either kind, without escapes. */
static bool read_string(cursor *c, const char *what, const char **text, size_t *length) {
    const char quote = take(c, '\'') ? '\'' : take(c, '"') ? '"' : '\0';
    const char *end = quote ? memchr(c->at, quote, (size_t)(c->end - c->at)) : NULL;
    if (!end || memchr(c->at, '\\', (size_t)(end - c->at))) {
        return fail_expected(c, what);
    }
    *text = c->at;
    *length = (size_t)(end - c->at);
    c->at = end + 1;
    return true;
}

static bool read_descr(cursor *c, codec_npy_head *head) {
    const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    const char *text;
    size_t length;
    if (take(c, '[')) {
        return ct_fail(c->err, "an array of structs; expected one of numbers");
    }
    if (!read_string(c, "the type", &text, &length)) {
        return false;
    }
    const bool ordered = length > 0 && strchr("<>|=", *text);
    head->type = codec_npy_type_of(text + ordered, length - ordered);
    if (!head->type) {
        return ct_fail(c->err,
                       "an array of type '%.*s'; expected b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, "
                       "f4 or f8",
                       length < 40 ? (int)length : 40, text);
    }
    head->swapped = ordered && head->type->size > 1 && *text == (little ? '>' : '<');
    return true;
}

static bool read_order(cursor *c, codec_npy_head *head) {
    head->fortran = take_word(c, "True");
    return head->fortran || take_word(c, "False") || fail_expected(c, "True or False");
}

static bool read_side(cursor *c, uint64_t *side) {
    const char *first = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        c->at++;
    }
    if (!ct_parse_count(first, (size_t)(c->at - first), 0, UINT64_MAX, side)) {
        const bool large = c->at > first;
        c->at = first;
        return large ? ct_fail(c->err,
                               "the header of the .npy file: the number at character %zu is too "
                               "large for a size",
                               (size_t)(first - c->start) + 1)
                     : fail_expected(c, "a number");
    }
    c->at += c->at < c->end && *c->at == 'L'; /* Python 2's long numbers */
    return true;
}

static bool read_shape(cursor *c, codec_npy_head *head) {
    if (!expect(c, '(')) {
        return false;
    }
    bool more = true;
    for (head->dimensions = 0; more && !take(c, ')'); head->dimensions++) {
        uint64_t side;
        if (!read_side(c, &side)) {
            return false;
        }
        if (head->dimensions < CODEC_NPY_DIMENSIONS) {
            head->shape[head->dimensions] = side;
        }
        more = take(c, ',');
        if (!more && head->dimensions == 0) { /* Python takes (6) for a number */
            return fail_expected(c, "','");
        }
        if (!more && !expect(c, ')')) {
            return false;
        }
    }
    return true;
}

static bool check_shape(const codec_npy_head *head, ct_error *err) {
    for (int i = 0; i < head->dimensions && i < CODEC_NPY_DIMENSIONS; i++) {
        if (!head->shape[i]) {
            return ct_fail(err, "an array without numbers: one of its sides is 0");
        }
    }
    return true;
}

typedef struct entry {
    const char *key;
    bool (*read)(cursor *c, codec_npy_head *head);
} entry;

static const entry entries[] = {
    {"descr", read_descr}, {"fortran_order", read_order}, {"shape", read_shape}};

enum { ENTRIES = sizeof entries / sizeof entries[0] };

static bool read_entry(cursor *c, codec_npy_head *head, bool seen[ENTRIES]) {
    const char *what = "'descr', 'fortran_order' or 'shape', each once,";
    const char *key;
    size_t length;
    if (!read_string(c, what, &key, &length)) {
        return false;
    }
    for (size_t i = 0; i < ENTRIES; i++) {
        if (!seen[i] && strlen(entries[i].key) == length &&
            memcmp(entries[i].key, key, length) == 0) {
            seen[i] = true;
            return expect(c, ':') && entries[i].read(c, head);
        }
    }
    c->at = key;
    return fail_expected(c, what);
}

void codec_npy_steps(const codec_npy_head *head, size_t steps[CODEC_NPY_DIMENSIONS]) {
    const int n = head->dimensions;
    for (int i = 0; i < n; i++) { /* from the index that varies fastest on */
        const int at = head->fortran ? i : n - 1 - i, before = head->fortran ? at - 1 : at + 1;
        steps[at] = i ? steps[before] * (size_t)head->shape[before] : 1;
    }
}

bool codec_npy_parse(const char *text, size_t size, codec_npy_head *head, ct_error *err) {
    cursor c = {.start = text, .at = text, .end = text + size, .err = err};
    bool seen[ENTRIES] = {false}, more = true;
    *head = (codec_npy_head){0};
    if (!expect(&c, '{')) {
        return false;
    }
    for (size_t i = 0; i < ENTRIES; i++) {
        if ((!more && !expect(&c, ',')) || !read_entry(&c, head, seen)) {
            return false;
        }
        more = take(&c, ',');
    }
    if (!expect(&c, '}')) {
        return false;
    }
    skip_blanks(&c);
    return (c.at == c.end || fail_expected(&c, "the end")) && check_shape(head, err);
}

bool codec_npy_read_head(codec_reader *reader, codec_npy_head *head, ct_error *err) {
    static const char cut[] = "the file ends within its header";
    uint8_t start[8], length[4] = {0};
    codec_input *input = &reader->input;
    if (codec_input_read(input, start, sizeof start) < sizeof start) {
        return codec_fail_short(reader, err, cut);
    }
    if (start[6] < 1 || start[6] > 3) {
        return ct_fail(err, ".npy of version %d.%d; expected 1.0, 2.0 or 3.0", start[6], start[7]);
    }
    const size_t bytes = start[6] == 1 ? 2 : 4;
    if (codec_input_read(input, length, bytes) < bytes) {
        return codec_fail_short(reader, err, cut);
    }
    const uint32_t size = length[0] | (uint32_t)length[1] << 8 | (uint32_t)length[2] << 16 |
                          (uint32_t)length[3] << 24;
    if (size > CODEC_NPY_HEADER) {
        return ct_fail(err, "a .npy header of %u bytes; expected at most %d", size,
                       CODEC_NPY_HEADER);
    }
    char *text = malloc(size ? size : 1);
    if (!text) {
        return ct_fail(err, "out of memory");
    }
    const bool ok = codec_input_read(input, text, size) == size
                        ? codec_npy_parse(text, size, head, err)
                        : codec_fail_short(reader, err, cut);
    free(text);
    return ok;
}
