#include "app/call/parse.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/call/kernel_file.h"
#include "app/call/options.h"
#include "base/number.h"
#include "base/text.h"

/* getopt's value of the table's i-th option; above every character. */
enum { FIRST_VALUE = 256 };

typedef struct getopt_tables {
    struct option longs[APP_MOST_OPTIONS + 1];
    char shorts[2 * APP_MOST_OPTIONS + 2];
} getopt_tables;

static void build_tables(getopt_tables *tables) {
    char *at = tables->shorts;
    *at++ = ':'; /* getopt then tells a missing argument from an unknown option */
    size_t i = 0;
    for (const app_option *option; (option = app_option_at(i)); i++) {
        const int argument = option->optional   ? optional_argument
                             : option->argument ? required_argument
                                                : no_argument;
        tables->longs[i] = (struct option){option->name, argument, NULL, FIRST_VALUE + (int)i};
        if (option->letter) {
            *at++ = option->letter;
            if (option->argument) {
                *at++ = ':';
            }
        }
    }
    tables->longs[i] = (struct option){0};
    *at = '\0';
}

static const app_option *find_option(int value, size_t *index) {
    size_t i = 0;
    for (const app_option *option; (option = app_option_at(i)); i++) {
        if (value == FIRST_VALUE + (int)i || (value < FIRST_VALUE && value == option->letter)) {
            *index = i;
            return option;
        }
    }
    return NULL;
}

/* Finds the stage of a chain that has the argument; false where none has. */
static bool find_stage(const char *chain, const char *argument, filter_entry *stage) {
    char name[64];
    for (size_t length; *chain; chain += length + (chain[length] != '\0')) {
        chain += strspn(chain, FILTER_BLANKS);
        length = strcspn(chain, ",");
        const size_t end = strcspn(chain, FILTER_BLANKS ":,");
        snprintf(name, sizeof name, "%.*s", (int)(end < sizeof name ? end : 0), chain);
        filter_argument found;
        for (size_t i = 0;
             filter_entry_find(FILTER_STAGES, name, stage) && filter_argument_at(name, i, &found);
             i++) {
            if (strcmp(found.name, argument) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* An option that is the name of a stage's argument: `gaussian --sigma 2`. False where it isn't. */
static bool suggest_argument(char **argv, const char *typed, const char *name, ct_error *err) {
    filter_entry stage;
    const char *value = strchr(typed, '=');
    const char *next = argv[optind] && strchr("0123456789.", argv[optind][0]) ? argv[optind] : NULL;
    for (size_t i = 1; argv[i]; i++) {
        if (argv[i][0] != '-' && find_stage(argv[i], name, &stage)) {
            ct_fail(err, "--%s: unknown option; did you mean '%s:%s=%s'?", name, stage.name, name,
                    value  ? value + 1
                    : next ? next
                           : "...");
            return true;
        }
    }
    return false;
}

/* An option of worksheet, where a stage's argument of that name was meant: `box --size 5`. */
static bool meant_for_stage(char **argv, const app_option *option, const char *value,
                            ct_error *err) {
    char typed[96] = "";
    for (size_t i = 1; argv[i]; i++) {
        if (option->where != APP_FOR_WORKSHEET || strcmp(argv[i], "worksheet") == 0) {
            return false;
        }
    }
    if (value) {
        snprintf(typed, sizeof typed, "=%.80s", value);
    }
    return suggest_argument(argv, typed, option->name, err);
}

/* --NAME that is no option: an abbreviation of several, or unknown. */
static bool fail_long(char **argv, const char *typed, ct_error *err) {
    char name[64];
    size_t length = strcspn(typed + 2, "=");
    if (length >= sizeof name) {
        return ct_fail(err, "%.40s...: unknown option; see convtool --help", typed);
    }
    memcpy(name, typed + 2, length);
    name[length] = '\0';
    char candidates[512] = "";
    int count = 0;
    for (size_t i = 0; app_option_name_at(NULL, i); i++) {
        const char *known = app_option_name_at(NULL, i);
        if (strncmp(known, name, length) == 0 && strlen(candidates) + strlen(known) + 6 < 512) {
            strcat(strcat(candidates, count++ ? ", --" : "--"), known);
        }
    }
    if (length > 0 && count > 1) {
        return ct_fail(err, "--%s: ambiguous option; it could be %s", name, candidates);
    }
    if (suggest_argument(argv, typed, name, err)) {
        return false;
    }
    const char *near = ct_nearest(name, app_option_name_at, NULL);
    return near ? ct_fail(err, "--%s: unknown option; did you mean '--%s'?", name, near)
                : ct_fail(err, "--%s: unknown option; see convtool --help", name);
}

/* What getopt answered with '?' or ':'. */
static bool fail_option(int answer, char **argv, ct_error *err) {
    size_t index;
    const app_option *option = optopt ? find_option(optopt, &index) : NULL;
    if (optopt > 0 && optopt <= CHAR_MAX &&
        strchr("0123456789.", optopt)) { /* long ones are above */
        return ct_fail(err, "-%c: unknown option; put -- before an operand that starts with '-'",
                       optopt);
    }
    if (!option) {
        return optopt ? ct_fail(err, "-%c: unknown option; see convtool --help", optopt)
                      : fail_long(argv, argv[optind - 1], err);
    }
    if (answer == ':' && meant_for_stage(argv, option, NULL, err)) {
        return false;
    }
    if (answer == ':') {
        return ct_fail(err, "--%s: needs an argument: %s", option->name, option->argument);
    }
    return ct_fail(err, "--%s: takes no argument", option->name);
}

static bool apply(app_call *call, const app_option *option, const char *value, ct_error *err) {
    char *field = (char *)call + option->offset;
    long number;
    switch (option->kind) {
    case APP_FLAG:
        *(bool *)(void *)field = true;
        return true;
    case APP_TEXT:
        *(const char **)(void *)field = value;
        return true;
    case APP_INT:
        if (!ct_parse_int(value, strlen(value), option->low, option->high, &number)) {
            return ct_fail(err, "--%s: expected a whole number from %d to %d, got '%s'",
                           option->name, option->low, option->high, value);
        }
        *(int *)(void *)field = (int)number;
        return true;
    case APP_SET:
        return option->set(call, value, err) || ct_fail_at(err, "--%s: ", option->name);
    }
    return false;
}

static bool is_number(const char *text) {
    double number;
    return text && ct_parse_number(text, strlen(text), &number);
}

/* `-k 1 2 1`: without quotes, only the first number is the kernel. `next`: the words after it. */
static bool check_quotes(const char *value, char **next, ct_error *err) {
    struct stat info;
    if (!is_number(value) || !is_number(*next) || stat(*next, &info) == 0) {
        return true;
    }
    ct_text numbers = {0};
    bool ok = ct_text_print(&numbers, "%s", value);
    for (; ok && is_number(*next); next++) {
        ok = ct_text_print(&numbers, " %s", *next);
    }
    ok ? ct_fail(err, "--kernel: put the numbers into quotes: -k '%s'", numbers.bytes)
       : ct_fail(err, "out of memory");
    ct_text_free(&numbers);
    return false;
}

bool app_call_parse(int argc, char **argv, app_call *call, ct_error *err) {
    getopt_tables tables;
    build_tables(&tables);
    *call = (app_call){.defaults.loader = &app_kernel_files,
                       .quality = -1,
                       .compression = -1,
                       .channel = -1,
                       .limits = codec_default_limits()};
    opterr = 0;
    optind = 1;
    for (int answer; (answer = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1;) {
        size_t index;
        const app_option *option =
            answer == '?' || answer == ':' ? NULL : find_option(answer, &index);
        if (!option) {
            return fail_option(answer, argv, err);
        }
        if (meant_for_stage(argv, option, optarg, err) || !apply(call, option, optarg, err) ||
            (option->letter == 'k' && !check_quotes(optarg, argv + optind, err))) {
            return false;
        }
        call->given[index] = true;
    }
    if (call->defaults.like && call->settings.color == FILTER_COLOR_AUTO) {
        call->settings.color = FILTER_COLOR_EACH; /* the libraries know nothing of edges in gray */
    }
    call->operands = argv + optind;
    call->operand_count = argc - optind;
    return true;
}

static bool append_print(filter_chain *chain, const char *option, ct_error *err, const char *before,
                         const char *text, const char *after) {
    ct_text stage = {0};
    bool ok = ct_text_print(&stage, "%s%s%s", before, text, after)
                  ? filter_append(chain, stage.bytes, err) || ct_fail_at(err, "%s: ", option)
                  : ct_fail(err, "out of memory");
    ct_text_free(&stage);
    return ok;
}

/* "max:2:1" -> "maxpool:2:1"; "maxpool:2:1" stays. */
static bool append_pool(filter_chain *chain, const char *pool, ct_error *err) {
    ct_text kind = {0};
    size_t length = strcspn(pool, ":");
    const bool whole = length > 4 && strncmp(pool + length - 4, "pool", 4) == 0;
    bool ok = ct_text_add(&kind, pool, length) && ct_text_print(&kind, whole ? "" : "pool");
    ok = ok ? append_print(chain, "--pool", err, kind.bytes, pool + length, "")
            : ct_fail(err, "out of memory");
    ct_text_free(&kind);
    return ok;
}

filter_chain *app_call_chain(const app_call *call, const char *text, ct_error *err) {
    filter_chain *chain = filter_parse(text, &call->defaults, err);
    if (!chain) {
        return NULL;
    }
    bool ok = true;
    for (int i = 0; ok && i < call->pool_count; i++) {
        ok = append_pool(chain, call->pools[i], err);
    }
    if (ok && call->scale) {
        ok = append_print(chain, "--scale", err, "scale:factor=", call->scale, "");
    }
    if (ok && call->bias) {
        ok = append_print(chain, "--bias", err, "scale:factor=1:bias=", call->bias, "");
    }
    if (ok && call->normalize) {
        ok = append_print(chain, "--normalize", err, "normalize", "", "");
    }
    if (!ok) {
        filter_chain_free(chain);
        return NULL;
    }
    return chain;
}
