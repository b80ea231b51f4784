#include "app/call/topics.h"

#include <stdio.h>
#include <string.h>

#include "app/call/catalogue.h"
#include "app/call/layout.h"

const char app_chain_text[] =
    "CHAIN is STAGE[,STAGE]...; STAGE is NAME[:VALUE or :KEY=VALUE]..., as in\n"
    "gray,gaussian:1.4,sobel:padding=zero,maxpool:2.";

const char app_kernel_text[] =
    "A kernel can be given inline, as in -k '0 -1 0; -1 5 -1; 0 -1 0', or as a text file.\n"
    "In a chain, conv:FILE and conv:'1 2 1' do the same; there a comma needs a backslash.\n"
    "Rows end with a semicolon or a new line; numbers are separated by blanks or commas.\n"
    "A number may be a fraction such as 1/9.\n"
    "The minus signs, spaces and surrounding quotation marks of a word processor are accepted.\n"
    "A '#' starts a comment.\n"
    "A line 'anchor X,Y' names the cell that lies on the output pixel, counted from 0,0 at the top "
    "left; a line 'divide N' divides all numbers by N.\n"
    "CRLF line ends and a byte-order mark are accepted.\n"
    "Ragged rows, empty cells, NaN, infinity, NUL bytes, numbers that overflow or whose sums "
    "would, empty kernels, more than 255 cells a side, and files of more than 1 MiB are refused, "
    "with line and column.";

const char app_bank_text[] =
    "A bank's file is a .npy file of shape (filters, channels, height, width), as PyTorch has its "
    "weights, or (filters, height, width) for filters on gray; or a text file of several kernels, "
    "each written as a kernel file is, and all of one size.\n"
    "In a text file a blank line separates filters.\n"
    "With a line 'NAME:' before each filter they have names, and a blank line separates the "
    "kernels of one filter: one for each channel that it sees.\n"
    "Filters of one kernel in a text file work on gray.\n"
    "All kernels have the same anchor, if they have one.\n"
    "Other shapes, numbers that aren't finite, and more than 2^24 numbers are refused.";

static void print_chain(void) {
    app_print_wrapped(app_chain_text, 0, 0);
    puts("\nconvtool list stages lists the stages; convtool help NAME explains one.");
}

static void print_kernels(void) {
    app_print_wrapped(app_kernel_text, 0, 0);
    puts("\nconvtool list kernels lists those that have a name.");
}

static void print_banks(void) {
    app_print_wrapped(app_bank_text, 0, 0);
    puts("\nconvtool list banks lists those that have a name; convtool help bank tells "
         "more.");
}

static void print_templates(void) {
    static const char *const rows[][2] = {
        {"{dir}", "the input's directory, or a dot if it has none; with -r, relative to the one "
                  "named"},
        {"{stem}", "the input's name without directory and extension; of standard input 'stdin'"},
        {"{ext}", "the input's extension without the dot, or that of --format"},
        {"{n}", "the input's number, counted from 1"},
        {"{n:04}", "the same with zeros in front, in four digits"},
        {"{map}", "the channel's number, from 0: each channel becomes a file of its own"},
        {"{{", "a brace"},
    };
    puts("\nIn a template:");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        app_print_row(rows[i][0], 6, rows[i][1]);
    }
    puts("\nExample:\n  convtool sharpen -o '{dir}/{stem}-sharp.{ext}' *.jpg");
}

static void print_white(void) {
    app_print_wrapped(
        "The number of a white sample: 255 in an 8-bit image, 65535 in a 16-bit one, the file's "
        "maximum in PGM, PPM and PAM, and 1 (or the file's scale) in PFM.\n"
        "Higher results become white when the image is written; --map and --scale change that.",
        0, 0);
}

static void print_numbers(void) {
    app_print_wrapped(
        "A table (text, CSV, TSV) or a .npy file holds plain numbers, which are never rescaled: a "
        "picture written as numbers keeps its own, such as 0 to 255, and a picture made of numbers "
        "clamps them to its range.\n"
        "A row of the table is a row of the image; a blank line begins another channel. A .npy "
        "file has the shape (height, width) or (height, width, channels), or (channels, height, "
        "width) with --layout chw.\n"
        "convtool computes with floats of 32 bits: whole numbers beyond 2^24 lose digits, with a "
        "warning. NaN and infinity need --allow-nonfinite.",
        0, 0);
    puts("\nman convtool tells more, under Numbers.\nExample:\n"
         "  printf '1 2 3\\n4 5 6\\n7 8 9\\n' | convtool sobel:x - -");
}

/* To add one: a row here. */
static const app_topic topics[] = {
    {"banks", "how to write a bank of filters", NULL, print_banks},
    {"chain", "stages, one after another", NULL, print_chain},
    {"filter", NULL, NULL, print_chain},
    {"filters", NULL, NULL, print_chain},
    {"formats", "the formats of files", "format", NULL},
    {"kernels", "how to write a kernel", NULL, print_kernels},
    {"numbers", "tables and .npy files", NULL, print_numbers},
    {"paddings", "what lies beyond the edge", "padding", NULL},
    {"pooling", NULL, "pool", NULL},
    {"stage", NULL, NULL, print_chain},
    {"stages", NULL, NULL, print_chain},
    {"template", NULL, "output", print_templates},
    {"templates", "names for many outputs", "output", print_templates},
    {"white", "the number of a white sample", NULL, print_white},
    {"window", "the arguments of every convolution stage", NULL, app_print_window_arguments},
};

const app_topic *app_topic_at(size_t i) {
    return i < sizeof topics / sizeof *topics ? &topics[i] : NULL;
}

const app_topic *app_topic_find(const char *word) {
    const app_topic *topic;
    for (size_t i = 0; (topic = app_topic_at(i)); i++) {
        if (strcmp(topic->word, word) == 0) {
            return topic;
        }
    }
    return NULL;
}
