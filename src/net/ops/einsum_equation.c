#include "net/ops/einsum_equation.h"

#include <string.h>

static int label_of(char c) {
    return c >= 'a' && c <= 'z' ? c - 'a' : c >= 'A' && c <= 'Z' ? c - 'A' + 26 : -1;
}

/* Letters before and behind the ellipsis. */
typedef struct letters {
    int label[EINSUM_LABELS];
    int count, before; /* before: -1, there is no ellipsis */
} letters;

/* Reads letters up to a comma, an arrow or the end. */
static bool read_letters(const char **text, letters *out, ct_error *err) {
    const char *at = *text;
    *out = (letters){.before = -1};
    for (; *at && *at != ',' && *at != '-'; at++) {
        if (*at == ' ') {
            continue;
        }
        if (strncmp(at, "...", 3) == 0 && out->before < 0) {
            out->before = out->count;
            at += 2;
            continue;
        }
        const int label = label_of(*at);
        if (label < 0 || out->count == EINSUM_LABELS) {
            return ct_fail(err, "its equation has letters, commas, '...' and '->', not '%.20s'",
                           at);
        }
        out->label[out->count++] = label;
    }
    *text = at;
    return true;
}

/* Puts `wide` axes in the place of the ellipsis. */
static bool spread(const letters *from, int wide, einsum_term *term, ct_error *err) {
    const int all = from->count + (from->before >= 0 ? wide : 0);
    if (all > NET_MOST_DIMENSIONS) {
        return ct_fail(err, "its equation has more than %d axes", NET_MOST_DIMENSIONS);
    }
    term->count = 0;
    for (int i = 0; i <= from->count; i++) {
        for (int k = wide; i == from->before && k-- > 0;) {
            term->label[term->count++] = EINSUM_LETTERS + k;
        }
        if (i < from->count) {
            term->label[term->count++] = from->label[i];
        }
    }
    return true;
}

bool einsum_next(const char **text, int rank, einsum_term *term, ct_error *err) {
    letters found;
    if (!read_letters(text, &found, err)) {
        return false;
    }
    *text += **text == ',';
    const int wide = found.before < 0 ? 0 : rank - found.count;
    if (rank >= 0 && (found.before < 0 ? rank != found.count : wide < 0)) {
        return ct_fail(err, "its equation has %s for an input of %s",
                       ct_count((uint64_t)found.count, "letter").text,
                       ct_count((uint64_t)rank, "dimension").text);
    }
    if (rank < 0 && found.before >= 0) {
        term->count = -1;
        return true;
    }
    return spread(&found, wide, term, err);
}

/* A size of 1 is stretched to another one. */
static bool meet(int64_t *size, int64_t other, ct_error *err) {
    if (*size >= 0 && other >= 0 && *size != other && *size != 1 && other != 1) {
        return ct_fail(err, "an axis is %lld long in one input and %lld in another",
                       (long long)*size, (long long)other);
    }
    *size = *size == other || other == 1 ? *size
            : *size == 1                 ? other
            : *size >= 0                 ? *size
            : other >= 0                 ? other
                                         : NET_ANY_SIZE;
    return true;
}

/* Without an arrow: the ellipsis, then the letters that occur once, sorted as in ASCII. */
static void imply(const int *uses, letters *out) {
    *out = (letters){0};
    for (int i = 0; i < EINSUM_LETTERS; i++) {
        const int label = (i + 26) % EINSUM_LETTERS; /* capitals come first */
        if (uses[label] == 1) {
            out->label[out->count++] = label;
        }
    }
}

bool einsum_read(const net_call *call, einsum_equation *out, ct_error *err) {
    const char *text = net_text(call->node, "equation", "");
    int uses[EINSUM_LABELS] = {0}, wide = 0;
    for (int l = 0; l < EINSUM_LABELS; l++) {
        out->size[l] = 1;
    }
    for (int i = 0; i < call->node->input_count; i++) {
        const net_shape *shape = &call->in[i]->shape;
        einsum_term term;
        const char *before = text;
        if (!einsum_next(&text, shape->rank, &term, err)) {
            return false;
        }
        const bool comma = text > before && text[-1] == ',';
        if (comma != (i + 1 < call->node->input_count)) {
            return ct_fail(err, "its equation isn't for %s",
                           ct_count((uint64_t)call->node->input_count, "input").text);
        }
        if (term.count < 0) {
            wide = -1;
        }
        for (int k = 0; k < term.count; k++) {
            const int label = term.label[k];
            uses[label]++;
            if (!meet(&out->size[label], shape->rank < 0 ? NET_ANY_SIZE : shape->size[k], err)) {
                return false;
            }
            if (wide >= 0 && label - EINSUM_LETTERS + 1 > wide) {
                wide = label - EINSUM_LETTERS + 1;
            }
        }
    }
    letters found;
    imply(uses, &found);
    if (strncmp(text, "->", 2) == 0) {
        text += 2;
        if (!read_letters(&text, &found, err)) {
            return false;
        }
    }
    if (*text) {
        return ct_fail(err, "its equation ends with '%.20s'", text);
    }
    unsigned long long seen = 0;
    for (int k = 0; k < found.count; k++) {
        const unsigned long long bit = 1ULL << found.label[k];
        if (seen & bit || (uses[found.label[k]] == 0 && wide >= 0)) {
            return ct_fail(
                err, "its equation's result has the letter '%c' %s",
                (char)(found.label[k] < 26 ? 'a' + found.label[k] : 'A' + found.label[k] - 26),
                seen & bit ? "twice" : "that no input has");
        }
        seen |= bit;
    }
    out->out.count = -1;
    return (wide < 0 && found.before >= 0) || spread(&found, wide < 0 ? 0 : wide, &out->out, err);
}
