/* Options: which images, and where the results go. */
#include "app/call/option_families.h"
#include "app/call/setters.h"

#define AT(field) offsetof(app_call, field)

const app_option app_files_options[] = {
    /* ---- Many images ---- */
    {
        .letter = 'r',
        .name = "recursive",
        .group = "Many images",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .help = "take the images in directories, and below them",
        .manual =
            "Takes the images in each directory named as an input, and in those below it, in the "
            "order of the bytes of their paths.\n"
            "Below an output directory they keep their places; directories are made there as "
            "needed, but the output directory itself must exist, unless --mkdir makes it.\n"
            "What isn't an image is skipped and counted; see Many images in the man page.",
        .kind = APP_FLAG,
        .offset = AT(recursive),
    },
    {
        .name = "files-from",
        .argument = "FILE",
        .group = "Many images",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .values = "FILE",
        .help = "read names of inputs from FILE, '-' for stdin",
        .manual = "Reads names of inputs from a file, one a line; '-' is standard input.\n"
                  "They come after the inputs among the operands, and may be any number, so that "
                  "the output is a directory or a template.\n"
                  "Empty lines are ignored, and a list without names is no error.",
        .kind = APP_TEXT,
        .offset = AT(files_from),
    },
    {
        .letter = '0',
        .name = "null",
        .group = "Many images",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .help = "names in the list end in NUL (find -print0)",
        .manual = "The names in the list of --files-from are separated by NUL bytes, as find "
                  "-print0 writes them, not by new lines.",
        .kind = APP_FLAG,
        .offset = AT(null_names),
    },
    {
        .name = "shard",
        .argument = "K/N",
        .group = "Many images",
        .where = APP_FOR_FILTER,
        .values = "auto",
        .help = "only the K-th of N shares of the inputs; or auto",
        .manual =
            "Takes only the K-th of N shares of the inputs, which are balanced by the files' "
            "sizes and don't depend on the order of the inputs.\n"
            "auto takes both numbers from a Slurm array job's environment, auto/N takes K from GNU "
            "parallel's; see Shares of a batch in the man page.",
        .kind = APP_SET,
        .set = app_set_shard,
    },

    /* ---- Output ---- */
    {
        .letter = 'o',
        .name = "output",
        .argument = "PATH",
        .group = "Output",
        .where = APP_FOR_FILTER | APP_FOR_NET | APP_FOR_SHOW | APP_FOR_LESSON | APP_FOR_WORKSHEET,
        .values = "FILE",
        .help = "a file, directory, or {dir} {stem} {ext} {n} {map}",
        .manual = "Where the output goes: a file, a directory, or a template with {dir}, "
                  "{stem}, {ext} and {n} (or {n:04}); {map} writes a file for each channel.\n"
                  "All operands are then inputs.\n"
                  "For net it is NAME=FILE, and may be given several times: any value of the "
                  "network, by its name.\n"
                  "For show it is a picture of the kernels, for worksheet the sheet.",
        .kind = APP_SET,
        .set = app_set_output,
    },
    {
        .name = "view",
        .argument = "both",
        .optional = true,
        .group = "Output",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .values = "both",
        .help = "show the result here; =both: beside the input",
        .manual = "Shows the result in the terminal, as the picture that is written; then OUTPUT "
                  "may be left out, and nothing is written.\n"
                  "--view=both shows the input to the left of it.\n"
                  "A result of many channels is shown as the sheet of --maps; see Pictures in the "
                  "terminal in the man page.",
        .kind = APP_SET,
        .set = app_set_view,
    },
    {
        .letter = 'f',
        .name = "force",
        .group = "Output",
        .where = APP_FOR_FILES | APP_FOR_NET | APP_FOR_SHOW | APP_FOR_LESSON | APP_FOR_WORKSHEET,
        .help = "replace outputs that convtool didn't write",
        .manual = "Replaces an existing output, whoever wrote it.\n"
                  "Without this option convtool replaces only what it wrote itself; see Files in "
                  "the man page.",
        .kind = APP_FLAG,
        .offset = AT(force),
    },
    {
        .letter = 'n',
        .name = "no-clobber",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "keep outputs that already exist",
        .manual = "Keeps an output that already exists, or appears while its image is being made, "
                  "says so, and counts it as done.",
        .kind = APP_FLAG,
        .offset = AT(no_clobber),
    },
    {
        .name = "resume",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "keep outputs that are up to date",
        .manual =
            "Keeps an output that is at least as new as its input, by the times of their last "
            "change, and was made by the same chain and options.\n"
            "Such outputs are counted as kept, and named only with -v; all others are made, under "
            "the usual rules for existing files.\n"
            "Without a record, as in PFM and with --strip, the times alone decide.",
        .kind = APP_FLAG,
        .offset = AT(resume),
    },
    {
        .name = "fail-fast",
        .group = "Output",
        .where = APP_FOR_FILTER | APP_FOR_VIEW,
        .help = "begin no more images once one has failed",
        .manual = "Begins no more images once one has failed. Without it the others are still "
                  "done.",
        .kind = APP_FLAG,
        .offset = AT(fail_fast),
    },
    {
        .name = "in-place",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "replace each input with its result",
        .manual = "Replaces each input with its result, in the input's own format.\n"
                  "This needs no --force.",
        .kind = APP_FLAG,
        .offset = AT(in_place),
    },
    {
        .name = "mkdir",
        .group = "Output",
        .where = APP_FOR_FILTER,
        .help = "create missing output directories",
        .manual = "Creates missing output directories and their parents, like mkdir -p.\n"
                  "A name that ends with a slash is a directory, and so is the last operand after "
                  "several inputs.",
        .kind = APP_FLAG,
        .offset = AT(mkdir),
    },
    {
        .name = "format",
        .argument = "NAME",
        .group = "Output",
        .where = APP_FOR_FILES,
        .values = "FORMAT",
        .help = "the output's format (default: by its extension)",
        .manual = "The format of the output, whatever its name.\n"
                  "Outputs named by a directory or by {ext} get its extension.",
        .kind = APP_SET,
        .set = app_set_format,
    },
    {
        .name = "quality",
        .argument = "Q",
        .group = "Output",
        .where = APP_FOR_FILES,
        .help = "JPEG quality, 1 to 100 (default: 90)",
        .manual = "The quality of JPEG, 1 to 100; the default is 90.\n"
                  "Other formats ignore it.",
        .kind = APP_INT,
        .offset = AT(quality),
        .low = 1,
        .high = 100,
    },
    {
        .name = "compression",
        .argument = "0..9",
        .group = "Output",
        .where = APP_FOR_FILES,
        .values = "0 1 2 3 4 5 6 7 8 9",
        .help = "PNG: 0 (fastest) to 9 (smallest); default: 3",
        .manual = "The effort of PNG compression, 0 (fastest) to 9 (smallest); the default is 3.\n"
                  "The man page explains the levels, under Formats.\n"
                  "Other formats ignore it.",
        .kind = APP_INT,
        .offset = AT(compression),
        .high = 9,
    },
    {
        .name = "strip",
        .group = "Output",
        .where = APP_FOR_FILES,
        .help = "leave out metadata",
        .manual = "Leaves out the colour profile, EXIF, resolution and gamma, and the record of "
                  "how the image was made.\n"
                  "Replacing the output later needs --force.",
        .kind = APP_FLAG,
        .offset = AT(strip),
    },
};
