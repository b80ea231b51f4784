/* Options: what is told of a run, how it runs, and within which limits. */
#include "app/call/option_families.h"
#include "app/call/setters.h"

#define AT(field) offsetof(app_call, field)

const app_option app_run_options[] = {
    /* ---- Between stages ---- */
    {
        .name = "trace",
        .group = "Between stages",
        .where = APP_FOR_FILTER | APP_FOR_NET,
        .help = "print what each stage makes, with its values",
        .manual =
            "Prints a table for each image to standard output, or with --json a list in its line: "
            "what convtool shape prints, and minimum, mean and maximum of what each stage makes, "
            "the share of negative samples, and the number of those that are no finite numbers, "
            "which count for nothing else; alpha isn't counted.\n"
            "Of a network there is a table of its nodes too: the milliseconds that each took, the "
            "shape, minimum, mean and maximum of what it made, and the share of zeros; also of a "
            "run of convtool net on numbers.\n"
            "The result is the same, but one thread makes it.",
        .kind = APP_FLAG,
        .offset = AT(trace),
    },
    {
        .name = "tap",
        .argument = "K=FILE",
        .group = "Between stages",
        .where = APP_FOR_FILTER,
        .help = "also write what stage K makes; may be repeated",
        .manual =
            "Also writes what stage K of the chain makes to a file, as its rows pass: what the "
            "chain up to there would write by itself, with the same options, in the format that "
            "the file's extension tells.\n"
            "K is the stage's number, counted from 1, or its name if no other stage has that. The "
            "file's name is a template, as for --output, if there are several inputs.\n"
            "It's written under the same rules as outputs. May be given several "
            "times.\n"
            "The result is the same, but one thread makes it; --map minmax can't be combined with "
            "it, nor --resume.",
        .kind = APP_SET,
        .set = app_set_tap,
    },

    /* ---- Running ---- */
    {
        .letter = 'j',
        .name = "jobs",
        .argument = "N",
        .group = "Running",
        .where = APP_FOR_CHAIN | APP_FOR_NET,
        .help = "threads (default: one per core)",
        .manual = "The number of threads, 1 to 1024; the default is one for each processor that "
                  "convtool may run on.\n"
                  "Of several images each thread takes one at a time; when few are left, or one is "
                  "much larger than the others, or others wait for memory (see --max-memory), "
                  "threads share it. There are fewer threads where the system allows no more, or "
                  "too few open files: two for each.\n"
                  "The results, and the order of all messages, are the same for any number.",
        .kind = APP_INT,
        .offset = AT(jobs),
        .low = 1,
        .high = APP_MOST_JOBS,
    },
    {
        .letter = 'q',
        .name = "quiet",
        .group = "Running",
        .where = APP_FOR_STAGES | APP_FOR_NET,
        .help = "print only errors",
        .manual = "Prints only errors.\n"
                  "If both -q and -v are given, the last one counts.",
        .kind = APP_SET,
        .set = app_set_quiet,
    },
    {
        .letter = 'v',
        .name = "verbose",
        .group = "Running",
        .where = APP_FOR_CHAIN | APP_FOR_NET | APP_FOR_SHOW,
        .help = "print what is done and how",
        .manual =
            "Prints what is done and how: sizes, formats, stages, threads, bands, "
            "instruction set, and where the time went.\n"
            "That is the processor's time, in seconds, for decoding, computing and encoding; "
            "a thread waits while it has no processor: for rows, for its turn to write, for "
            "the disk, or for other programs.\n"
            "What can't be shared among threads limits how much faster more of them are: "
            "decoding and writing where a format has to be read or written in order, and what "
            "is done before the first row and after the last.\n"
            "With explain: shows every stage in full. With show: says how a kernel would be "
            "computed.",
        .kind = APP_SET,
        .set = app_set_verbose,
    },
    {
        .name = "dry-run",
        .group = "Running",
        .where = APP_FOR_FILTER,
        .help = "print what would be done, write nothing",
        .manual = "Prints to standard output what would be done, with the size and format of each "
                  "output, and writes nothing.\n"
                  "The inputs are read only as far as needed.",
        .kind = APP_FLAG,
        .offset = AT(dry_run),
    },
    {
        .name = "as",
        .argument = "LIBRARY",
        .group = "Running",
        .where = APP_FOR_SHOW,
        .values = "numpy scipy opencv torch ffmpeg imagemagick vips",
        .help = "show a filter as code of numpy, opencv, ffmpeg, ...",
        .manual = "With show: prints the lines of Python (numpy, scipy, opencv, torch) or the "
                  "command (ffmpeg, imagemagick, vips) that do the same to an image of 8 bits.",
        .kind = APP_TEXT,
        .offset = AT(as),
    },
    {
        .name = "json",
        .group = "Running",
        .where = APP_FOR_FILES | APP_FOR_LIST | APP_FOR_SHOW | APP_FOR_SHAPE | APP_FOR_NET |
                 APP_FOR_EXPLAIN,
        .help = "the report, list or kernel as JSON on standard output",
        .manual =
            "Writes a report to standard output, a line of JSON for each image and one for the "
            "whole call; with list, show, shape and explain, their output as JSON.",
        .kind = APP_FLAG,
        .offset = AT(json),
    },

    /* ---- Limits ---- */
    {
        .name = "max-side",
        .argument = "N",
        .group = "Limits",
        .where = APP_FOR_CHAIN,
        .help = "maximum width and height (default: 65535; of numbers 2^24)",
        .manual =
            "The maximum width and height of an image, 1 to 16777216; the default is 65535,\n"
            "and 16777216 for plain numbers.\n"
            "Each of these limits is a whole number, optionally followed by K, M, G or T (times "
            "1024, 1024^2, 1024^3 or 1024^4), or a power such as 2^16.",
        .kind = APP_SET,
        .set = app_set_max_side,
    },
    {
        .name = "max-pixels",
        .argument = "N",
        .group = "Limits",
        .where = APP_FOR_CHAIN,
        .help = "maximum number of pixels (default: 2^28)",
        .manual = "The maximum number of pixels in an image, such as 1000000, 256M or 2^28 (the "
                  "default).\n"
                  "An image that claims to have more is refused before memory is allocated for it.",
        .kind = APP_SET,
        .set = app_set_max_pixels,
    },
    {
        .name = "max-memory",
        .argument = "SIZE",
        .group = "Limits",
        .where = APP_FOR_CHAIN | APP_FOR_NET,
        .values = "4G",
        .help = "maximum memory for images and rows (default: 4G)",
        .manual =
            "The maximum memory, in bytes, for a decoder, for each image that must be held as a "
            "whole, and for the rows that are under way, such as 1000000, 512M or 4G (the "
            "default).\n"
            "Held as a whole are progressive JPEGs, images rotated by EXIF, the input of "
            "normalize, threshold:otsu, --map minmax and padding wrap, a byte for each sample of "
            "canny (4 with auto), results of --maps and --scaling each or common, tables, and the "
            "images of a stream behind the first.\n"
            "Several images at once have no more than that together: the next begins when what it "
            "takes fits beside the others, in turn. One that is alone may begin whatever it takes, "
            "if none of the three is above the limit. The program itself, with a few MiB for each "
            "thread, comes on top, and so does an image of a stream that is larger than the one "
            "before: it's read before it waits.",
        .kind = APP_SET,
        .set = app_set_max_memory,
    },
    {
        .name = "lenient",
        .group = "Limits",
        .where = APP_FOR_CHAIN,
        .help = "accept cut-off or damaged PNGs and JPEGs",
        .manual = "Accepts a PNG or JPEG that is cut off or damaged, and warns of what was wrong.\n"
                  "Of a PNG, whatever can be decoded is kept, and the rest becomes zeros; damaged "
                  "chunks that the image doesn't need are ignored.\n"
                  "A JPEG is decoded as far as libjpeg-turbo can; stb accepts no damaged JPEG.\n"
                  "Of a stream that is cut off, the images before that are kept.\n"
                  "Nothing else is affected.",
        .kind = APP_FLAG,
        .offset = AT(limits.lenient),
    },
};
