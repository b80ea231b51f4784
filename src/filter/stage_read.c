/* One stage of a chain, cut at its colons and checked against the catalogue. */
#include "filter/stage_read.h"
#include "filter/network.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "filter/arguments.h"
#include "filter/banks.h"
#include "filter/lower.h"
#include "filter/paddings.h"
#include "filter/sizes.h"
#include "filter/unknown.h"
#include "filter/usage.h"

size_t text_piece(const char *text, char stop) {
    size_t i = 0;
    while (text[i] && text[i] != stop) {
        i += text[i] == '\\' && text[i + 1] ? 2 : 1;
    }
    return i;
}

size_t text_stage(const char **text, const char **rest) {
    *text += strspn(*text, FILTER_BLANKS);
    size_t length = text_piece(*text, ',');
    *rest = *text + length;
    while (length > 0 && strchr(FILTER_BLANKS, (*text)[length - 1])) {
        length--;
    }
    return length;
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
    if (def->windowed && padding_def_find(name, strlen(name))) {
        return ct_fail(err, "unknown argument '%s'; did you mean 'padding=%s'?", name, name);
    }
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

/* A value without a key where the stage takes no more of them. */
static bool too_many(const stage_def *def, size_t taken, const char *word, ct_error *err) {
    if (taken > 0) {
        return ct_fail(err, "takes at most %zu value%s without a key; '%s' is one too many", taken,
                       taken == 1 ? "" : "s", word);
    }
    char window[FILTER_USAGE];
    usage_of_window(window);
    return def->windowed ? ct_fail(err, "'%s' needs a key, as in stride=2; %s takes %s", word,
                                   def->name, window)
                         : ct_fail(err, "takes no arguments, got '%s'", word);
}

/* A value without a key after one with a key. A number after a padding was meant as its size, which
 * an option writes as MODE:N. */
static bool late(const chain_stage *stage, const char *word, ct_error *err) {
    argument size;
    const argument *padding = &stage->window[WINDOW_PADDING];
    if (!padding->given || padding->valid ||
        !read_size(&window_arguments[WINDOW_PAD], word, &size, err)) {
        return ct_fail(err, "'%s' comes after a KEY=VALUE; put values without a key first", word);
    }
    return ct_fail(err,
                   "'%s' comes after a KEY=VALUE; a padding's size is written pad=%s, and values "
                   "without a key come first",
                   word, word);
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
        return late(stage, word, err);
    } else if (*position >= MAX_ARGUMENTS || !stage->def->arguments[*position].kind) {
        return too_many(stage->def, *position, word, err);
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

bool takes_default_kernel(const chain_stage *stage) {
    return stage->def->kind == STAGE_CONV && !stage->own[0].given;
}

static bool load_kernel(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const char *spec = takes_default_kernel(stage) ? chain->kernel : stage->own[0].text;
    if (!spec) {
        return ct_fail(err, "needs a kernel: conv:NAME, conv:FILE, or -k");
    }
    stage->kernel = filter_kernel_load(spec, chain->loader, err);
    return stage->kernel != NULL;
}

static bool check_together(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const argument *padding = &stage->window[WINDOW_PADDING], *pad = &stage->window[WINDOW_PAD];
    if (pad->given && padding->given && (padding->valid || padding->sized)) {
        return ct_fail(err, padding->valid
                                ? "'pad' contradicts padding=valid; leave out one of them"
                                : "the padding's size is given twice, by 'pad' and by "
                                  "padding=MODE:N");
    }
    if (stage->def->kind == STAGE_THRESHOLD && !stage->own[0].given) {
        return ct_fail(err, "needs a value, as in threshold:128, threshold:50%% or threshold:otsu");
    }
    if ((stage->def->kind == STAGE_RESIZE || stage->def->kind == STAGE_CROP) &&
        !stage->own[0].given) {
        return ct_fail(err, "needs a size, as in %s", stage->def->example);
    }
    if (stage->def->kind == STAGE_NET) {
        return network_read(chain, stage, err);
    }
    return (stage->def->kind != STAGE_CONV || load_kernel(chain, stage, err)) &&
           (stage->def->kind != STAGE_BANK || bank_read(chain, stage, err)) &&
           lower_try(chain, stage, err);
}

static bool read_words(const filter_chain *chain, chain_stage *stage, const char *text,
                       ct_error *err) {
    size_t position = 0;
    bool keyed = false;
    while (*text == ':') {
        text++;
        const size_t length = text_piece(text, ':');
        char *word = strndup(text, length);
        if (!word) {
            return ct_fail(err, "out of memory");
        }
        unescape(word);
        const bool ok = length == 0
                            ? ct_fail(err, "an empty argument; expected a value after each ':'")
                            : read_argument(stage, word, &position, &keyed, err);
        free(word);
        if (!ok) {
            return false;
        }
        text += length;
    }
    return check_together(chain, stage, err);
}

void stage_free(chain_stage *stage) {
    for (size_t i = 0; i < MAX_ARGUMENTS; i++) {
        argument_free(&stage->own[i]);
    }
    filter_kernel_free(stage->kernel);
    bank_free(stage->bank);
    free(stage->bias);
    free(stage->text);
}

/* Names the stage in the error, without colons at its end, which would be read with the one that
 * follows. */
static bool fail_stage(const chain_stage *stage, ct_error *err) {
    size_t length = strlen(stage->text);
    while (length > 0 && stage->text[length - 1] == ':') {
        length--;
    }
    return ct_fail_at(err, "%.*s: ", (int)length, stage->text);
}

bool stage_read(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const size_t length = text_piece(stage->text, ':');
    char *name = strndup(stage->text, length);
    if (!name) {
        return ct_fail(err, "out of memory");
    }
    stage->def = stage_def_find(name);
    const bool ok =
        stage->def ? read_words(chain, stage, stage->text + length, err) || fail_stage(stage, err)
                   : unknown_filter(name, err);
    free(name);
    return ok;
}
