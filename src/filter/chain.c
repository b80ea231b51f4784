/* The text of a chain, cut at its commas and colons, and checked against the catalogue. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "filter/lower.h"
#include "filter/usage.h"

enum { MAX_STAGES = 64, MAX_WORDS = 2 * MAX_ARGUMENTS + WINDOW_ARGUMENTS + 2 };

static const char *stage_name_at(const void *unused, size_t i) {
    (void)unused;
    const stage_def *def = stage_def_at(i);
    return def ? def->name : NULL;
}

/* The length of `text` up to the next `stop` that no backslash stands before. */
static size_t piece(const char *text, char stop) {
    size_t i = 0;
    while (text[i] && text[i] != stop) {
        i += text[i] == '\\' && text[i + 1] ? 2 : 1;
    }
    return i;
}

static char *copy_of(const char *text, size_t length) {
    char *copy = strndup(text, length);
    return copy;
}

static void unescape(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '\\' && from[1] && strchr(",:\\", from[1])) {
            from++;
        }
        *to++ = *from;
    }
    *to = '\0';
}

/* ---- one stage ---- */

typedef struct argument_slot {
    const argument_def *def;
    argument *value;
} argument_slot;

static argument_slot find_argument(chain_stage *stage, const char *name, size_t length) {
    const stage_def *def = stage->def;
    for (size_t i = 0; i < MAX_ARGUMENTS && def->arguments[i].kind; i++) {
        const char *known = def->arguments[i].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            return (argument_slot){&def->arguments[i], &stage->own[i]};
        }
    }
    for (size_t i = 0; def->windowed && i < WINDOW_ARGUMENTS; i++) {
        const char *known = window_arguments[i].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            return (argument_slot){&window_arguments[i], &stage->window[i]};
        }
    }
    return (argument_slot){NULL, NULL};
}

/* The names of a stage's arguments: its own, then those of every convolution. */
static const char *argument_name_at(const void *stage_definition, size_t i) {
    const stage_def *def = stage_definition;
    size_t own = 0;
    while (own < MAX_ARGUMENTS && def->arguments[own].kind) {
        own++;
    }
    if (i < own) {
        return def->arguments[i].name;
    }
    return def->windowed && i - own < WINDOW_ARGUMENTS ? window_arguments[i - own].name : NULL;
}

static bool unknown_argument(const stage_def *def, const char *name, ct_error *err) {
    const char *near = ct_nearest(name, argument_name_at, def);
    if (near) {
        return ct_fail(err, "unknown argument '%s'; did you mean '%s'?", name, near);
    }
    char own[FILTER_USAGE], window[FILTER_USAGE] = "";
    usage_of_stage(def, own);
    if (def->windowed) {
        usage_of_window(window);
    }
    if (!*own && !*window) {
        return ct_fail(err, "unknown argument '%s'; %s takes none", name, def->name);
    }
    return ct_fail(err, "unknown argument '%s'; %s takes %s%s%s", name, def->name, own,
                   *own && *window ? ", " : "", window);
}

static bool is_name(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
              text[i] == '_' || text[i] == '-')) {
            return false;
        }
    }
    return length > 0;
}

/* `word` is VALUE or KEY=VALUE, unescaped; *position counts the values without a key. */
static bool read_argument(chain_stage *stage, char *word, size_t *position, bool *keyed,
                          ct_error *err) {
    const char *equals = strchr(word, '=');
    argument_slot slot = {NULL, NULL};
    const char *value = word;
    if (equals && is_name(word, (size_t)(equals - word))) {
        slot = find_argument(stage, word, (size_t)(equals - word));
        if (!slot.def) {
            word[equals - word] = '\0';
            return unknown_argument(stage->def, word, err);
        }
        value = equals + 1;
        *keyed = true;
    } else if (strcmp(word, "flip") == 0 && stage->def->windowed) {
        slot = (argument_slot){&window_arguments[WINDOW_FLIP], &stage->window[WINDOW_FLIP]};
        value = "yes";
    } else if (*keyed) {
        return ct_fail(err, "'%s' stands after a KEY=VALUE; values without a key come first", word);
    } else if (*position >= MAX_ARGUMENTS || !stage->def->arguments[*position].kind) {
        return *position == 0
                   ? ct_fail(err, "takes no argument without a key, got '%s'", word)
                   : ct_fail(err, "takes %zu argument%s without a key, '%s' is one too many",
                             *position, *position == 1 ? "" : "s", word);
    } else {
        slot = (argument_slot){&stage->def->arguments[*position], &stage->own[*position]};
        ++*position;
    }
    if (slot.value->given) {
        return ct_fail(err, "'%s' is given twice", slot.def->name);
    }
    if (!*value) {
        return ct_fail(err, "'%s' has no value", slot.def->name);
    }
    if (!argument_read(slot.def, value, slot.value, err)) {
        return slot.def->kind == ARGUMENT_PADDING ? false : ct_fail_at(err, "%s: ", slot.def->name);
    }
    return true;
}

static bool load_kernel(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const char *spec = stage->own[0].given ? stage->own[0].text : chain->kernel;
    if (!spec) {
        return ct_fail(err, "needs a kernel: conv:NAME, conv:FILE, or -k");
    }
    stage->kernel = filter_kernel_load(spec, err);
    return stage->kernel != NULL;
}

static bool check_together(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const argument *padding = &stage->window[WINDOW_PADDING], *pad = &stage->window[WINDOW_PAD];
    if (pad->given && padding->given && (padding->valid || padding->sized)) {
        return ct_fail(err, padding->valid ? "'pad' can't go with valid padding"
                                           : "'pad' is given twice");
    }
    if (stage->def->kind == STAGE_THRESHOLD && !stage->own[0].given) {
        return ct_fail(err, "needs a value, as in threshold:128");
    }
    return (stage->def->kind != STAGE_CONV || load_kernel(chain, stage, err)) &&
           lower_try(chain, stage, err);
}

static bool read_words(const filter_chain *chain, chain_stage *stage, const char *text,
                       ct_error *err) {
    size_t position = 0;
    bool keyed = false;
    while (*text == ':') {
        text++;
        const size_t length = piece(text, ':');
        char *word = copy_of(text, length);
        if (!word) {
            return ct_fail(err, "out of memory");
        }
        unescape(word);
        const bool ok = length == 0 ? ct_fail(err, "an empty argument")
                                    : read_argument(stage, word, &position, &keyed, err);
        free(word);
        if (!ok) {
            return false;
        }
        text += length;
    }
    return check_together(chain, stage, err);
}

static void free_stage(chain_stage *stage) {
    for (size_t i = 0; i < MAX_ARGUMENTS; i++) {
        argument_free(&stage->own[i]);
    }
    filter_kernel_free(stage->kernel);
    free(stage->text);
}

static bool read_stage(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const size_t length = piece(stage->text, ':');
    char *name = copy_of(stage->text, length);
    if (!name) {
        return ct_fail(err, "out of memory");
    }
    stage->def = stage_def_find(name);
    bool ok;
    if (!stage->def) {
        const char *near = filter_named_elsewhere(name);
        near = near ? near : ct_nearest(name, stage_name_at, NULL);
        ok = near ? ct_fail(err, "unknown filter '%s'; did you mean '%s'?", name, near)
                  : ct_fail(err, "unknown filter '%s'; see 'convtool list'", name);
    } else {
        ok = read_words(chain, stage, stage->text + length, err) ||
             ct_fail_at(err, "%s: ", stage->text);
    }
    free(name);
    return ok;
}

/* ---- the chain ---- */

bool filter_append(filter_chain *chain, const char *text, ct_error *err) {
    while (true) {
        const size_t length = piece(text, ',');
        if (length == 0) {
            return ct_fail(err, chain->count || text[0]
                                    ? "a stage of the chain is empty"
                                    : "the chain is empty; see 'convtool list'");
        }
        if (chain->count == MAX_STAGES) {
            return ct_fail(err, "more than %d stages in a chain", MAX_STAGES);
        }
        chain_stage stage = {.text = copy_of(text, length)};
        if (!stage.text) {
            return ct_fail(err, "out of memory");
        }
        if (!read_stage(chain, &stage, err)) {
            free_stage(&stage);
            return false;
        }
        chain->stages[chain->count++] = stage;
        if (!text[length]) {
            return true;
        }
        text += length + 1;
    }
}

static bool read_default(filter_chain *chain, window_argument which, const char *text,
                         ct_error *err) {
    const argument_def *def = &window_arguments[which];
    return !text || argument_read(def, text, &chain->defaults[which], err) ||
           ct_fail_at(err, "--%s: ", def->name);
}

static bool read_defaults(filter_chain *chain, const filter_defaults *defaults, ct_error *err) {
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
    if (chain) {
        chain->stages = calloc(MAX_STAGES, sizeof *chain->stages);
    }
    if (!chain || !chain->stages) {
        filter_chain_free(chain);
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
            free_stage(&chain->stages[i]);
        }
        free(chain->stages);
        free(chain->kernel);
        free(chain);
    }
}

size_t filter_chain_length(const filter_chain *chain) {
    return chain->count;
}

static bool takes_default_kernel(const chain_stage *stage) {
    return stage->def->kind == STAGE_CONV && !stage->own[0].given;
}

const char *filter_chain_unused(const filter_chain *chain) {
    bool kernel = false, windowed = false;
    for (size_t i = 0; i < chain->count; i++) {
        kernel = kernel || takes_default_kernel(&chain->stages[i]);
        windowed = windowed || chain->stages[i].def->windowed;
    }
    if (chain->kernel && !kernel) {
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
