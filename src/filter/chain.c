/* The text of a chain, split at its commas, and its defaults. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "filter/arguments.h"
#include "filter/like.h"
#include "filter/stage_read.h"

enum { FIRST_STAGES = 8, MOST_COMMAS = 8 };

/* Whether the text is a stage by itself. */
static bool is_stage(const filter_chain *chain, const char *text) {
    chain_stage stage = {.text = strdup(text)};
    ct_error unused;
    const bool ok = stage.text && stage_read(chain, &stage, &unused);
    stage_free(&stage);
    return ok;
}

/* What a comma may have been typed for. */
static const struct {
    char sign;
    const char *rule;
} meant[] = {
    {'.', "decimal numbers take a point"},
    {'x', "sizes are written with an x"},
    {':', "arguments follow a colon"},
};

/* Tries the stage before and `text` joined by a sign; false where that isn't a stage. */
static bool suggest_joined(const filter_chain *chain, const char *text, size_t sign,
                           ct_error *err) {
    ct_text joined = {0};
    const bool found = ct_text_print(&joined, "%s%c%s", chain->stages[chain->count - 1].text,
                                     meant[sign].sign, text) &&
                       is_stage(chain, joined.bytes);
    if (found) {
        ct_fail(err, "unknown filter '%.*s'; %s: did you mean '%s'?", (int)strcspn(text, ":"), text,
                meant[sign].rule, joined.bytes);
    }
    ct_text_free(&joined);
    return found;
}

/* `text` isn't a filter: where it continues the stage before, the comma was meant as something
 * else. */
static void explain_comma(const filter_chain *chain, const char *text, ct_error *err) {
    const chain_stage *before = &chain->stages[chain->count - 1];
    const char last = before->text[strlen(before->text) - 1];
    if (text[strcspn(text, ":=")] == '=') {
        suggest_joined(chain, text, 2, err);
    } else if (strchr("0123456789", last) && strchr("0123456789", text[0])) {
        if (before->def->kind == STAGE_CONV) {
            ct_fail(
                err,
                "unknown filter '%.*s'; a comma ends a stage, so give a kernel's numbers with -k",
                (int)strcspn(text, ":"), text);
        } else if (before->def->kind == STAGE_CROP) {
            ct_fail(err, "unknown filter '%.*s'; a crop is written crop:WxH:X:Y, as in %s",
                    (int)strcspn(text, ":"), text, before->def->example);
        } else if (!suggest_joined(chain, text, 0, err)) {
            suggest_joined(chain, text, 1, err);
        }
    }
}

/* The stage's name isn't a filter, but begins with one: 'gaussian 2', 'gaussian=2' and
 * 'gaussian(2)' were meant as gaussian:2. */
static void explain_argument(const filter_chain *chain, const char *text, ct_error *err) {
    const size_t name = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    const char *from = text + name + strspn(text + name, " =(");
    const size_t length = strcspn(from, ")");
    ct_text meant_text = {0};
    const bool whole = !strchr(text, '(') || from[length]; /* a comma may have cut it */
    if (whole && from > text + name && ct_text_add(&meant_text, text, name) &&
        ct_text_print(&meant_text, ":%.*s", (int)length, from)) {
        for (char *blank; (blank = strchr(meant_text.bytes, ' '));) {
            *blank = ':';
        }
        if (is_stage(chain, meant_text.bytes)) {
            ct_fail(err, "unknown filter '%s'; arguments follow a colon: did you mean '%s'?", text,
                    meant_text.bytes);
        }
    }
    ct_text_free(&meant_text);
}

/* A kernel isn't there, but would be with a few commas and what follows them in its file's name. */
static void explain_file(const filter_chain *chain, const char *text, const char *rest,
                         ct_error *err) {
    ct_text joined = {0};
    bool ok = ct_text_print(&joined, "%s", text), found = false;
    for (int commas = 0; ok && !found && *rest == ',' && commas < MOST_COMMAS; commas++) {
        const size_t length = text_piece(rest + 1, ',');
        ok = ct_text_print(&joined, "\\,") && ct_text_add(&joined, rest + 1, length);
        found = ok && is_stage(chain, joined.bytes);
        rest += 1 + length;
    }
    if (found) {
        ct_fail(err,
                "%s: a comma ends a stage; in a file's name write \\, instead: did you mean '%s'?",
                text, joined.bytes);
    }
    ct_text_free(&joined);
}

static bool make_room(filter_chain *chain) {
    if (chain->count < chain->capacity) {
        return true;
    }
    const size_t capacity = chain->capacity ? 2 * chain->capacity : FIRST_STAGES;
    chain_stage *stages = realloc(chain->stages, capacity * sizeof *stages);
    if (!stages) {
        return false;
    }
    chain->stages = stages;
    chain->capacity = capacity;
    return true;
}

static bool append_stages(filter_chain *chain, const char *text, const char *like, ct_error *err);

/* Keeps the stage, or appends what --like makes of it, and frees it. */
static bool keep_stage(filter_chain *chain, chain_stage *stage, const char *like, ct_error *err) {
    ct_text rewritten = {0};
    if (like && !like_rewrite(chain, like, stage, &rewritten, err)) {
        ct_text_free(&rewritten);
        return ct_fail_at(err, "%s: ", stage->text);
    }
    if (!rewritten.bytes) {
        stage->plain_alpha = chain->like != NULL;
        chain->stages[chain->count++] = *stage;
        *stage = (chain_stage){0};
        return true;
    }
    const bool ok = append_stages(chain, rewritten.bytes, NULL, err);
    ct_text_free(&rewritten);
    stage_free(stage);
    *stage = (chain_stage){0};
    return ok;
}

bool filter_append(filter_chain *chain, const char *text, ct_error *err) {
    return append_stages(chain, text, chain->like, err);
}

static bool append_stages(filter_chain *chain, const char *text, const char *like, ct_error *err) {
    for (bool first = true;; first = false) {
        const char *rest;
        const size_t length = text_stage(&text, &rest);
        if (length == 0) {
            return ct_fail(err, chain->count || text[0]
                                    ? "the chain has an empty stage; remove the extra comma"
                                    : "the chain is empty; see 'convtool list'");
        }
        if (!make_room(chain)) {
            return ct_fail(err, "out of memory");
        }
        chain_stage stage = {.text = strndup(text, length)};
        if (!stage.text) {
            return ct_fail(err, "out of memory");
        }
        if (!stage_read(chain, &stage, err)) {
            if (!stage.def) {
                explain_argument(chain, stage.text, err);
            } else if (stage.def->kind == STAGE_CONV) {
                explain_file(chain, stage.text, rest, err);
            }
            if (!stage.def && !first) {
                explain_comma(chain, stage.text, err);
            }
            stage_free(&stage);
            return false;
        }
        if (takes_default_kernel(&stage)) {
            if (chain->kernel_taken) {
                stage.kernel->warning[0] = '\0'; /* once is enough */
            }
            chain->kernel_taken = true;
        }
        if (!keep_stage(chain, &stage, like, err)) {
            stage_free(&stage);
            return false;
        }
        if (!*rest) {
            return true;
        }
        text = rest + 1;
    }
}

static bool read_default(filter_chain *chain, window_argument which, const char *text,
                         ct_error *err) {
    const argument_def *def = &window_arguments[which];
    return !text || argument_read(def, text, &chain->defaults[which], err) ||
           ct_fail_at(err, "--%s: ", def->name);
}

static bool read_defaults(filter_chain *chain, const filter_defaults *defaults, ct_error *err) {
    chain->loader = defaults->loader;
    chain->like = defaults->like;
    if (defaults->flip) {
        chain->defaults[WINDOW_FLIP] = (argument){.given = true, .choice = 1};
    }
    if (defaults->kernel && !(chain->kernel = strdup(defaults->kernel))) {
        return ct_fail(err, "out of memory");
    }
    return read_default(chain, WINDOW_PADDING, defaults->padding, err) &&
           read_default(chain, WINDOW_STRIDE, defaults->stride, err) &&
           read_default(chain, WINDOW_DILATION, defaults->dilation, err) &&
           read_default(chain, WINDOW_ANCHOR, defaults->anchor, err);
}

filter_chain *filter_parse(const char *text, const filter_defaults *defaults, ct_error *err) {
    filter_chain *chain = calloc(1, sizeof *chain);
    if (!chain) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    if ((defaults && !read_defaults(chain, defaults, err)) || !filter_append(chain, text, err)) {
        filter_chain_free(chain);
        return NULL;
    }
    return chain;
}

void filter_chain_free(filter_chain *chain) {
    if (chain) {
        for (size_t i = 0; i < chain->count; i++) {
            stage_free(&chain->stages[i]);
        }
        free(chain->stages);
        free(chain->kernel);
        free(chain);
    }
}

size_t filter_chain_length(const filter_chain *chain) {
    return chain->count;
}

const char *filter_chain_warning(const filter_chain *chain, size_t i) {
    const filter_kernel *kernel = chain->stages[i].kernel;
    return kernel && kernel->warning[0] ? kernel->warning : NULL;
}

const char *filter_chain_unused(const filter_chain *chain) {
    bool windowed = false;
    for (size_t i = 0; i < chain->count; i++) {
        windowed = windowed || chain->stages[i].def->windowed;
    }
    if (chain->kernel && !chain->kernel_taken) {
        return "kernel";
    }
    for (size_t i = 0; !windowed && i < WINDOW_ARGUMENTS; i++) {
        if (chain->defaults[i].given) {
            return window_arguments[i].name;
        }
    }
    return NULL;
}

const char *filter_chain_stage_text(const filter_chain *chain, size_t i) {
    return chain->stages[i].text;
}
