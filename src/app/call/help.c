/* --help, help, version. */
#include <stdio.h>
#include <string.h>

#include "app/call/catalogue.h"
#include "app/call/help.h"
#include "app/call/layout.h"
#include "app/call/message.h"
#include "app/call/options.h"
#include "app/call/topics.h"
#include "app/call/version.h"
#include "codec/codec.h"
#include "conv/conv.h"
#include "net/net.h"

static const char usage[] =
    "convtool CHAIN [OPTION]... INPUT OUTPUT             one image\n"
    "convtool CHAIN [OPTION]... INPUT... DIRECTORY       many images\n"
    "convtool CHAIN [OPTION]... -o TEMPLATE INPUT...     many, named by a template\n"
    "convtool CHAIN [OPTION]... -r DIRECTORY DIRECTORY   all below a directory\n"
    "convtool COMMAND [ARGUMENT]...                      list, show, explain, ...\n";

void app_help_short(void) {
    printf("convtool %s: filters images by convolution and pooling.\n\n%s\n", APP_VERSION, usage);
    fputs("convtool sobel in.png out.png\n"
          "convtool gray,gaussian:1.4,sobel,maxpool:2 in.jpg out.png\n"
          "convtool list                 every filter, kernel, bank and padding\n"
          "convtool --help               every option\n",
          stdout);
}

static void print_option(const app_option *option) {
    char left[64];
    int used = option->letter
                   ? snprintf(left, sizeof left, "-%c, --%s", option->letter, option->name)
                   : snprintf(left, sizeof left, "    --%s", option->name);
    if (option->argument) {
        snprintf(left + used, sizeof left - (size_t)used, option->optional ? "[=%s]" : " %s",
                 option->argument);
    }
    app_print_row(left, 26, option->help);
}

/* The options that apply at `where`, under their groups' headings. */
static void print_options(int where) {
    const char *group = "";
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (!(option->where & where)) {
            continue;
        }
        if (strcmp(group, option->group) != 0) {
            group = option->group;
            printf("\n%s:\n", group);
        }
        print_option(option);
    }
}

static void print_formats(void) {
    int width = 0;
    for (size_t i = 0; codec_format_at(i); i++) {
        const int length = (int)strlen(codec_format_library(codec_format_at(i)));
        width = length > width ? length : width;
    }
    for (size_t i = 0; codec_format_at(i); i++) {
        const codec_format *format = codec_format_at(i);
        const int column =
            printf("  %-6s %-*s", codec_format_name(format), width, codec_format_library(format));
        app_print_wrapped(codec_format_summary(format), column + 2, column);
    }
}

static void help_main(const app_commands *commands) {
    printf("convtool %s: filters images by convolution and pooling.\n\n%s", APP_VERSION, usage);
    printf("\n%s\n`convtool list` lists all stages. "
           "'-' is standard input or standard output;\n'--' ends the options.\n",
           app_chain_text);
    print_options(APP_FOR_ALL);
    fputs("\nCommands:\n", stdout);
    for (size_t i = 0; i < commands->count; i++) {
        const app_command *command = &commands->list[i];
        char left[64];
        snprintf(left, sizeof left, "%s %s", command->name, command->arguments);
        app_print_row(left, 26, command->summary);
    }
    fputs("\nExit status: 0 success, 1 an image failed, 2 wrong usage.\n"
          "Full manual: man convtool\n",
          stdout);
}

static void help_command(const app_command *command) {
    printf("convtool %s%s%s\n\n", command->name, *command->arguments ? " " : "",
           command->arguments);
    app_print_wrapped(command->manual, 0, 0);
    if (command->where) {
        print_options(command->where);
    }
}

/* ---- what a word means ---- */

/* Finds --NAME, -L, NAME or L. */
static const app_option *find_option(const char *word) {
    const bool dashed = word[0] == '-';
    const char *name = word + strspn(word, "-");
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        const bool letter = name[0] == option->letter && name[0] && !name[1];
        if (strcmp(name, option->name) == 0 || (letter && (dashed || word == name))) {
            return option;
        }
    }
    return NULL;
}

/* Whether one of the blank-separated words is `word`. */
static bool lists_word(const char *words, const char *word) {
    const size_t length = strlen(word);
    for (const char *at = words; at && (at = strstr(at, word)); at += length) {
        const bool starts = at == words || at[-1] == ' ';
        if (starts && strchr(" :", at[length])) {
            return true;
        }
    }
    return false;
}

static void help_option(const app_option *option) {
    if (option->letter) {
        printf("-%c, ", option->letter);
    }
    const char *before = option->optional ? "[=" : option->argument ? " " : "";
    printf("--%s%s%s%s\n\n", option->name, before, option->argument ? option->argument : "",
           option->optional ? "]" : "");
    app_print_wrapped(option->manual, 0, 0);
    if (option->values && strcmp(option->values, "PADDING") == 0) {
        putchar('\n');
        app_print_list(FILTER_PADDINGS);
    } else if (option->values && strcmp(option->values, "KERNEL") == 0) {
        puts("\nconvtool help kernels says how to write one, and convtool list kernels lists\n"
             "those that have a name.");
    } else if (option->values && strcmp(option->values, "FORMAT") == 0) {
        putchar('\n');
        for (size_t i = 0; codec_format_at(i); i++) {
            const codec_format *format = codec_format_at(i);
            app_print_row(codec_format_name(format), 6, codec_format_summary(format));
        }
    }
}

static bool help_format(const char *word) {
    const codec_format *format = codec_format_by_name(word);
    if (format) {
        printf("%s  a format, handled by %s\n\n%s\n", codec_format_name(format),
               codec_format_library(format), codec_format_summary(format));
    }
    return format != NULL;
}

/* For a word that can be the argument of an option or a stage. */
static bool help_value(const char *word) {
    for (size_t i = 0; *word && app_option_at(i); i++) {
        if (lists_word(app_option_at(i)->values, word)) {
            help_option(app_option_at(i));
            return true;
        }
    }
    return app_print_argument_users(word);
}

static bool help_topic(const char *word) {
    const app_topic *topic = app_topic_find(word);
    if (topic && topic->option) {
        help_option(find_option(topic->option));
    }
    if (topic && topic->print) {
        topic->print();
    }
    return topic != NULL;
}

/* What else a filter's, kernel's or padding's name means, as "dog", "edge" and "clamp" do. */
static void print_also(const char *word, bool padding) {
    for (size_t i = 0; padding && filter_named_elsewhere(word, i); i++) {
        printf("\nThe filter: convtool help %s\n", filter_named_elsewhere(word, i));
    }
    filter_entry bank;
    if (filter_entry_find(FILTER_STAGES, word, &bank) &&
        filter_entry_find(FILTER_BANKS, word, &bank)) {
        printf("\nThe bank: %s (bank:%s)\n", bank.summary, word);
    }
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (strcmp(option->name, word) == 0) {
            printf("\nThe option: convtool help --%s\n", word);
        } else if (lists_word(option->values, word)) {
            printf("\nThe value of --%s: convtool help --%s\n", option->name, option->name);
        }
    }
}

static bool help_entry(const char *word) {
    filter_entry entry;
    bool padding = false;
    if (filter_entry_find(FILTER_STAGES, word, &entry)) {
        app_print_stage(&entry);
    } else if (filter_entry_find(FILTER_KERNELS, word, &entry)) {
        app_print_kernel(&entry);
    } else if (filter_entry_find(FILTER_BANKS, word, &entry)) {
        app_print_bank(&entry);
    } else if (filter_entry_find(FILTER_PADDINGS, word, &entry)) {
        app_print_padding(&entry);
        padding = true;
    } else {
        return false;
    }
    print_also(word, padding);
    return true;
}

/* "blur" is a gaussian here, or a box. */
static bool help_named_elsewhere(const char *word) {
    const bool several = filter_named_elsewhere(word, 1);
    filter_entry stage;
    for (size_t i = 0; filter_named_elsewhere(word, i); i++) {
        if (i == 0) {
            printf("The filter%s that other programs call %s:\n", several ? "s" : "", word);
        }
        putchar('\n');
        if (filter_entry_find(FILTER_STAGES, filter_named_elsewhere(word, i), &stage)) {
            app_print_stage(&stage);
        }
    }
    return filter_named_elsewhere(word, 0);
}

static bool help_word(const char *word, const app_commands *commands) {
    const app_command *command = app_command_find(commands, word);
    const app_option *option = find_option(word);
    if (command) {
        help_command(command);
        filter_entry stage;
        if (filter_entry_find(FILTER_STAGES, word, &stage)) {
            puts("\nThe stage of a chain:\n");
            app_print_stage(&stage);
        }
        return true;
    }
    if (word[0] != '-' && help_entry(word)) {
        return true;
    }
    if (option) {
        help_option(option);
        return true;
    }
    return help_topic(word) || help_format(word) || help_named_elsewhere(word) || help_value(word);
}

/* For `sobel:x` or `gray,sobel`: explains the first name of a chain. */
static bool help_first_of_chain(const char *word, const app_commands *commands) {
    char name[64];
    const size_t before = strspn(word, FILTER_BLANKS);
    word += before;
    const size_t length = strcspn(word, FILTER_BLANKS ":,=");
    if ((before == 0 && word[length] == '\0') || length >= sizeof name) {
        return false;
    }
    memcpy(name, word, length);
    name[length] = '\0';
    return help_word(name, commands);
}

int app_help(const app_call *call, const app_commands *commands) {
    if (call->operand_count < 2) {
        help_main(commands);
        return APP_OK;
    }
    const char *word = call->operands[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        word = "help"; /* as COMMAND --help is the help on COMMAND */
    }
    if (help_word(word, commands) || help_first_of_chain(word, commands)) {
        return APP_OK;
    }
    const char *near = ct_nearest(word, app_word_at, commands);
    if (word[0] == '-') {
        const char *name = word + strspn(word, "-");
        near = ct_nearest(name, app_option_name_at, NULL);
        app_say(NULL, "help: unknown option '%s'; %s%s%s", word, near ? "did you mean '--" : "",
                near ? near : "see convtool --help", near ? "'?" : "");
    } else if (near) {
        app_say(NULL, "help: unknown word '%s'; did you mean '%s'?", word, near);
    } else {
        app_say(NULL, "help: unknown word '%s'; see convtool list and convtool --help", word);
    }
    return APP_USAGE;
}

int app_version(const app_call *call, const app_commands *commands) {
    (void)call, (void)commands;
    printf("convtool %s\n%s\n\nformats:\n", APP_VERSION, APP_LICENCE);
    print_formats();
    printf("networks: ONNX, opsets 7 to %d, %s\n", NET_NEWEST_OPSET,
           net_library() ? net_library() : "not in this build, which has no protobuf-c");
    printf("terminal: %s\n", codec_terminal_library() ? codec_terminal_library()
                                                      : "not in this build, which has no libchafa");
    printf("instruction set: %s (of", conv_isa());
    for (size_t i = 0; conv_isa_name(i); i++) {
        printf(" %s", conv_isa_name(i));
    }
    puts(")");
    return APP_OK;
}
