/* Options: those of single commands, and help. */
#include "app/call/option_families.h"
#include "app/call/setters.h"

#define AT(field) offsetof(app_call, field)

const app_option app_command_options[] = {
    /* ---- With compare ---- */
    {
        .name = "diff",
        .group = "With compare",
        .where = APP_FOR_COMPARE,
        .help = "show differences, print PSNR and SSIM",
        .manual = "Also shows the absolute difference of each result from the first, or of a "
                  "single one from the original, and prints PSNR and SSIM.",
        .kind = APP_FLAG,
        .offset = AT(diff),
    },
    {
        .name = "no-original",
        .group = "With compare",
        .where = APP_FOR_COMPARE,
        .help = "leave out the original",
        .manual = "Leaves the original out of the sheet.",
        .kind = APP_FLAG,
        .offset = AT(no_original),
    },

    /* ---- With explain ---- */
    {
        .name = "at",
        .argument = "X,Y",
        .group = "With explain",
        .where = APP_FOR_EXPLAIN | APP_FOR_WORKSHEET,
        .help = "the output pixel to explain (default: the middle)",
        .manual =
            "The output pixel to explain: column and row, counted from 0 at the top left; the "
            "default is the one in the middle.",
        .kind = APP_SET,
        .set = app_set_at,
    },
    {
        .name = "channel",
        .argument = "N",
        .group = "With explain",
        .where = APP_FOR_EXPLAIN,
        .values = "0 1 2 3",
        .help = "only this channel, from 0 (default: all)",
        .manual = "Explains only this channel of the output, counted from 0; the default is all "
                  "channels.",
        .kind = APP_INT,
        .offset = AT(channel),
        .high = CODEC_MOST_CHANNELS - 1,
    },
    {
        .name = "steps",
        .group = "With explain",
        .where = APP_FOR_EXPLAIN,
        .help = "a pixel after another, by keys",
        .manual =
            "Explains a pixel after another on the terminal: Enter or the space bar moves the "
            "window on, arrows move it anywhere, Home and End go to the ends of the row, "
            "PgDn and PgUp show what doesn't fit the screen, and q ends.",
        .kind = APP_FLAG,
        .offset = AT(steps),
    },

    /* ---- With worksheet ---- */
    {
        .name = "kind",
        .argument = "KINDS",
        .group = "With worksheet",
        .where = APP_FOR_WORKSHEET,
        .values = "all convolution median padding pooling sizes which receptive dense lstm",
        .help = "of exercises, or all (default: those for the chain)",
        .manual =
            "The kinds of exercises, separated by commas, or all: convolution (a window times "
            "a kernel; of a gradient such as sobel, both its kernels), median, padding, pooling, "
            "sizes (stride, padding and the output's size), which (kernel made this picture), "
            "receptive (fields), dense (a fully connected layer), lstm (one step).\n"
            "The default is those that go with the chain's stages.",
        .kind = APP_TEXT,
        .offset = AT(kind),
    },
    {
        .name = "size",
        .argument = "WxH",
        .group = "With worksheet",
        .where = APP_FOR_WORKSHEET,
        .values = "5x5 4x4 6x6 8x6",
        .help = "of the image of numbers, 3x3 to 16x16 (default: 5x5)",
        .manual = "The size of the image of numbers, N or WxH, from 3 to 16 a side; the default is "
                  "5x5.",
        .kind = APP_SET,
        .set = app_set_size,
    },
    {
        .name = "seed",
        .argument = "N",
        .group = "With worksheet",
        .where = APP_FOR_WORKSHEET,
        .values = "1 2 3",
        .help = "other numbers: the same seed gives the same sheet",
        .manual = "Chooses the numbers: the same seed gives the same sheet everywhere; the default "
                  "is 0.",
        .kind = APP_INT,
        .offset = AT(seed),
        .high = 1000000000,
    },
    {
        .name = "count",
        .argument = "K",
        .group = "With worksheet",
        .where = APP_FOR_WORKSHEET,
        .values = "1 2 3",
        .help = "exercises of each kind (default: 1)",
        .manual = "How many exercises of each kind there are, 1 to 100.",
        .kind = APP_INT,
        .offset = AT(count),
        .low = 1,
        .high = 100,
    },
    {
        .name = "solution",
        .group = "With worksheet",
        .where = APP_FOR_WORKSHEET,
        .help = "add the solutions, on pages of their own",
        .manual = "Adds the solutions, on pages of their own.",
        .kind = APP_FLAG,
        .offset = AT(solution),
    },

    /* ---- With net ---- */
    {
        .name = "labels",
        .argument = "FILE",
        .group = "With net",
        .where = APP_FOR_NET,
        .values = "FILE",
        .help = "names of classes, one a line; prints the best",
        .manual = "Prints the best classes of what a network makes of the pictures, or of the "
                  "numbers given, by the names in FILE, one a line, the first for class 0.\n"
                  "A whole bar is 1 where the greatest number is from 0 to 1, else the greatest "
                  "number.",
        .kind = APP_TEXT,
        .offset = AT(labels),
    },
    {
        .name = "top",
        .argument = "N",
        .group = "With net",
        .where = APP_FOR_NET,
        .values = "1 3 5",
        .help = "print the N best classes (default: 5)",
        .manual = "How many classes are printed; without --labels they have numbers, from 0.",
        .kind = APP_INT,
        .offset = AT(top),
        .low = 1,
        .high = 1000,
    },
    {
        .name = "dot",
        .group = "With net",
        .where = APP_FOR_NET,
        .help = "a network's graph for Graphviz",
        .manual = "Prints the graph of a network in Graphviz's language, as in convtool net --dot "
                  "MODEL | dot -Tsvg.",
        .kind = APP_FLAG,
        .offset = AT(dot),
    },

    /* ---- Help ---- */
    {
        .letter = 'h',
        .name = "help",
        .group = "Help",
        .where = APP_FOR_ALL,
        .help = "this help, or a command's",
        .manual = "Prints the help or, after a command, the help for that command.",
        .kind = APP_FLAG,
        .offset = AT(help),
    },
    {
        .letter = 'V',
        .name = "version",
        .group = "Help",
        .where = APP_FOR_ALL,
        .help = "version, formats, instruction set",
        .manual = "Prints the version, the formats with their libraries, and the instruction set "
                  "in use.",
        .kind = APP_FLAG,
        .offset = AT(version),
    },
};
