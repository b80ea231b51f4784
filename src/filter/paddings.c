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
        .aliases = {"reflect", "reflect101"},
        .pattern = "cb|abcd|cb",
        .summary = "mirrored; the edge sample isn't repeated (default)",
    },
    {
        .name = "symmetric",
        .border = CONV_SYMMETRIC,
        .pattern = "ba|abcd|dc",
        .summary = "mirrored; the edge sample is repeated",
    },
    {
        .name = "replicate",
        .border = CONV_REPLICATE,
        .aliases = {"edge", "nearest", "clamp"},
        .pattern = "aa|abcd|dd",
        .summary = "the edge sample, repeated",
    },
    {
        .name = "wrap",
        .border = CONV_WRAP,
        .aliases = {"circular", "periodic", "tile"},
        .pattern = "cd|abcd|ab",
        .summary = "the image wraps around to its opposite side",
    },
    {
        .name = "uneven",
        .border = CONV_UNEVEN,
        .pattern = "cb|abcd|dc",
        .summary = "mirrored; the last sample is repeated: FFmpeg's",
    },
    {
        .name = "zero",
        .border = CONV_CONSTANT,
        .aliases = {"same", "zeros"},
        .pattern = "00|abcd|00",
        .summary = "zeros",
    },
    {
        .name = "constant",
        .border = CONV_CONSTANT,
        .takes_value = true,
        .pattern = "vv|abcd|vv",
        .summary = "the value v, given as constant=v",
    },
    {
        .name = "keep",
        .border = CONV_REPLICATE,
        .keep = true,
        .pattern = "|abcd|",
        .summary = "pixels whose window reaches beyond are copied",
    },
    {
        .name = "valid",
        .border = CONV_CONSTANT,
        .valid = true,
        .aliases = {"none"},
        .pattern = "|abcd|",
        .summary = "no padding: only where the whole kernel fits",
    },
};

const padding_def *padding_def_at(size_t i) {
    return i < sizeof paddings / sizeof paddings[0] ? &paddings[i] : NULL;
}

static bool is_called(const char *known, const char *name, size_t length) {
    return strlen(known) == length && memcmp(known, name, length) == 0;
}

const padding_def *padding_def_find(const char *name, size_t length) {
    const padding_def *def;
    for (size_t i = 0; (def = padding_def_at(i)); i++) {
        bool found = is_called(def->name, name, length);
        for (size_t k = 0; k < MAX_ALIASES && def->aliases[k]; k++) {
            found = found || is_called(def->aliases[k], name, length);
        }
        if (found) {
            return def;
        }
    }
    return NULL;
}

/* The names, then the other names. */
static const char *name_at(const void *unused, size_t i) {
    (void)unused;
    const size_t count = sizeof paddings / sizeof *paddings;
    if (i < count) {
        return paddings[i].name;
    }
    i -= count;
    for (size_t k = 0; k < count; k++) {
        for (size_t alias = 0; alias < MAX_ALIASES && paddings[k].aliases[alias]; alias++) {
            if (i-- == 0) {
                return paddings[k].aliases[alias];
            }
        }
    }
    return NULL;
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
    const padding_def *def = padding_def_find(text, length);
    if (!def) {
        return unknown(text, length, err);
    }
    out->border = def->border;
    out->valid = def->valid;
    out->keep = def->keep;
    out->number = 0;
    const char *rest = text + length;
    if (def->takes_value != (*rest == '=')) {
        return def->takes_value
                   ? ct_fail(err, "%s needs a value, as in padding=%s=128", def->name, def->name)
                   : ct_fail(err, "%s takes no value", def->name);
    }
    if (def->takes_value) {
        const size_t n = strcspn(rest + 1, ":");
        if (!ct_parse_number(rest + 1, n, &out->number)) {
            return ct_fail_number(err, rest + 1, n) || ct_fail_at(err, "constant: ");
        }
        rest += 1 + n;
    }
    if (*rest == ':') {
        static const argument_def size = {.kind = ARGUMENT_SIZE, .high = CONV_MAX_STEP};
        if (def->valid) {
            return ct_fail(err, "%s takes no size, as it adds nothing", def->name);
        }
        out->sized = true;
        return read_size(&size, rest + 1, out, err);
    }
    return true;
}
