#include "filter/like_row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "filter/like_fill.h"

/* ---- which row ---- */

/* Whether the text is one of the words that `list` has between '|'. */
static bool is_listed(const char *text, const char *list, size_t length) {
    const size_t own = strlen(text);
    for (const char *end = list + length; list < end;) {
        const char *bar = memchr(list, '|', (size_t)(end - list));
        const size_t word = (size_t)((bar ? bar : end) - list);
        if (word == own && memcmp(list, text, own) == 0) {
            return true;
        }
        list += word + 1;
    }
    return false;
}

/* Whether a library of whole kernels and one divisor can have it. */
static bool is_whole(const filter_kernel *kernel) {
    bool whole = true;
    for (int i = 0; i < kernel->width * kernel->height; i++) {
        const double number = kernel->weights[i] * kernel->divisor;
        whole = whole && fabs(number - rint(number)) < 1e-9 * (1 + fabs(number));
    }
    return whole;
}

/* Whether dividing by the sum, unless it's 0, leaves whole numbers as the kernel has them. */
static bool is_by_sum(const filter_kernel *kernel) {
    double sum = 0;
    bool whole = true;
    for (int i = 0; i < kernel->width * kernel->height; i++) {
        sum += kernel->weights[i];
        whole = whole && kernel->weights[i] == rint(kernel->weights[i]);
    }
    return fabs(sum - 1) < 1e-9 || (sum == 0 && whole);
}

static bool holds(const chain_stage *stage, const char *word, size_t length) {
    int width, height;
    char text[LIKE_VALUE];
    const char *equals = memchr(word, '=', length);
    like_cells(stage, &width, &height);
    if (!equals) {
        snprintf(text, sizeof text, "%d", width);
        return is_listed("square", word, length)  ? width == height
               : is_listed("odd", word, length)   ? width % 2 == 1 && height % 2 == 1
               : is_listed("whole", word, length) ? is_whole(stage->kernel)
               : is_listed("by_sum", word, length)
                   ? is_by_sum(stage->kernel)
                   : width == height && is_listed(text, word, length);
    }
    for (size_t i = 0; stage->def->arguments[i].kind; i++) {
        const char *name = stage->def->arguments[i].name;
        if (strlen(name) == (size_t)(equals - word) &&
            memcmp(name, word, (size_t)(equals - word)) == 0) {
            return is_listed(like_value(stage, i, text), equals + 1,
                             length - (size_t)(equals + 1 - word));
        }
    }
    return false;
}

static bool fits(const chain_stage *stage, const char *when) {
    bool all = true;
    for (size_t length; all && *when; when += length + (when[length] == ' ')) {
        length = strcspn(when, " ");
        all = holds(stage, when, length);
    }
    return all;
}

/* Appends what a row asks for, in words. */
static bool add_when(const char *when, ct_text *out) {
    static const char *const words[][2] = {{"square", "a square window"},
                                           {"odd", "an odd size"},
                                           {"3", "a kernel of 3x3"},
                                           {"3|5", "a kernel of 3x3 or 5x5"},
                                           {"3|5|7", "a kernel of 3x3, 5x5 or 7x7"},
                                           {"whole", "whole numbers, or all divided by one"},
                                           {"by_sum", "a sum of 1, by which it divides, or "
                                                      "whole numbers of sum 0"}};
    bool ok = true;
    const char *comma = "";
    for (size_t length; ok && *when; when += length + (when[length] == ' '), comma = ", ") {
        length = strcspn(when, " ");
        const char *text = when;
        size_t size = length;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (strlen(words[i][0]) == length && memcmp(words[i][0], when, length) == 0) {
                text = words[i][1];
                size = strlen(text);
            }
        }
        ok = ct_text_print(out, "%s%.*s", comma, (int)size, text);
    }
    return ok;
}

/* Appends the library's stages, each once: "sobel, scharr". */
static bool add_stages(const char *library, ct_text *out) {
    const char *last = "";
    bool ok = true;
    const like_def *def;
    for (size_t i = 0; ok && (def = like_def_at(i)); i++) {
        if (strcmp(def->library, library) == 0 && strcmp(def->stage, last) != 0) {
            ok = ct_text_print(out, "%s%s", *last ? ", " : "", def->stage);
            last = def->stage;
        }
    }
    return ok;
}

/* The row for the stage, or NULL with an error. */
static const like_def *find_row(const char *library, const chain_stage *stage, ct_error *err) {
    ct_text known = {0}, needed = {0};
    const like_def *def;
    bool ok = true;
    for (size_t i = 0; ok && (def = like_def_at(i)); i++) {
        if (strcmp(def->library, library) != 0 || strcmp(def->stage, stage->def->name) != 0) {
            continue;
        }
        if (fits(stage, def->when)) {
            ct_text_free(&needed);
            return def;
        }
        ok = ct_text_print(&needed, "%s%s needs ", needed.length ? "; " : "", def->function) &&
             add_when(def->when, &needed);
    }
    if (needed.length) {
        ct_fail(err, "--like %s: %s", library, needed.bytes);
    } else if (ok && add_stages(library, &known)) {
        ct_fail(err, "--like %s has no %s; it knows %s", library, stage->def->name, known.bytes);
    } else {
        ct_fail(err, "out of memory");
    }
    ct_text_free(&known);
    ct_text_free(&needed);
    return NULL;
}

/* ---- its arguments ---- */

/* Whether the row asks for the argument's value, or it is in what the stage becomes: itself, or by
 * what follows from it. */
static bool is_used(const like_def *def, const argument_def *one, const char *value) {
    static const char *const follow[][2] = {{"size", "{reach"},
                                            {"size", "{width}"},
                                            {"kernel", "{upside_down}"},
                                            {"sigma", "{pass_x}"}};
    char asked[32], put[32], fixed[LIKE_VALUE + 1];
    snprintf(asked, sizeof asked, "%s=", one->name);
    snprintf(put, sizeof put, "{%s}", one->name);
    snprintf(fixed, sizeof fixed, ":%s", value);
    bool used = strstr(def->when, asked) || strstr(def->becomes, put) ||
                strstr(def->becomes, "{own}") ||
                (one->kind == ARGUMENT_CHOICE && strstr(def->becomes, fixed));
    for (size_t i = 0; i < sizeof follow / sizeof follow[0]; i++) {
        used = used || (strcmp(follow[i][0], one->name) == 0 && strstr(def->becomes, follow[i][1]));
    }
    return used;
}

/* Whether the function has all that is given, unless it's what would be there anyway. */
static bool check_arguments(const chain_stage *stage, const like_def *def, ct_error *err) {
    char text[LIKE_VALUE];
    for (size_t i = 0; def->becomes && stage->def->arguments[i].kind; i++) {
        const argument_def *one = &stage->def->arguments[i];
        const char *value = stage->own[i].given ? like_value(stage, i, text) : NULL;
        const bool usual = !value || (one->fallback && strcmp(value, one->fallback) == 0);
        if (!usual && !is_used(def, one, value)) {
            return ct_fail(err, "--like %s: %s has no %s", def->library, def->function, one->name);
        }
    }
    return true;
}

const like_def *like_row(const char *library, const chain_stage *stage, ct_error *err) {
    const like_def *def = find_row(library, stage, err);
    return def && check_arguments(stage, def, err) ? def : NULL;
}
