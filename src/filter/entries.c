/* The catalogue's entries, for list, help and completions; and the names of settings. */
#include <string.h>

#include "base/text.h"
#include "filter/banks.h"
#include "filter/kernels.h"
#include "filter/paddings.h"
#include "filter/stage_read.h"
#include "filter/usage.h"

static bool stage_entry(size_t i, filter_entry *out) {
    const stage_def *def = stage_def_at(i);
    if (def) {
        *out = (filter_entry){
            .name = def->name,
            .summary = def->summary,
            .formula = def->formula,
            .example = def->example,
            .windowed = def->windowed,
            .edge = def->edge,
        };
        usage_of_stage(def, out->usage);
    }
    return def != NULL;
}

static bool kernel_entry(size_t i, filter_entry *out) {
    const named_kernel *kernel = named_kernel_at(i);
    if (kernel) {
        *out = (filter_entry){
            .name = kernel->name,
            .summary = kernel->summary,
            .width = kernel->width,
            .height = kernel->height,
        };
    }
    return kernel != NULL;
}

static bool bank_entry(size_t i, filter_entry *out) {
    const bank_def *bank = bank_def_at(i);
    if (bank) {
        *out =
            (filter_entry){.name = bank->name, .summary = bank->summary, .formula = bank->formula};
        usage_of_bank(bank, out->usage);
    }
    return bank != NULL;
}

static bool padding_entry(const padding_def *def, filter_entry *out) {
    if (def) {
        *out = (filter_entry){
            .name = def->name,
            .summary = def->summary,
            .pattern = def->pattern,
            .aliases = def->aliases,
            .takes_value = def->takes_value,
        };
    }
    return def != NULL;
}

bool filter_entry_at(filter_list list, size_t i, filter_entry *out) {
    switch (list) {
    case FILTER_STAGES:
        return stage_entry(i, out);
    case FILTER_KERNELS:
        return kernel_entry(i, out);
    case FILTER_BANKS:
        return bank_entry(i, out);
    case FILTER_PADDINGS:
        return padding_entry(padding_def_at(i), out);
    }
    return false;
}

bool filter_entry_find(filter_list list, const char *name, filter_entry *out) {
    if (list == FILTER_PADDINGS) {
        return padding_entry(padding_def_find(name, strlen(name)), out);
    }
    for (size_t i = 0; filter_entry_at(list, i, out); i++) {
        if (strcmp(out->name, name) == 0) {
            return true;
        }
    }
    return false;
}

bool filter_begins_chain(const char *text) {
    const char *rest;
    const size_t whole = text_stage(&text, &rest), name = text_piece(text, ':');
    const size_t length = name < whole ? name : whole;
    filter_entry stage;
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &stage); i++) {
        if (strlen(stage.name) == length && memcmp(stage.name, text, length) == 0) {
            return true;
        }
    }
    return false;
}

/* In the order of argument_kind. */
static const char *const kinds[] = {
    [ARGUMENT_NONE] = "none",       [ARGUMENT_NUMBER] = "number",   [ARGUMENT_LEVEL] = "level",
    [ARGUMENT_INTEGER] = "integer", [ARGUMENT_SIZE] = "size",       [ARGUMENT_AUTO_SIZE] = "odd",
    [ARGUMENT_CHOICE] = "choice",   [ARGUMENT_KERNEL] = "kernel",   [ARGUMENT_PADDING] = "padding",
    [ARGUMENT_ANCHOR] = "anchor",   [ARGUMENT_ODD] = "odd",         [ARGUMENT_ODD_SIZE] = "size",
    [ARGUMENT_BANK] = "bank",       [ARGUMENT_NUMBERS] = "numbers", [ARGUMENT_POOL_SIZE] = "pool",
    [ARGUMENT_EXTENT] = "extent",   [ARGUMENT_FILE] = "file",       [ARGUMENT_TEXT] = "text",
};

bool filter_argument_at(const char *stage, size_t i, filter_argument *out) {
    const argument_def *def = NULL;
    if (!stage) {
        def = i < WINDOW_ARGUMENTS ? &window_arguments[i] : NULL;
    } else {
        const stage_def *owner = stage_def_find(stage);
        size_t count = 0;
        while (owner && owner->arguments[count].kind) {
            count++;
        }
        def = i < count ? &owner->arguments[i] : NULL;
    }
    if (!def) {
        return false;
    }
    *out = (filter_argument){
        .name = def->name,
        .kind = kinds[def->kind],
        .fallback = def->fallback,
        .meaning = def->meaning,
        .choices = def->choices,
        .ranged = usage_has_range(def),
        .low = def->low,
        .high = def->high,
    };
    usage_of_values(def, out->values);
    return true;
}

static const char *const colors[] = {
    [FILTER_COLOR_AUTO] = "auto",
    [FILTER_COLOR_GRAY] = "gray",
    [FILTER_COLOR_EACH] = "each",
    NULL,
};

static const char *const maps[] = {
    [FILTER_CLAMP] = "clamp",
    [FILTER_MAP_ABS] = "abs",
    [FILTER_SIGNED] = "signed",
    [FILTER_MINMAX] = "minmax",
    NULL,
};

static bool parse_name(const char *what, const char *const *names, const char *expected,
                       const char *text, int *out, ct_error *err) {
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = (int)i;
            return true;
        }
    }
    const char *near = ct_nearest(text, ct_listed_name_at, names);
    return near ? ct_fail(err, "unknown %s '%s'; did you mean '%s'?", what, text, near)
                : ct_fail(err, "unknown %s '%s'; expected %s", what, text, expected);
}

bool filter_color_parse(const char *text, filter_color *out, ct_error *err) {
    int i = 0;
    if (!parse_name("color mode", colors, "auto, gray or each", text, &i, err)) {
        return false;
    }
    *out = (filter_color)i;
    return true;
}

bool filter_map_parse(const char *text, filter_map *out, ct_error *err) {
    int i = 0;
    if (!parse_name("map mode", maps, "clamp, abs, signed or minmax", text, &i, err)) {
        return false;
    }
    *out = (filter_map)i;
    return true;
}

const char *filter_color_name(filter_color color) {
    return colors[color];
}

const char *filter_map_name(filter_map map) {
    return maps[map];
}
