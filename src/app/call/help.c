/* --help, help, version. */
#include <stdio.h>
#include <string.h>

#include "app/call/help.h"
#include "app/call/message.h"
#include "app/call/options.h"
#include "app/call/version.h"
#include "codec/codec.h"
#include "conv/conv.h"

static const char usage[] =
    "convtool CHAIN [OPTION]... INPUT OUTPUT             one image\n"
    "convtool CHAIN [OPTION]... INPUT... DIRECTORY       many images\n"
    "convtool CHAIN [OPTION]... -o TEMPLATE INPUT...     many, named by a template\n"
    "convtool COMMAND [ARGUMENT]...                      list, show, explain, ...\n";

void app_help_short(void) {
    printf("convtool %s: filters images by convolution and pooling.\n\n%s\n", APP_VERSION, usage);
    fputs("convtool sobel in.png out.png\n"
          "convtool gray,gaussian:1.4,sobel,maxpool:2 in.jpg out.png\n"
          "convtool list                 every filter, kernel and padding\n"
          "convtool --help               every option\n",
          stdout);
}

/* Two columns; where the left one is too wide the right one begins on the next line. */
static void print_row(const char *left, int width, const char *right) {
    if ((int)strlen(left) > width) {
        printf("  %s\n  %*s  %s\n", left, width, "", right);
    } else {
        printf("  %-*s  %s\n", width, left, right);
    }
}

static void print_option(const app_option *option) {
    char left[64];
    int used = option->letter
                   ? snprintf(left, sizeof left, "-%c, --%s", option->letter, option->name)
                   : snprintf(left, sizeof left, "    --%s", option->name);
    if (option->argument) {
        snprintf(left + used, sizeof left - (size_t)used, " %s", option->argument);
    }
    print_row(left, 26, option->help);
}

/* The options that mean something at `where`, under their groups' headings. */
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

static void help_main(const app_commands *commands) {
    printf("convtool %s: filters images by convolution and pooling.\n\n%s", APP_VERSION, usage);
    fputs("\nCHAIN is STAGE[,STAGE]..., a STAGE is NAME[:VALUE or :KEY=VALUE]..., as in\n"
          "gray,gaussian:1.4,sobel:padding=zero,maxpool:2. `convtool list` names them all.\n"
          "'-' is standard input or standard output; '--' ends the options.\n",
          stdout);
    print_options(APP_FOR_ALL);
    fputs("\nCommands:\n", stdout);
    for (size_t i = 0; i < commands->count; i++) {
        const app_command *command = &commands->list[i];
        char left[64];
        snprintf(left, sizeof left, "%s %s", command->name, command->arguments);
        print_row(left, 26, command->summary);
    }
    fputs("\nExit status: 0 all well, 1 an image failed, 2 the call was wrong.\n"
          "The whole story: man convtool\n",
          stdout);
}

/* Broken at blanks into lines of at most 80 columns. */
static void print_wrapped(const char *text) {
    int column = 0;
    while (*text) {
        const int word = (int)strcspn(text, " \n");
        if (column > 0 && column + 1 + word > 80) {
            putchar('\n');
            column = 0;
        }
        column += printf("%s%.*s", column ? " " : "", word, text);
        text += word;
        if (*text == '\n') {
            putchar('\n');
            column = 0;
        }
        text += *text != '\0';
    }
    putchar('\n');
}

static void help_command(const app_command *command) {
    printf("convtool %s%s%s\n\n", command->name, *command->arguments ? " " : "",
           command->arguments);
    print_wrapped(command->manual);
    if (command->where) {
        print_options(command->where);
    }
}

static bool help_filter(const char *name) {
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &entry); i++) {
        if (strcmp(entry.name, name) == 0) {
            printf("%s%s%s\n\n%s\n", entry.name, *entry.arguments ? "  " : "", entry.arguments,
                   entry.summary);
            if (*entry.detail) {
                printf("As every convolution stage it also takes %s.\n", entry.detail);
            }
            return true;
        }
    }
    return false;
}

static bool is_kernel(const char *name) {
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(FILTER_KERNELS, i, &entry); i++) {
        if (strcmp(entry.name, name) == 0) {
            return true;
        }
    }
    return false;
}

int app_help(const app_call *call, const app_commands *commands) {
    if (call->operand_count < 2) {
        help_main(commands);
        return APP_OK;
    }
    const char *name = call->operands[1];
    const app_command *command = app_command_find(commands, name);
    if (command) {
        help_command(command);
    } else if (!help_filter(name)) {
        const char *near = filter_named_elsewhere(name);
        near = near ? near : ct_nearest(name, app_word_at, commands);
        if (is_kernel(name)) {
            app_say(NULL, "help: '%s' is a kernel; see convtool show %s", name, name);
        } else if (near) {
            app_say(NULL, "help: no command or filter '%s'; did you mean '%s'?", name, near);
        } else {
            app_say(NULL, "help: no command or filter '%s'; see convtool list", name);
        }
        return APP_USAGE;
    }
    return APP_OK;
}

int app_version(const app_call *call, const app_commands *commands) {
    (void)call, (void)commands;
    printf("convtool %s\n%s\n\nformats:\n", APP_VERSION, APP_LICENCE);
    int width = 0;
    for (size_t i = 0; codec_format_at(i); i++) {
        const int length = (int)strlen(codec_format_library(codec_format_at(i)));
        width = length > width ? length : width;
    }
    for (size_t i = 0; codec_format_at(i); i++) {
        const codec_format *format = codec_format_at(i);
        printf("  %-6s %-*s  %s\n", codec_format_name(format), width, codec_format_library(format),
               codec_format_summary(format));
    }
    printf("instruction set: %s (of", conv_isa());
    for (size_t i = 0; conv_isa_name(i); i++) {
        printf(" %s", conv_isa_name(i));
    }
    puts(")");
    return APP_OK;
}
