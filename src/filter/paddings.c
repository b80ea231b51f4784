#include "filter/paddings.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "filter/sizes.h"

/* To add one: a row here, its border in conv.h and its rule in conv/border.c. */
static const padding_def paddings[] = {
    {
        .name = "mirror",
        .border = CONV_MIRROR,
        .also = "reflect,reflect101",
        .pattern = "cb|abcd|cb",
        .summary = "mirrored; the edge sample isn't repeated (default)",
    },
    {
        .name = "symmetric",
        .border = CONV_SYMMETRIC,
        .also = "",
        .pattern = "ba|abcd|dc",
        .summary = "mirrored; the edge sample is repeated",
    },
    {
        .name = "replicate",
        .border = CONV_REPLICATE,
        .also = "edge,nearest,clamp",
        .pattern = "aa|abcd|dd",
        .summary = "the edge sample goes on",
    },
    {
        .name = "wrap",
        .border = CONV_WRAP,
        .also = "circular,periodic,tile",
        .pattern = "cd|abcd|ab",
        .summary = "the image comes round again",
    },
    {
        .name = "zero",
        .border = CONV_CONSTANT,
        .also = "same,zeros",
        .pattern = "00|abcd|00",
        .summary = "zeros",
    },
    {
        .name = "constant",
        .border = CONV_CONSTANT,
        .also = "",
        .pattern = "vv|abcd|vv",
        .summary = "the number v, given as constant=v",
    },
    {
        .name = "valid",
        .border = CONV_CONSTANT,
        .valid = true,
        .also = "none",
        .pattern = "|abcd|",
        .summary = "none: only where the whole kernel fits",
    },
};

const padding_def *padding_def_at(size_t i) {
    return i < sizeof paddings / sizeof paddings[0] ? &paddings[i] : NULL;
}

/* Every name, the others' too: the table read as one list. */
static bool next_name(size_t *row, size_t *word, const char **name, size_t *length) {
    const padding_def *def = padding_def_at(*row);
    if (!def) {
        return false;
    }
    const char *at = def->name;
    if (*word > 0) {
        at = def->also;
        for (size_t k = 1; k < *word && at; k++) {
            at = strchr(at, ',');
            at = at ? at + 1 : NULL;
        }
        if (!at || !*at) {
            ++*row;
            *word = 0;
            return next_name(row, word, name, length);
        }
    }
    *name = at;
    *length = strcspn(at, ",");
    ++*word;
    return true;
}

static const padding_def *find(const char *text, size_t length) {
    const char *name;
    size_t n;
    for (size_t row = 0, word = 0; next_name(&row, &word, &name, &n);) {
        if (n == length && memcmp(name, text, n) == 0) {
            return padding_def_at(row);
        }
    }
    return NULL;
}

/* The main names alone are suggested. */
static const char *name_at(const void *unused, size_t i) {
    (void)unused;
    const padding_def *def = padding_def_at(i);
    return def ? def->name : NULL;
}

static bool unknown(const char *text, size_t length, ct_error *err) {
    char name[64];
    const size_t n = length < sizeof name - 1 ? length : sizeof name - 1;
    memcpy(name, text, n);
    name[n] = '\0';
    const char *near = ct_nearest(name, name_at, NULL);
    return near ? ct_fail(err, "unknown padding '%s'; did you mean '%s'?", name, near)
                : ct_fail(err, "unknown padding '%s'; see 'convtool list paddings'", name);
}

bool padding_read(const char *text, argument *out, ct_error *err) {
    const size_t length = strcspn(text, ":=");
    const padding_def *def = find(text, length);
    if (!def) {
        return unknown(text, length, err);
    }
    out->border = def->border;
    out->valid = def->valid;
    out->number = 0;
    const bool takes_value = strcmp(def->name, "constant") == 0;
    const char *rest = text + length;
    if (takes_value != (*rest == '=')) {
        return takes_value ? ct_fail(err, "constant needs its value, as in constant=128")
                           : ct_fail(err, "%s takes no value", def->name);
    }
    if (takes_value) {
        const size_t n = strcspn(rest + 1, ":");
        if (!ct_parse_number(rest + 1, n, &out->number)) {
            return ct_fail_number(err, rest + 1, n) || ct_fail_at(err, "constant: ");
        }
        rest += 1 + n;
    }
    if (*rest == ':') {
        static const argument_def size = {"padding", ARGUMENT_SIZE, 0, CONV_MAX_STEP, NULL};
        if (def->valid) {
            return ct_fail(err, "%s takes no size, as it adds nothing", def->name);
        }
        out->sized = true;
        return read_size(&size, rest + 1, out, err);
    }
    return true;
}
