/* The one table of options. */
#include "app/call/options.h"

#include "app/call/setters.h"

#define AT(field) offsetof(app_call, field)

/* To add one: a row here, in its group. Where a field and a range aren't enough, write a setter in
 * setters.c. Then `python3 tests/cli/manpage.py --update` updates the man page. */
static const app_option options[] = {
    /* ---- Kernel and border ---- */
    {
        .letter = 'k',
        .name = "kernel",
        .argument = "SPEC",
        .group = "Kernel and border",
        .where = APP_FOR_CHAIN,
        .values = "KERNEL",
        .help = "the kernel of 'conv': a name, a file or numbers",
        .manual =
            "The kernel of the stage 'conv': a catalogue name, a file, or the numbers themselves, "
            "rows ended by ';', as in '0 -1 0; -1 5 -1; 0 -1 0'.\n"
            "A number may be a fraction: 1/9.",
        .kind = APP_TEXT,
        .offset = AT(defaults.kernel),
    },
    {
        .letter = 'p',
        .name = "padding",
        .argument = "MODE[:N]",
        .group = "Kernel and border",
        .where = APP_FOR_CHAIN,
        .values = "PADDING",
        .help = "what lies beyond the edge (default: mirror)",
        .manual =
            "What lies beyond the edge of the image: mirror (the default), symmetric, replicate, "
            "wrap, zero, constant=V or valid.\n"
            "MODE:N or MODE:WxH pads by that many samples instead of keeping the size.\n"
            "It is the default of every convolution stage of the chain.",
        .kind = APP_TEXT,
        .offset = AT(defaults.padding),
    },
    {
        .letter = 's',
        .name = "stride",
        .argument = "N",
        .group = "Kernel and border",
        .where = APP_FOR_CHAIN,
        .help = "take every N-th sample; N or WxH (default: 1)",
        .manual = "Steps of the window over the image, N or WxH; the default is 1.",
        .kind = APP_TEXT,
        .offset = AT(defaults.stride),
    },
    {
        .letter = 'd',
        .name = "dilation",
        .argument = "N",
        .group = "Kernel and border",
        .where = APP_FOR_CHAIN,
        .help = "spread the kernel's cells by N (default: 1)",
        .manual =
            "Distance between the samples that neighbouring cells of the kernel look at, N or "
            "WxH; the default is 1.",
        .kind = APP_TEXT,
        .offset = AT(defaults.dilation),
    },
    {
        .name = "anchor",
        .argument = "X,Y",
        .group = "Kernel and border",
        .where = APP_FOR_CHAIN,
        .help = "the kernel's cell that lies on the output pixel",
        .manual = "The cell of the kernel that lies on the output pixel, counted from 0 at the top "
                  "left.\n"
                  "The default is (size-1)/2, rounded down.",
        .kind = APP_TEXT,
        .offset = AT(defaults.anchor),
    },
    {
        .name = "flip",
        .group = "Kernel and border",
        .where = APP_FOR_CHAIN,
        .help = "true convolution: turn kernels by 180 degrees",
        .manual =
            "True convolution: the kernel is turned by 180 degrees first.\n"
            "Without it the program computes the correlation, as OpenCV and the neural network "
            "frameworks do.",
        .kind = APP_FLAG,
        .offset = AT(defaults.flip),
    },

    /* ---- Added to the chain ---- */
    {
        .name = "pool",
        .argument = "KIND:SIZE[:STRIDE]",
        .group = "Added to the chain",
        .where = APP_FOR_CHAIN,
        .values = "max: avg: min: nearest:",
        .help = "append a pooling stage: max, avg, min, nearest",
        .manual = "Appends the pooling stage 'maxpool', 'avgpool', 'minpool' or 'nearestpool'.\n"
                  "Given several times, each is appended in the order given.",
        .kind = APP_SET,
        .set = app_set_pool,
    },
    {
        .name = "scale",
        .argument = "F",
        .group = "Added to the chain",
        .where = APP_FOR_CHAIN,
        .help = "append: multiply by F",
        .manual = "Appends a stage that multiplies by F.\n"
                  "The order is always pools, scale, bias, normalize.",
        .kind = APP_SET,
        .set = app_set_scale,
    },
    {
        .name = "bias",
        .argument = "B",
        .group = "Added to the chain",
        .where = APP_FOR_CHAIN,
        .help = "append: add B",
        .manual = "Appends a stage that adds B.",
        .kind = APP_SET,
        .set = app_set_bias,
    },
    {
        .name = "normalize",
        .group = "Added to the chain",
        .where = APP_FOR_CHAIN,
        .help = "append: stretch to the full range",
        .manual =
            "Appends the stage 'normalize': the least value of the whole image becomes black, the "
            "greatest white.",
        .kind = APP_FLAG,
        .offset = AT(normalize),
    },

    /* ---- Colour and numbers ---- */
    {
        .letter = 'c',
        .name = "color",
        .argument = "MODE",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .values = "auto gray each",
        .help = "auto, gray, or each channel (default: auto)",
        .manual =
            "What filters look at.\n"
            "With auto, the default, edge filters look at gray and every other filter at each "
            "channel; gray and each ask for one of the two.",
        .kind = APP_SET,
        .set = app_set_color,
    },
    {
        .name = "linear",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .help = "compute in linear light",
        .manual =
            "Computes in linear light: sRGB is decoded before the chain and encoded after it.",
        .kind = APP_FLAG,
        .offset = AT(settings.linear),
    },
    {
        .name = "map",
        .argument = "MODE",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .values = "clamp abs signed minmax",
        .help = "numbers to pixels: clamp, abs, signed, minmax",
        .manual =
            "How numbers become pixels.\n"
            "clamp, the default: what is below 0 becomes 0, what is above white becomes white.\n"
            "abs: the absolute value first.\n"
            "signed: half the contrast around mid-gray, 128 + v/2 for 8 bits.\n"
            "minmax: the least value becomes black, the greatest white.",
        .kind = APP_SET,
        .set = app_set_map,
    },
    {
        .name = "depth",
        .argument = "8|16",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .values = "8 16",
        .help = "bits of an output sample (default: the input's)",
        .manual = "Bits of an output sample, 8 or 16; white is 255 or 65535 then.\n"
                  "The default is the input's depth; JPEG always has 8.",
        .kind = APP_SET,
        .set = app_set_depth,
    },

    /* ---- Output ---- */
    {
        .letter = 'o',
        .name = "output",
        .argument = "PATH",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .values = "FILE",
        .help = "a file, a directory, or {dir} {stem} {ext} {n}",
        .manual = "Where the output goes: a file, a directory, or a template with {dir}, "
                  "{stem}, {ext} and {n}.\n"
                  "All operands are inputs then.",
        .kind = APP_TEXT,
        .offset = AT(output),
    },
    {
        .letter = 'f',
        .name = "force",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "replace outputs that convtool didn't write",
        .manual = "Replaces an existing output whoever wrote it.\n"
                  "Without it convtool replaces only what it wrote itself; see Files.",
        .kind = APP_FLAG,
        .offset = AT(force),
    },
    {
        .letter = 'n',
        .name = "no-clobber",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "keep outputs that exist already",
        .manual = "Keeps an output that exists already, says so, and counts it as done.",
        .kind = APP_FLAG,
        .offset = AT(no_clobber),
    },
    {
        .name = "in-place",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "replace each input by its result",
        .manual = "Replaces each input by its result, in the input's own format.\n"
                  "This needs no --force.",
        .kind = APP_FLAG,
        .offset = AT(in_place),
    },
    {
        .name = "mkdir",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "make output directories that don't exist",
        .manual = "Makes the directories of outputs that don't exist, and those above them, as "
                  "mkdir -p does.\n"
                  "A name that ends with a slash is a directory, and so is the last operand behind "
                  "several inputs.",
        .kind = APP_FLAG,
        .offset = AT(mkdir),
    },
    {
        .name = "format",
        .argument = "NAME",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .values = "FORMAT",
        .help = "the output's format (default: by its extension)",
        .manual = "The format of the output, whatever its name.\n"
                  "Outputs that are named by directory or by {ext} get its extension.",
        .kind = APP_SET,
        .set = app_set_format,
    },
    {
        .name = "quality",
        .argument = "Q",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "JPEG: 1 to 100",
        .manual = "The quality of JPEG, 1 to 100.\n"
                  "Other formats don't look at it.",
        .kind = APP_INT,
        .offset = AT(quality),
        .low = 1,
        .high = 100,
    },
    {
        .name = "compression",
        .argument = "0..9",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .values = "0 1 2 3 4 5 6 7 8 9",
        .help = "PNG: 0 (fastest) to 9 (smallest; default: 3)",
        .manual =
            "The effort of PNG's compression, 0 (fastest) to 9 (smallest); the default is 3.\n"
            "What they do: see Formats in the man page.\n"
            "Other formats don't look at it.",
        .kind = APP_INT,
        .offset = AT(compression),
        .high = 9,
    },
    {
        .name = "strip",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "leave out metadata",
        .manual = "Leaves out the colour profile, EXIF, resolution and gamma that would go along, "
                  "and the record of what made the image.\n"
                  "Replacing the output later needs --force then.",
        .kind = APP_FLAG,
        .offset = AT(strip),
    },

    /* ---- Running ---- */
    {
        .letter = 'j',
        .name = "jobs",
        .argument = "N",
        .group = "Running",
        .where = APP_FOR_CHAIN,
        .help = "threads (default: one per core)",
        .manual = "The number of threads, 1 to 1024; the default is every processor that the\n"
                  "program may run on.\n"
                  "The result is the same for every number.",
        .kind = APP_INT,
        .offset = AT(jobs),
        .low = 1,
        .high = 1024,
    },
    {
        .letter = 'q',
        .name = "quiet",
        .group = "Running",
        .where = APP_FOR_CHAIN,
        .help = "say nothing but errors",
        .manual = "Says nothing but errors.\n"
                  "Of -q and -v the last one counts.",
        .kind = APP_SET,
        .set = app_set_quiet,
    },
    {
        .letter = 'v',
        .name = "verbose",
        .group = "Running",
        .where = APP_FOR_CHAIN,
        .help = "say what is done and how",
        .manual =
            "Says what is done and how: sizes, formats, stages, threads, bands, instruction set.\n"
            "With explain: shows every stage in full.",
        .kind = APP_SET,
        .set = app_set_verbose,
    },
    {
        .name = "dry-run",
        .group = "Running",
        .where = APP_FOR_FILTER,
        .help = "say what would be done, write nothing",
        .manual =
            "Says on standard output what would be done, with the size and format of each output, "
            "and writes nothing.\n"
            "The inputs are read as far as that needs.",
        .kind = APP_FLAG,
        .offset = AT(dry_run),
    },
    {
        .name = "json",
        .group = "Running",
        .where = APP_FOR_FILTER | APP_FOR_LIST | APP_FOR_SHOW,
        .help = "a report as JSON on standard output",
        .manual =
            "Writes a report as one JSON document to standard output; with list and show, the "
            "answer itself.",
        .kind = APP_FLAG,
        .offset = AT(json),
    },

    /* ---- Limits ---- */
    {
        .name = "max-side",
        .argument = "N",
        .group = "Limits",
        .where = APP_FOR_CHAIN,
        .help = "most samples a side: N, 64K, 2^16 (default: 65535)",
        .manual =
            "The most samples that an image may have a side, 1 to 16777216; the default is 65535.\n"
            "Each of these limits is a whole number, or one with K, M or G behind it (times 1024, "
            "1024^2 or 1024^3), or a power such as 2^16.",
        .kind = APP_SET,
        .set = app_set_max_side,
    },
    {
        .name = "max-pixels",
        .argument = "N",
        .group = "Limits",
        .where = APP_FOR_CHAIN,
        .help = "most pixels in all: N, 256M, 2^28 (the default)",
        .manual =
            "The most pixels that an image may have, as in 1000000, 256M or 2^28, which is the "
            "default.\n"
            "An image that says it has more is refused before memory is taken for it.",
        .kind = APP_SET,
        .set = app_set_max_pixels,
    },
    {
        .name = "max-memory",
        .argument = "SIZE",
        .group = "Limits",
        .where = APP_FOR_CHAIN,
        .values = "4G",
        .help = "most memory for a whole image (default: 4G)",
        .manual =
            "The most memory that a decoder may take, and each image that has to be held as a "
            "whole, in bytes, as in 1000000, 512M or 4G, which is the default.\n"
            "Held as a whole are progressive JPEGs, images that EXIF turns, and what normalize "
            "and --map minmax look at.",
        .kind = APP_SET,
        .set = app_set_max_memory,
    },
    {
        .name = "lenient",
        .group = "Limits",
        .where = APP_FOR_CHAIN,
        .help = "accept cut-off or damaged PNGs and JPEGs",
        .manual = "Accepts a PNG or JPEG that is cut off or damaged, and says in one line what was "
                  "wrong.\n"
                  "Of a PNG, what can be decoded is kept, and zeros stand for the rest; damaged "
                  "chunks that the image can do without are left out.\n"
                  "Of a JPEG, libjpeg-turbo makes what it can; stb takes no damaged JPEG.\n"
                  "The other formats are read as without this option.",
        .kind = APP_FLAG,
        .offset = AT(limits.lenient),
    },

    /* ---- With explain ---- */
    {
        .name = "at",
        .argument = "X,Y",
        .group = "With explain",
        .where = APP_FOR_EXPLAIN,
        .help = "the output pixel to explain",
        .manual =
            "The output pixel that explain takes apart: column and row, counted from 0 at the top "
            "left.",
        .kind = APP_SET,
        .set = app_set_at,
    },
    {
        .name = "channel",
        .argument = "N",
        .group = "With explain",
        .where = APP_FOR_EXPLAIN,
        .values = "0 1 2 3",
        .help = "one channel alone, counted from 0",
        .manual = "Explains one channel alone, counted from 0; the default is every channel.",
        .kind = APP_INT,
        .offset = AT(channel),
        .high = 15,
    },

    /* ---- Help ---- */
    {
        .letter = 'h',
        .name = "help",
        .group = "Help",
        .where = APP_FOR_ALL,
        .help = "this help, or a command's",
        .manual = "Prints the help, or that of the command it stands behind.",
        .kind = APP_FLAG,
        .offset = AT(help),
    },
    {
        .letter = 'V',
        .name = "version",
        .group = "Help",
        .where = APP_FOR_ALL,
        .help = "version, codecs, instruction set",
        .manual = "Prints the version, the formats with the library that serves each, and the "
                  "instruction set in use.",
        .kind = APP_FLAG,
        .offset = AT(version),
    },
};

enum { OPTION_COUNT = sizeof options / sizeof *options };
_Static_assert(OPTION_COUNT <= 64, "app_call.given has a bit for each option");

const app_option *app_option_at(size_t i) {
    return i < OPTION_COUNT ? &options[i] : NULL;
}

const char *app_option_name_at(const void *unused, size_t i) {
    (void)unused;
    return i < OPTION_COUNT ? options[i].name : NULL;
}
