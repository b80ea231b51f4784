#include "filter/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "filter/paddings.h"
#include "filter/sizes.h"
#include "filter/usage.h"

void argument_free(argument *a) {
    free(a->text);
    a->text = NULL;
}

static bool read_odd(const argument_def *def, const char *text, argument *out) {
    return read_whole(def, text, strlen(text), &out->x) && out->x % 2 == 1;
}

static bool read_auto_size(const argument_def *def, const char *text, argument *out,
                           ct_error *err) {
    if (strcmp(text, "auto") == 0) {
        out->x = out->y = 0;
        return true;
    }
    return (read_size(def, text, out, err) && out->x % 2 == 1 && out->y % 2 == 1) ||
           ct_fail(err, "expected auto or odd numbers N or WxH up to %g, got '%s'", def->high,
                   text);
}

static bool read_pool_size(const argument_def *def, const char *text, argument *out,
                           ct_error *err) {
    if (strcmp(text, "all") == 0) {
        out->x = out->y = 0;
        return true;
    }
    return read_size(def, text, out, err) ||
           ct_fail(err, "expected N or WxH, each from %g to %g, or all, got '%s'", def->low,
                   def->high, text);
}

static bool read_anchor(const argument_def *def, const char *text, argument *out, ct_error *err) {
    /* Within a chain the comma would need a backslash, so x is accepted too. */
    const char *comma = strpbrk(text, ",x");
    if (!comma || !read_whole(def, text, (size_t)(comma - text), &out->x) ||
        !read_whole(def, comma + 1, strlen(comma + 1), &out->y)) {
        return ct_fail(err, "expected X,Y (XxY in a chain), a kernel cell counted from 0, got '%s'",
                       text);
    }
    return true;
}

static bool read_choice(const argument_def *def, const char *text, argument *out, ct_error *err) {
    for (int i = 0; def->choices[i].name; i++) {
        if (strcmp(def->choices[i].name, text) == 0) {
            out->choice = i;
            return true;
        }
    }
    char expected[FILTER_USAGE];
    usage_of_choices(def, expected);
    return ct_fail(err, "expected %s, got '%s'", expected, text);
}

static bool read_number(const argument_def *def, const char *text, argument *out, ct_error *err) {
    if (!ct_parse_number(text, strlen(text), &out->number)) {
        return ct_fail_number(err, text, strlen(text));
    }
    if (out->number < def->low || out->number > def->high) {
        return ct_fail(err, "expected a number from %.10g to %.10g, got '%s'", def->low, def->high,
                       text);
    }
    return true;
}

static bool read_level(const argument_def *def, const char *text, argument *out, ct_error *err) {
    const size_t length = strlen(text);
    for (int i = 0; def->choices && def->choices[i].name; i++) {
        if (strcmp(def->choices[i].name, text) == 0) {
            out->choice = i;
            out->word = true;
            return true;
        }
    }
    out->percent = length > 0 && text[length - 1] == '%';
    if (!ct_parse_number(text, length - out->percent, &out->number)) {
        return def->choices
                   ? ct_fail(err,
                             "expected a number, a percentage of white, as in 25%%, or %s, got "
                             "'%s'",
                             def->choices[0].name, text)
                   : ct_fail(err,
                             "expected a number or a percentage of white, as in 25%%, got '%s'",
                             text);
    }
    if (out->number < def->low || out->number > def->high) {
        return ct_fail(err, "expected a number from %.10g to %.10g, got '%s'", def->low, def->high,
                       text);
    }
    out->number /= out->percent ? 100 : 1;
    return true;
}

bool argument_read(const argument_def *def, const char *text, argument *out, ct_error *err) {
    out->given = true;
    switch (def->kind) {
    case ARGUMENT_NUMBER:
        return read_number(def, text, out, err);
    case ARGUMENT_LEVEL:
        return read_level(def, text, out, err);
    case ARGUMENT_INTEGER:
        return read_whole(def, text, strlen(text), &out->x) ||
               ct_fail(err, "expected a whole number from %.10g to %.10g, got '%s'", def->low,
                       def->high, text);
    case ARGUMENT_SIZE:
        return read_size(def, text, out, err);
    case ARGUMENT_POOL_SIZE:
        return read_pool_size(def, text, out, err);
    case ARGUMENT_ODD:
        return read_odd(def, text, out) ||
               ct_fail(err, "expected an odd number from %g to %g, got '%s'", def->low, def->high,
                       text);
    case ARGUMENT_ODD_SIZE:
        return (read_size(def, text, out, err) && out->x % 2 == 1 && out->y % 2 == 1) ||
               ct_fail(err, "expected odd numbers N or WxH, each from %g to %g, got '%s'", def->low,
                       def->high, text);
    case ARGUMENT_AUTO_SIZE:
        return read_auto_size(def, text, out, err);
    case ARGUMENT_CHOICE:
        return read_choice(def, text, out, err);
    case ARGUMENT_ANCHOR:
        return read_anchor(def, text, out, err);
    case ARGUMENT_PADDING:
        return padding_read(text, out, err);
    case ARGUMENT_EXTENT:
        return read_extent(def, text, out, err);
    case ARGUMENT_KERNEL:
    case ARGUMENT_BANK:
    case ARGUMENT_NUMBERS:
    case ARGUMENT_FILE:
    case ARGUMENT_TEXT:
        out->text = strdup(text);
        return out->text || ct_fail(err, "out of memory");
    case ARGUMENT_NONE:
        break;
    }
    return ct_fail(err, "takes no value");
}
