#include "app/run/template.h"

#include <stdbool.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

enum { MOST_DIGITS = 19 };

/* What a placeholder stands for: a piece of the input's path; the number stands for itself. */
typedef struct piece {
    const char *text;
    size_t length;
} piece;

/* To add one: a name, and a case in take_apart. */
enum { DIR, STEM, EXT, N, PLACEHOLDERS };
static const char *const names[PLACEHOLDERS + 1] = {
    [DIR] = "dir", [STEM] = "stem", [EXT] = "ext", [N] = "n"};

static void take_apart(const app_named *named, piece pieces[PLACEHOLDERS]) {
    const char *input = named->input + named->root;
    if (strcmp(input, "-") == 0) {
        input = "stdin";
    }
    const char *slash = strrchr(input, '/'), *stem = slash ? slash + 1 : input;
    const char *own = ct_extension(stem), *ext = named->ext ? named->ext : own ? own : "";
    pieces[DIR] =
        (piece){slash ? input : ".", !slash || slash == input ? 1 : (size_t)(slash - input)};
    pieces[STEM] = (piece){stem, own ? (size_t)(own - 1 - stem) : strlen(stem)};
    pieces[EXT] = (piece){ext, named->ext ? strcspn(ext, " ") : strlen(ext)};
}

/* {n:0WIDTH}: the number with zeros before it, so that names sort as numbers do. */
static bool add_padded(ct_text *out, const char *name, size_t length, size_t n, ct_error *err) {
    long width;
    if (length < 4 || name[2] != '0' ||
        !ct_parse_int(name + 3, length - 3, 1, MOST_DIGITS, &width)) {
        return ct_fail(err,
                       "'{%.*s}': expected a zero and a width from 1 to %d after the colon, as in "
                       "{n:04}",
                       length < 32 ? (int)length : 32, name, MOST_DIGITS);
    }
    return ct_text_print(out, "%0*zu", (int)width, n) || ct_fail(err, "out of memory");
}

static bool fail_unknown(const char *name, size_t length, ct_error *err) {
    char text[32];
    const size_t kept = length < sizeof text - 1 ? length : sizeof text - 1;
    memcpy(text, name, kept);
    text[kept] = '\0';
    const char *near = ct_nearest(text, ct_listed_name_at, names);
    return near ? ct_fail(err, "unknown placeholder '{%s}'; did you mean '{%s}'?", text, near)
                : ct_fail(err,
                          "unknown placeholder '{%s}'; expected {dir}, {stem}, {ext}, {n} or "
                          "{n:04}, or {{ for a brace",
                          text);
}

static bool add_placeholder(ct_text *out, const char *name, size_t length, const piece *pieces,
                            size_t n, ct_error *err) {
    int which = 0;
    if (length > 1 && name[0] == 'n' && name[1] == ':') {
        return add_padded(out, name, length, n, err);
    }
    while (which < PLACEHOLDERS &&
           (strlen(names[which]) != length || memcmp(name, names[which], length) != 0)) {
        which++;
    }
    if (which == PLACEHOLDERS) {
        return fail_unknown(name, length, err);
    }
    return (which == N ? ct_text_print(out, "%zu", n)
                       : ct_text_add(out, pieces[which].text, pieces[which].length)) ||
           ct_fail(err, "out of memory");
}

char *app_template(const char *text, const app_named *named, ct_error *err) {
    ct_text out = {0};
    piece pieces[PLACEHOLDERS];
    take_apart(named, pieces);
    while (*text) {
        size_t plain = strcspn(text, "{");
        if (!ct_text_add(&out, text, plain)) {
            ct_fail(err, "out of memory");
            goto failed;
        }
        text += plain;
        if (text[0] == '{' && text[1] == '{') {
            if (!ct_text_add(&out, "{", 1)) {
                ct_fail(err, "out of memory");
                goto failed;
            }
            text += 2;
        } else if (*text) {
            size_t length = strcspn(text + 1, "}");
            if (text[1 + length] == '\0') {
                ct_fail(err, "a '{' without a '}'; write {{ for a brace");
                goto failed;
            }
            if (!add_placeholder(&out, text + 1, length, pieces, named->n, err)) {
                goto failed;
            }
            text += length + 2;
        }
    }
    return out.bytes;
failed:
    ct_text_free(&out);
    return NULL;
}
