#include "filter/like.h"

#include <stdio.h>
#include <string.h>

#include "filter/like_fill.h"
#include "filter/like_row.h"
#include "filter/paddings.h"

/* ---- libraries ---- */

const char *filter_library_at(const void *unused, size_t i) {
    (void)unused;
    const char *last = "";
    const like_def *def;
    for (size_t k = 0; (def = like_def_at(k)); k++) {
        if (strcmp(def->library, last) != 0 && i-- == 0) {
            return def->library;
        }
        last = def->library;
    }
    return NULL;
}

bool filter_library_check(const char *library, ct_error *err) {
    ct_text names = {0};
    bool ok = true;
    for (size_t i = 0; filter_library_at(NULL, i); i++) {
        if (strcmp(filter_library_at(NULL, i), library) == 0) {
            ct_text_free(&names);
            return true;
        }
        ok = ok && ct_text_print(&names, "%s%s", i ? ", " : "", filter_library_at(NULL, i));
    }
    const char *near = ct_nearest(library, filter_library_at, NULL);
    !ok    ? ct_fail(err, "out of memory")
    : near ? ct_fail(err, "unknown library '%s'; did you mean '%s'?", library, near)
           : ct_fail(err, "unknown library '%s'; expected one of %s", library, names.bytes);
    ct_text_free(&names);
    return false;
}

/* ---- its window ---- */

static const argument *given_window(const filter_chain *chain, const chain_stage *stage,
                                    window_argument which) {
    const argument *own = &stage->window[which], *usual = &chain->defaults[which];
    return own->given ? own : usual->given ? usual : NULL;
}

/* Whether `name` is a word of `list`, where blanks are between them. */
static bool has_word(const char *list, const char *name) {
    const size_t length = strlen(name);
    for (size_t word; *list; list += word + (list[word] == ' ')) {
        word = strcspn(list, " ");
        if (word == length && memcmp(list, name, length) == 0) {
            return true;
        }
    }
    return false;
}

static const char *padding_name(const argument *padding) {
    const padding_def *def;
    for (size_t i = 0; (def = padding_def_at(i)); i++) {
        if (def->border == padding->border && def->valid == padding->valid &&
            def->keep == padding->keep && def->takes_value == (padding->number != 0)) {
            return def->name;
        }
    }
    return "";
}

static bool add_padding(const like_def *def, const argument *padding, ct_text *out, ct_error *err) {
    const int first = (int)strcspn(def->paddings, " ");
    if (!padding) {
        return ct_text_print(out, ":padding=%.*s", first, def->paddings) ||
               ct_fail(err, "out of memory");
    }
    const char *name = padding_name(padding);
    if (!has_word(def->paddings, name)) {
        return ct_fail(err, "--like %s: %s has no padding=%s; it has %s", def->library,
                       def->function, name, def->paddings);
    }
    const bool ok = ct_text_print(out, ":padding=%s", name) &&
                    (padding->number == 0 || ct_text_print(out, "=%.9g", padding->number));
    return ok || ct_fail(err, "out of memory");
}

/* Whether the function has the arguments given to the window; appends those. */
static bool add_window(const filter_chain *chain, const chain_stage *stage, const like_def *def,
                       ct_text *out, ct_error *err) {
    const argument *padding = given_window(chain, stage, WINDOW_PADDING);
    if (padding && padding->sized && !(def->window & LIKE_PAD)) {
        return ct_fail(err, "--like %s: %s keeps the size; leave out the padding's", def->library,
                       def->function);
    }
    bool ok = add_padding(def, padding, out, err);
    if (ok && padding && padding->sized && !stage->window[WINDOW_PAD].given) {
        ok = ct_text_print(out, ":pad=%dx%d", padding->x, padding->y) ||
             ct_fail(err, "out of memory");
    }
    for (window_argument i = WINDOW_PAD; ok && i < WINDOW_ARGUMENTS; i++) {
        const argument *value = given_window(chain, stage, i);
        if (!value) {
            continue;
        }
        if (!(def->window >> i & 1)) {
            return ct_fail(err, "--like %s: %s has no %s", def->library, def->function,
                           window_arguments[i].name);
        }
        ok = (i == WINDOW_FLIP ? ct_text_print(out, ":flip=%s", value->choice ? "yes" : "no")
                               : ct_text_print(out, ":%s=%dx%d", window_arguments[i].name, value->x,
                                               value->y)) ||
             ct_fail(err, "out of memory");
    }
    return ok;
}

/* Whether the library puts the cell size / 2 on the output pixel. */
static bool is_centred(const filter_chain *chain, const chain_stage *stage, const char *library) {
    const argument *flip = given_window(chain, stage, WINDOW_FLIP);
    const bool own = given_window(chain, stage, WINDOW_ANCHOR) ||
                     (stage->kernel && stage->kernel->anchor_x >= 0);
    const bool library_does = strcmp(library, "opencv") == 0 || strcmp(library, "scipy") == 0;
    return library_does && !own && !(flip && flip->choice);
}

/* Whether it's arithmetic that leaves no choice; of whole images, or between samples, it isn't. */
static bool is_plain(const chain_stage *stage) {
    switch (stage->def->kind) {
    case STAGE_RESIZE:
    case STAGE_NORMALIZE:
        return false;
    case STAGE_THRESHOLD:
        return !stage->own[0].word; /* not Otsu's */
    default:
        return true;
    }
}

bool like_rewrite(const filter_chain *chain, const char *like, const chain_stage *stage,
                  ct_text *out, ct_error *err) {
    const bool window = stage->def->windowed;
    if (!window && stage->def->kind != STAGE_POOL) {
        return is_plain(stage) ||
               ct_fail(err, "--like %s: the library's numbers are others; run this stage by itself",
                       like);
    }
    ct_text arguments = {0};
    const like_def *def = like_row(like, stage, err);
    bool ok = def && (!window || add_window(chain, stage, def, &arguments, err));
    if (ok && def->becomes) {
        ok = like_fill(stage, def->becomes, arguments.bytes ? arguments.bytes : "",
                       is_centred(chain, stage, like), out) ||
             ct_fail(err, "out of memory");
    }
    ct_text_free(&arguments);
    return ok;
}
