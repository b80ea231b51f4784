/* The table of commands. */
#include "app/commands.h"

#include <string.h>

#include "app/options.h"

/* To add one: a row here, and its function in a file of its name. */
static const app_command commands[] = {
    {"list",       "[stages|kernels|paddings] [--json]", "what filters, kernels and paddings there are",
     "Lists the stages, kernels and paddings, or one of the three, each with a line on what it "
     "means.\nPaddings come with their pattern: what lies beyond the edge, beside the row abcd.",                                   APP_FOR_LIST,    0, 1, app_list      },
    {"show",       "KERNEL [--json]",                    "a kernel's numbers and what follows from them",
     "Shows a kernel: its numbers, their sum (the gain for a flat image), the range of results for "
     "8-bit images, the cheapest way to compute it (on a large 8-bit gray image; CONVTOOL_PATH "
     "has the names), and whether it is separable, and into what.\nKERNEL is a catalogue name, a "
     "file or the numbers, as for --kernel.\nWhere it starts with a minus sign, put -- in front.",                                  APP_FOR_SHOW,    1, 1, app_show      },
    {"explain",    "CHAIN --at X,Y INPUT",               "how one output pixel is computed",
     "Takes one pixel of the output apart: the window of input values, with those beyond the edge "
     "in brackets, times the kernel, each product, the sum, rounding, and the final pixel.\n"
     "The values that go in, and the final pixel, are the engine's own; the arithmetic shown is "
     "compared with it, and a last line says so.\nOf several window stages the last is shown in "
     "full, with -v all of them.\nThe options that change numbers are those of a filter call.",                                     APP_FOR_EXPLAIN, 2, 2, app_explain   },
    {"completion", "bash|zsh|fish",                      "completion code for a shell",
     "Prints completion code for the shell.",                                                                                       0,               1, 1, app_completion},
    {"help",       "[COMMAND|FILTER]",                   "this help, or that of a command or filter",
     "Prints the help, or that of a command, or what the list says of a filter.",                                                   0,               0, 1,
     app_help                                                                                                                                                            },
    {"version",    "",                                   "version, formats, instruction set",             "The same as --version.", 0,               0, 0,
     app_version                                                                                                                                                         },
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

const app_command *app_command_at(size_t i) {
    return i < COMMAND_COUNT ? &commands[i] : NULL;
}

const app_command *app_command_find(const char *name) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

const char *app_word_at(size_t i) {
    filter_entry entry;
    if (i < COMMAND_COUNT) {
        return commands[i].name;
    }
    return filter_entry_at(FILTER_STAGES, i - COMMAND_COUNT, &entry) ? entry.name : NULL;
}
