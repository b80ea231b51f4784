#include "app/complete/chain_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/complete/model_words.h"

/* What is typed of the chain's last stage. */
typedef struct typed_stage {
    char name[64];
    const char *text;                     /* the whole stage */
    const char *piece;                    /* the last argument, as far as typed */
    bool keyed;                           /* an argument before it has a key */
    size_t position;                      /* arguments before it that have none */
    const char *given[16];                /* the keys before it, */
    size_t given_length[16], given_count; /* which aren't terminated */
} typed_stage;

/* The length of `text` up to one of `stops` without a backslash before it. */
static size_t piece_length(const char *text, const char *stops) {
    size_t i = 0;
    while (text[i] && !strchr(stops, text[i])) {
        i += text[i] == '\\' && text[i + 1] ? 2 : 1;
    }
    return i;
}

bool complete_is_chain(const char *text) {
    return text[piece_length(text, ",:")] != '\0';
}

/* Behind the blanks in front of it. */
static const char *last_stage(const char *chain) {
    for (size_t n; chain[n = piece_length(chain, ",")]; chain += n + 1) {
    }
    return chain + strspn(chain, FILTER_BLANKS);
}

/* Notes an argument that is typed already. */
static void note(typed_stage *stage, const char *argument, size_t length) {
    const char *equals = memchr(argument, '=', length);
    const bool flip = length == 4 && memcmp(argument, "flip", 4) == 0;
    if (!equals && !flip) {
        stage->position++;
        return;
    }
    stage->keyed = stage->keyed || equals;
    if (stage->given_count < sizeof stage->given / sizeof *stage->given) {
        stage->given[stage->given_count] = argument;
        stage->given_length[stage->given_count++] = equals ? (size_t)(equals - argument) : length;
    }
}

/* `text` has a colon. */
static typed_stage read_stage(const char *text) {
    typed_stage stage = {0};
    size_t n = piece_length(text, ":");
    stage.text = text;
    snprintf(stage.name, sizeof stage.name, "%.*s", (int)n, text);
    text += n + 1;
    for (; text[n = piece_length(text, ":")]; text += n + 1) {
        note(&stage, text, n);
    }
    stage.piece = text;
    return stage;
}

static bool is_given(const typed_stage *stage, const char *name) {
    for (size_t i = 0; i < stage->given_count; i++) {
        if (strlen(name) == stage->given_length[i] &&
            memcmp(name, stage->given[i], stage->given_length[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- values ---- */

static candidate_files files_of(const filter_argument *argument) {
    static const char *const kinds[] = {"kernel", "bank", "numbers"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(argument->kind, kinds[i]) == 0) {
            return FILES_ANY;
        }
    }
    if (strcmp(argument->kind, "file") == 0) {
        return FILES_MODELS;
    }
    return FILES_NONE;
}

/* Of the model that the stage names. */
static void offer_model_values(candidate_word word, const typed_stage *stage) {
    char *path = complete_model_of(stage->text);
    if (path) {
        complete_values(word, path, "");
        free(path);
    }
}

static void offer_values(candidate_word word, const typed_stage *stage,
                         const filter_argument *argument) {
    if (strcmp(stage->name, "net") == 0 && strcmp(argument->name, "out") == 0) {
        offer_model_values(word, stage);
    }
    for (const filter_choice *c = argument->choices; c && c->name; c++) {
        candidate_offer(word, c->name, c->meaning ? c->meaning : argument->meaning);
    }
    if (strcmp(argument->kind, "kernel") == 0) {
        candidates_offer_list(word, FILTER_KERNELS);
    } else if (strcmp(argument->kind, "bank") == 0) {
        candidates_offer_list(word, FILTER_BANKS);
    } else if (strcmp(argument->kind, "padding") == 0) {
        candidates_offer_list(word, FILTER_PADDINGS);
    } else if (strcmp(argument->kind, "odd") == 0 && strcmp(argument->fallback, "auto") == 0) {
        candidate_offer(word, "auto", argument->meaning);
    } else if (strcmp(argument->kind, "pool") == 0) {
        candidate_offer(word, "all", argument->meaning);
    }
}

/* The argument of that name, the stage's own or a window's. */
static bool find_argument(const filter_entry *stage, const char *name, size_t length,
                          filter_argument *out) {
    for (int own = 1; own >= 0; own--) {
        if (!own && !stage->windowed) {
            return false;
        }
        for (size_t i = 0; filter_argument_at(own ? stage->name : NULL, i, out); i++) {
            if (strlen(out->name) == length && memcmp(out->name, name, length) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* ---- keys ---- */

/* Whether the stage is a bank whose source, which is typed, doesn't take the argument. */
static bool is_of_other_bank(const typed_stage *stage, const char *name) {
    char source[64];
    const char *at = stage->text + piece_length(stage->text, ":") + 1;
    if (strcmp(stage->name, "bank") != 0 || at == stage->piece) {
        return false;
    }
    at += strncmp(at, "source=", 7) == 0 ? 7 : 0;
    snprintf(source, sizeof source, "%.*s", (int)piece_length(at, ":"), at);
    return !filter_bank_takes(source, name);
}

static void offer_keys(candidate_word word, const typed_stage *stage, const char *owner) {
    filter_argument argument;
    for (size_t i = owner ? stage->position : 0; filter_argument_at(owner, i, &argument); i++) {
        char key[64];
        snprintf(key, sizeof key, "%s=", argument.name);
        if (!is_given(stage, argument.name) && !(owner && is_of_other_bank(stage, argument.name))) {
            candidate_offer(word, key, argument.meaning);
        }
    }
}

static void complete_argument(candidate_word word, const typed_stage *stage,
                              const filter_entry *entry) {
    filter_argument next;
    const bool positional =
        !stage->keyed && filter_argument_at(entry->name, stage->position, &next);
    candidates_begin(word, positional ? files_of(&next) : FILES_NONE);
    if (positional) {
        offer_values(word, stage, &next);
    }
    offer_keys(word, stage, entry->name);
    if (entry->windowed) {
        offer_keys(word, stage, NULL);
        if (!is_given(stage, "flip")) {
            candidate_offer(word, "flip", "rotate the kernel by 180 degrees");
        }
    }
}

void complete_chain(const char *text) {
    const char *last = last_stage(text);
    candidate_word word = {.text = text, .fixed = (size_t)(last - text), .open = true};
    if (!last[piece_length(last, ":")]) {
        candidates_begin(word, FILES_NONE);
        candidates_offer_list(word, FILTER_STAGES);
        return;
    }
    const typed_stage stage = read_stage(last);
    word.fixed = (size_t)(stage.piece - text);
    filter_entry entry;
    if (!filter_entry_find(FILTER_STAGES, stage.name, &entry)) {
        candidates_begin(word, FILES_NONE);
        return;
    }
    filter_argument argument;
    const size_t key = strcspn(stage.piece, "=");
    if (stage.piece[key] != '=') {
        complete_argument(word, &stage, &entry);
    } else {
        const bool known = find_argument(&entry, stage.piece, key, &argument);
        word.fixed += key + 1;
        candidates_begin(word, known ? files_of(&argument) : FILES_NONE);
        if (known) {
            offer_values(word, &stage, &argument);
        }
    }
}
