#include "app/complete/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/options.h"
#include "app/call/topics.h"
#include "app/complete/chain_words.h"
#include "app/complete/model_words.h"
#include "codec/codec.h"
#include "codec/sheet/colormap.h"

/* What the words before the one being typed say about it. */
typedef struct context {
    const app_commands *commands;
    const app_command *command; /* NULL: a chain comes first, or nothing is typed yet */
    int operands;
    const char *model;         /* after the command net: its first operand */
    bool ended;                /* by -- */
    const app_option *pending; /* the option whose argument comes next */
} context;

/* ---- options ---- */

/* The option of that name, or the one it abbreviates; NULL where there is none, or several. */
static const app_option *find_long(const char *name, size_t length) {
    const app_option *found = NULL;
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (strncmp(option->name, name, length) != 0) {
            continue;
        }
        if (strlen(option->name) == length) {
            return option;
        }
        if (found) {
            return NULL;
        }
        found = option;
    }
    return found;
}

static const app_option *find_short(char letter) {
    for (size_t i = 0; app_option_at(i); i++) {
        if (app_option_at(i)->letter == letter) {
            return app_option_at(i);
        }
    }
    return NULL;
}

/* The first of the letters after a dash that takes an argument, and where its argument begins. */
static const app_option *find_in_cluster(const char *word, size_t *argument) {
    for (size_t i = 1; word[i]; i++) {
        const app_option *option = find_short(word[i]);
        if (option && option->argument) {
            *argument = i + 1;
            return option;
        }
    }
    return NULL;
}

/* The option in the word that takes an argument, and where that begins: after "=" or the letter; at
 * the word's end where the next word is the argument. NULL: no such option. */
static const app_option *find_with_argument(const char *word, size_t *argument) {
    if (word[1] != '-') {
        return find_in_cluster(word, argument);
    }
    const size_t end = strcspn(word, "=");
    const app_option *option = end > 2 ? find_long(word + 2, end - 2) : NULL;
    *argument = end + (word[end] == '=');
    return option && option->argument ? option : NULL;
}

/* Whether the option's argument is, or begins, in the option's own word. */
static bool has_argument(const char *word, size_t argument) {
    return word[argument] || word[argument - 1] == '=';
}

static void read_word(context *c, const char *word) {
    size_t argument;
    if (c->pending) {
        c->pending = NULL;
    } else if (!c->ended && strcmp(word, "--") == 0) {
        c->ended = true;
    } else if (!c->ended && word[0] == '-' && word[1]) {
        c->pending = find_with_argument(word, &argument);
        if (c->pending && (c->pending->optional || has_argument(word, argument))) {
            c->pending = NULL;
        }
    } else if (c->operands++ == 0) {
        c->command = app_command_find(c->commands, word);
    } else if (c->operands == 2 && c->command && strcmp(c->command->name, "net") == 0) {
        c->model = word;
    }
}

static void offer_options(const context *c, candidate_word word) {
    const bool help = c->command && strcmp(c->command->name, "help") == 0;
    const int where = c->command ? c->command->where : c->operands ? APP_FOR_FILTER : APP_FOR_ALL;
    candidates_begin(word, FILES_NONE);
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (!help && !(option->where & where) && option->where != APP_FOR_ALL) {
            continue;
        }
        char name[64];
        snprintf(name, sizeof name, "--%s", option->name);
        candidate_offer(word, name, option->help);
        if (option->letter) {
            candidate_offer(word, (char[]){'-', option->letter, '\0'}, option->help);
        }
        if (option->optional) {
            snprintf(name, sizeof name, "--%s=%s", option->name, option->argument);
            candidate_offer(word, name, option->help);
        }
    }
}

/* ---- values ---- */

static void offer_split(candidate_word word, const char *words) {
    char one[64];
    for (size_t length; *words; words += length + (words[length] != '\0')) {
        length = strcspn(words, " ");
        snprintf(one, sizeof one, "%.*s", (int)length, words);
        candidate_offer(word, one, NULL);
    }
}

static void offer_formats(candidate_word word) {
    for (size_t i = 0; codec_format_at(i); i++) {
        const codec_format *format = codec_format_at(i);
        candidate_offer(word, codec_format_name(format), codec_format_summary(format));
    }
}

static void offer_colormaps(candidate_word word) {
    for (size_t i = 0; codec_colormap_at(i); i++) {
        const codec_colormap *map = codec_colormap_at(i);
        candidate_offer(word, codec_colormap_name(map), codec_colormap_summary(map));
    }
}

static void offer_libraries(candidate_word word) {
    for (size_t i = 0; filter_library_at(NULL, i); i++) {
        candidate_offer(word, filter_library_at(NULL, i), NULL);
    }
}

static void offer_commands(const app_commands *commands, candidate_word word) {
    for (size_t i = 0; i < commands->count; i++) {
        candidate_offer(word, commands->list[i].name, commands->list[i].summary);
    }
}

/* What `help` knows. */
static void offer_topics(const app_commands *commands, candidate_word word) {
    offer_commands(commands, word);
    candidates_offer_list(word, FILTER_STAGES);
    candidates_offer_list(word, FILTER_PADDINGS);
    for (size_t i = 0; app_topic_at(i); i++) {
        if (app_topic_at(i)->summary) {
            candidate_offer(word, app_topic_at(i)->word, app_topic_at(i)->summary);
        }
    }
    candidates_offer_list(word, FILTER_BANKS);
    if (word.text[word.fixed]) {
        candidates_offer_list(word, FILTER_KERNELS);
    }
}

/* The filters that aren't kernels by the same name. */
static void offer_filters(candidate_word word) {
    filter_entry stage, kernel;
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &stage); i++) {
        if (!filter_entry_find(FILTER_KERNELS, stage.name, &kernel)) {
            candidate_offer(word, stage.name, stage.summary);
        }
    }
}

/* `values` is an option's, or a command's for one of its operands; see options.h. */
static void offer_values(const app_commands *commands, candidate_word word, const char *values) {
    if (values && strcmp(values, "CHAIN") == 0) {
        complete_chain(word.text);
        return;
    }
    if (values && strcmp(values, "SHOWN") == 0 && complete_is_chain(word.text)) {
        complete_chain(word.text);
        return;
    }
    const bool shown = values && strcmp(values, "SHOWN") == 0;
    const bool image = values && strcmp(values, "IMAGE") == 0;
    const bool kernel = shown || (values && strcmp(values, "KERNEL") == 0);
    const bool file = values && strcmp(values, "FILE") == 0;
    candidates_begin(word, image ? FILES_IMAGES : kernel || file ? FILES_ANY : FILES_NONE);
    if (!values || image || file) {
        return;
    }
    if (kernel) {
        candidates_offer_list(word, FILTER_KERNELS);
        if (shown) {
            offer_filters(word);
        }
    } else if (strcmp(values, "PADDING") == 0) {
        candidates_offer_list(word, FILTER_PADDINGS);
    } else if (strcmp(values, "FORMAT") == 0) {
        offer_formats(word);
    } else if (strcmp(values, "COLORMAP") == 0) {
        offer_colormaps(word);
    } else if (strcmp(values, "LIBRARY") == 0) {
        offer_libraries(word);
    } else if (strcmp(values, "TOPIC") == 0) {
        offer_topics(commands, word);
    } else {
        offer_split(word, values);
    }
}

/* ---- networks ---- */

/* A model, or the stage net with its arguments. */
static void complete_model(candidate_word word) {
    if (strncmp(word.text, "net:", 4) == 0) {
        complete_chain(word.text);
    } else {
        candidates_begin(word, FILES_MODELS);
    }
}

/* NAME=FILE, or a picture's file. `all`: any value's name, not only an input's. */
static void complete_tensor(const context *c, candidate_word word, bool all) {
    const size_t name = strcspn(word.text + word.fixed, "=");
    if (word.text[word.fixed + name] == '=') {
        word.fixed += name + 1;
        candidates_begin(word, FILES_ANY);
        return;
    }
    candidates_begin(word, FILES_ANY);
    char *path = complete_model_of(c->model);
    if (path) {
        (all ? complete_values : complete_inputs)(word, path, "=");
        free(path);
    }
}

/* ---- operands ---- */

static void complete_operand(const context *c, candidate_word word) {
    if (c->operands == 0 && complete_is_chain(word.text)) {
        complete_chain(word.text);
    } else if (c->operands == 0) {
        candidate_word stage = word;
        stage.open = true;
        candidates_begin(word, FILES_NONE);
        offer_commands(c->commands, word);
        candidates_offer_list(stage, FILTER_STAGES);
    } else if (!c->command) {
        offer_values(c->commands, word, "IMAGE");
    } else if (c->model) {
        complete_tensor(c, word, false);
    } else if (c->command->values[0] && strcmp(c->command->values[0], "MODEL") == 0) {
        complete_model(word);
    } else {
        const int i = c->operands - 1;
        offer_values(c->commands, word, i < APP_MAX_OPERANDS ? c->command->values[i] : NULL);
    }
}

void complete_words(const app_commands *commands, char **words, int count) {
    context c = {.commands = commands};
    for (int i = 0; i + 1 < count; i++) {
        read_word(&c, words[i]);
    }
    candidate_word word = {.text = count > 0 ? words[count - 1] : ""};
    const app_option *option = c.pending;
    size_t argument;
    if (!option && !c.ended && word.text[0] == '-' && word.text[1]) {
        option = find_with_argument(word.text, &argument);
        if (option && !has_argument(word.text, argument)) {
            option = NULL;
        }
        word.fixed = option ? argument : 0;
    }
    if (option && c.model && strcmp(option->name, "output") == 0) {
        complete_tensor(&c, word, true);
    } else if (option) {
        offer_values(commands, word, option->values);
    } else if (!c.ended && word.text[0] == '-') {
        offer_options(&c, word);
    } else {
        complete_operand(&c, word);
    }
}
