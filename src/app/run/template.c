#include "app/run/template.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static const char *const names[] = {"dir", "stem", "ext", "n", NULL};

/* An input's path in pieces. */
typedef struct pieces {
    const char *dir, *stem, *ext;
    size_t dir_length, stem_length, ext_length;
} pieces;

static pieces take_apart(const char *input) {
    pieces p = {0};
    if (strcmp(input, "-") == 0) {
        input = "stdin";
    }
    const char *slash = strrchr(input, '/');
    p.dir = slash ? input : ".";
    p.dir_length = !slash || slash == input ? 1 : (size_t)(slash - input);
    p.stem = slash ? slash + 1 : input;
    const char *dot = strrchr(p.stem, '.');
    bool has_ext = dot && dot != p.stem; /* ".profile" is all stem */
    p.stem_length = has_ext ? (size_t)(dot - p.stem) : strlen(p.stem);
    p.ext = has_ext ? dot + 1 : "";
    p.ext_length = strlen(p.ext);
    return p;
}

static bool add_placeholder(ct_text *out, const char *name, size_t length, const pieces *p,
                            size_t n, ct_error *err) {
    bool ok;
    if (length == 3 && memcmp(name, "dir", 3) == 0) {
        ok = ct_text_add(out, p->dir, p->dir_length);
    } else if (length == 4 && memcmp(name, "stem", 4) == 0) {
        ok = ct_text_add(out, p->stem, p->stem_length);
    } else if (length == 3 && memcmp(name, "ext", 3) == 0) {
        ok = ct_text_add(out, p->ext, p->ext_length);
    } else if (length == 1 && name[0] == 'n') {
        ok = ct_text_print(out, "%zu", n);
    } else {
        char text[32];
        size_t kept = length < sizeof text - 1 ? length : sizeof text - 1;
        memcpy(text, name, kept);
        text[kept] = '\0';
        const char *near = ct_nearest(text, ct_listed_name_at, names);
        return near ? ct_fail(err, "unknown placeholder '{%s}'; did you mean '{%s}'?", text, near)
                    : ct_fail(err,
                              "unknown placeholder '{%s}'; expected {dir}, {stem}, {ext} or "
                              "{n}, or {{ for a brace",
                              text);
    }
    return ok || ct_fail(err, "out of memory");
}

char *app_template(const char *text, const char *input, size_t n, const char *ext, ct_error *err) {
    ct_text out = {0};
    pieces p = take_apart(input);
    if (ext) {
        p.ext = ext;
        p.ext_length = strcspn(ext, " ");
    }
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
            if (!add_placeholder(&out, text + 1, length, &p, n, err)) {
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
