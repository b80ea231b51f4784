#include "app/run/template.h"

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
enum { DIR, STEM, EXT, N, MAP, PLACEHOLDERS };
static const char *const names[PLACEHOLDERS + 1] = {
    [DIR] = "dir", [STEM] = "stem", [EXT] = "ext", [N] = "n", [MAP] = "map"};

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

/* The width of {n:0WIDTH} and {map:0WIDTH}, whose zeros make names sort as numbers do; 1 without.
 */
static bool parse_width(const char *name, size_t length, size_t own, int *width, ct_error *err) {
    long digits = 1;
    const bool given = length > own;
    if (given && (length < own + 3 || name[own + 1] != '0' ||
                  !ct_parse_int(name + own + 2, length - own - 2, 1, MOST_DIGITS, &digits))) {
        return ct_fail(err,
                       "'{%.*s}': expected a zero and a width from 1 to %d after the colon, as in "
                       "{%.*s:04}",
                       length < 32 ? (int)length : 32, name, MOST_DIGITS, (int)own, name);
    }
    *width = (int)digits;
    return true;
}

static bool add_number(ct_text *out, const char *name, size_t length, int which,
                       const app_named *named, ct_error *err) {
    int width = 1;
    if (!parse_width(name, length, strlen(names[which]), &width, err)) {
        return false;
    }
    const bool ok = which == N        ? ct_text_print(out, "%0*zu", width, named->n)
                    : named->map >= 0 ? ct_text_print(out, "%0*d", width, named->map)
                                      : ct_text_print(out, "{%.*s}", (int)length, name);
    return ok || ct_fail(err, "out of memory");
}

static bool fail_unknown(const char *name, size_t length, ct_error *err) {
    char text[32];
    const size_t kept = length < sizeof text - 1 ? length : sizeof text - 1;
    memcpy(text, name, kept);
    text[kept] = '\0';
    const char *near = ct_nearest(text, ct_listed_name_at, names);
    return near ? ct_fail(err, "unknown placeholder '{%s}'; did you mean '{%s}'?", text, near)
                : ct_fail(err,
                          "unknown placeholder '{%s}'; expected {dir}, {stem}, {ext}, {n}, "
                          "{n:04} or {map}, or {{ for a brace",
                          text);
}

/* Which placeholder it is; a number may have a width behind a colon. */
static int find_placeholder(const char *name, size_t length) {
    const char *colon = memchr(name, ':', length);
    const size_t own = colon ? (size_t)(colon - name) : length;
    int which = 0;
    while (which < PLACEHOLDERS &&
           (strlen(names[which]) != own || memcmp(name, names[which], own) != 0)) {
        which++;
    }
    return colon && which != N && which != MAP ? PLACEHOLDERS : which;
}

static bool add_placeholder(ct_text *out, const char *name, size_t length, const piece *pieces,
                            const app_named *named, ct_error *err) {
    const int which = find_placeholder(name, length);
    if (which == PLACEHOLDERS) {
        return fail_unknown(name, length, err);
    }
    if (which == N || which == MAP) {
        return add_number(out, name, length, which, named, err);
    }
    return ct_text_add(out, pieces[which].text, pieces[which].length) ||
           ct_fail(err, "out of memory");
}

bool app_template_has_map(const char *text) {
    while ((text = strchr(text, '{'))) {
        const size_t length = strcspn(text + 1, "}");
        if (text[1] != '{' && find_placeholder(text + 1, length) == MAP) {
            return true;
        }
        text += text[1] == '{' ? 2 : 1;
    }
    return false;
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
            if (!add_placeholder(&out, text + 1, length, pieces, named, err)) {
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
