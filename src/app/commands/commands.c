#include "app/commands/commands.h"

#include <limits.h>

#include "app/call/help.h"
#include "app/call/options.h"
#include "app/commands/explain.h"
#include "app/commands/list.h"
#include "app/commands/show.h"
#include "app/complete/completion.h"

/* To add one: a row here, and its function in a file of its name. */
static const app_command commands[] = {
    {
        .name = "list",
        .arguments = "[stages|kernels|paddings] [--json]",
        .summary = "what filters, kernels and paddings there are",
        .manual =
            "Lists the stages, kernels and paddings, or one of the three, each with a line on what "
            "it means.\n"
            "Paddings come with their pattern: what lies beyond the edge, beside the row abcd.",
        .where = APP_FOR_LIST,
        .most = 1,
        .values = {"stages kernels paddings"},
        .run = app_list,
    },
    {
        .name = "show",
        .arguments = "KERNEL [--json]",
        .summary = "a kernel's numbers and what follows from them",
        .manual =
            "Shows a kernel: its numbers, their sum (the gain for a flat image), the range of "
            "results for 8-bit images, the cheapest way to compute it (on a large 8-bit gray "
            "image; CONVTOOL_PATH has the names), and whether it is separable, and into what.\n"
            "KERNEL is a catalogue name, a file or the numbers, as for --kernel.\n"
            "Where it starts with a minus sign, put -- in front.",
        .where = APP_FOR_SHOW,
        .least = 1,
        .most = 1,
        .values = {"KERNEL"},
        .run = app_show,
    },
    {
        .name = "explain",
        .arguments = "CHAIN --at X,Y INPUT",
        .summary = "how one output pixel is computed",
        .manual =
            "Takes one pixel of the output apart: the window of input values, with those beyond "
            "the edge in brackets, times the kernel, each product, the sum, rounding, and the "
            "final pixel.\n"
            "The values that go in, and the final pixel, are the engine's own; the arithmetic "
            "shown is compared with it, and a last line says so.\n"
            "Of several window stages the last is shown in full, with -v all of them.\n"
            "The options that change numbers are those of a filter call.",
        .where = APP_FOR_EXPLAIN,
        .least = 2,
        .most = 2,
        .values = {"CHAIN", "IMAGE"},
        .run = app_explain,
    },
    {
        .name = "completion",
        .arguments = "bash|zsh|fish",
        .summary = "completion code for a shell",
        .manual =
            "Prints code that makes the shell complete stages, arguments, values, options and "
            "files "
            "on the press of TAB.\n"
            "An installed convtool has it where shells look for such code.\n"
            "Otherwise bash and zsh take it by eval \"$(convtool completion bash)\" (or zsh, "
            "behind "
            "compinit) in ~/.bashrc or ~/.zshrc, and fish by convtool completion fish | source in "
            "~/.config/fish/config.fish.",
        .least = 1,
        .most = INT_MAX, /* of which `words` takes many */
        .values = {"bash zsh fish"},
        .run = app_completion,
    },
    {
        .name = "help",
        .arguments = "[WORD]",
        .summary = "this help, or what a word means",
        .manual =
            "Prints the help, or what is known about a word: a command, a filter (its formula, "
            "arguments and an example), a kernel, a padding, an option, an argument, a value "
            "or a format.\n"
            "help window explains the arguments of every convolution stage.",
        .most = 1,
        .values = {"TOPIC"},
        .run = app_help,
    },
    {
        .name = "version",
        .arguments = "",
        .summary = "version, formats, instruction set",
        .manual = "The same as --version.",
        .run = app_version,
    },
};

const app_commands app_all_commands = {commands, sizeof commands / sizeof *commands};
