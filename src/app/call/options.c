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
        .where = APP_FOR_STAGES,
        .values = "KERNEL",
        .help = "the kernel of 'conv': a name, a file or numbers",
        .manual =
            "The kernel of the stage 'conv': a name from the catalogue, a file, or the numbers "
            "themselves, with ';' between rows, as in '0 -1 0; -1 5 -1; 0 -1 0'.\n"
            "A number may be a fraction: 1/9.",
        .kind = APP_TEXT,
        .offset = AT(defaults.kernel),
    },
    {
        .letter = 'p',
        .name = "padding",
        .argument = "MODE[:N]",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .values = "PADDING",
        .help = "what lies beyond the edge (default: mirror)",
        .manual =
            "What lies beyond the edge of the image: mirror (the default), symmetric, replicate, "
            "wrap, zero, constant=V or valid.\n"
            "MODE:N or MODE:WxH adds that many samples on each side instead of keeping the size.\n"
            "This is the default for every convolution stage of the chain.",
        .kind = APP_TEXT,
        .offset = AT(defaults.padding),
    },
    {
        .letter = 's',
        .name = "stride",
        .argument = "N",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "take every N-th sample; N or WxH (default: 1)",
        .manual = "The step of the window across the image, N or WxH; the default is 1.",
        .kind = APP_TEXT,
        .offset = AT(defaults.stride),
    },
    {
        .letter = 'd',
        .name = "dilation",
        .argument = "N",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "spread the kernel's cells by N (default: 1)",
        .manual = "The distance between the samples under neighbouring kernel cells, N or WxH; the "
                  "default is 1.",
        .kind = APP_TEXT,
        .offset = AT(defaults.dilation),
    },
    {
        .name = "anchor",
        .argument = "X,Y",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "the kernel cell that lies on the output pixel",
        .manual = "The kernel cell that lies on the output pixel, counted from 0 at the top left.\n"
                  "The default is (size-1)/2, rounded down.",
        .kind = APP_TEXT,
        .offset = AT(defaults.anchor),
    },
    {
        .name = "flip",
        .group = "Kernel and border",
        .where = APP_FOR_STAGES,
        .help = "true convolution: rotate kernels by 180 degrees",
        .manual =
            "True convolution: the kernel is rotated by 180 degrees first.\n"
            "Without this option convtool computes correlation, as OpenCV and the neural network "
            "frameworks do.",
        .kind = APP_FLAG,
        .offset = AT(defaults.flip),
    },

    /* ---- Added to the chain ---- */
    {
        .name = "pool",
        .argument = "KIND:SIZE[:STRIDE]",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .values = "max: avg: min: nearest:",
        .help = "append a pooling stage: max, avg, min, nearest",
        .manual = "Appends a pooling stage.\n"
                  "KIND is max, avg, min or nearest, or the stage's whole name, as in maxpool.\n"
                  "Several are appended in the order given.",
        .kind = APP_SET,
        .set = app_set_pool,
    },
    {
        .name = "scale",
        .argument = "F",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .help = "append: multiply by F",
        .manual = "Appends a stage that multiplies by F.\n"
                  "The order is always pool, scale, bias, normalize.",
        .kind = APP_SET,
        .set = app_set_scale,
    },
    {
        .name = "bias",
        .argument = "B",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .help = "append: add B",
        .manual = "Appends a stage that adds B.",
        .kind = APP_SET,
        .set = app_set_bias,
    },
    {
        .name = "normalize",
        .group = "Added to the chain",
        .where = APP_FOR_STAGES,
        .help = "append: stretch to the full range",
        .manual =
            "Appends the stage 'normalize': the smallest value of the whole image becomes black, "
            "the largest white.",
        .kind = APP_FLAG,
        .offset = AT(normalize),
    },

    /* ---- Colour and numbers ---- */
    {
        .letter = 'c',
        .name = "color",
        .argument = "MODE",
        .group = "Colour and numbers",
        .where = APP_FOR_STAGES,
        .values = "auto gray each",
        .help = "auto, gray, or each channel (default: auto)",
        .manual = "What filters work on.\n"
                  "With auto, the default, edge filters work on gray and all other filters on each "
                  "channel; gray and each apply to all filters.\n"
                  "The edge filters are sobel, scharr, prewitt, roberts, kirsch, robinson, "
                  "laplacian, log, dog, canny and zerocross.",
        .kind = APP_SET,
        .set = app_set_color,
    },
    {
        .name = "like",
        .argument = "LIBRARY",
        .group = "Colour and numbers",
        .where = APP_FOR_STAGES,
        .values = "LIBRARY",
        .help = "the numbers of opencv, scipy, skimage, pillow, ...",
        .manual =
            "Gradients, blurs, kernels and pooling become what the library's function does to an "
            "image of whole numbers: its padding, size, scale and rounding, each channel by "
            "itself, alpha of all but edge filters too.\n"
            "The stages that it becomes are recorded in the output.\n"
            "What the library has no function for is an error that names what there is; see THE "
            "SAME NUMBERS AS THE OTHERS in the man page.",
        .kind = APP_SET,
        .set = app_set_like,
    },
    {
        .name = "linear",
        .group = "Colour and numbers",
        .where = APP_FOR_STAGES,
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
        .where = APP_FOR_STAGES,
        .values = "clamp abs signed minmax",
        .help = "numbers to pixels: clamp, abs, signed, minmax",
        .manual = "How numbers become pixels.\n"
                  "clamp, the default: values below 0 become 0, values above white become white.\n"
                  "abs: takes the absolute value first.\n"
                  "signed: halves the contrast around mid-gray, 128 + v/2 for 8 bits.\n"
                  "minmax: the smallest value becomes black, the largest white.",
        .kind = APP_SET,
        .set = app_set_map,
    },
    {
        .name = "depth",
        .argument = "8|16",
        .group = "Colour and numbers",
        .where = APP_FOR_PIXELS | APP_FOR_SHAPE,
        .values = "8 16",
        .help = "bits per output sample (default: the input's)",
        .manual = "Bits per output sample, 8 or 16; white is then 255 or 65535.\n"
                  "The default is the input's depth; JPEG always has 8.\n"
                  "Tables and .npy have floats by default, and with this option whole numbers "
                  "from 0 to 255 or 65535, unscaled.",
        .kind = APP_SET,
        .set = app_set_depth,
    },
    {
        .name = "channels",
        .argument = "LIST",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .help = "take only these channels of the input: 0,3-5",
        .manual = "Takes only these channels of the input, counted from 0, in this order: numbers "
                  "and ranges separated by commas, as in 0,3-5.\n"
                  "2,1,0 swaps red and blue.",
        .kind = APP_SET,
        .set = app_set_channels,
    },
    {
        .name = "layout",
        .argument = "hwc|chw",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .values = "hwc chw",
        .help = "order of a .npy with 3 dimensions (default: hwc)",
        .manual = "The order of the dimensions of a .npy file that has three: hwc (height, width, "
                  "channels), the default, or chw (channels, height, width), as PyTorch has it.\n"
                  "chw also applies to a .npy file that is written, which then always has three.",
        .kind = APP_SET,
        .set = app_set_layout,
    },
    {
        .name = "allow-nonfinite",
        .group = "Colour and numbers",
        .where = APP_FOR_CHAIN,
        .help = "accept NaN and infinity in tables and .npy",
        .manual = "Accepts NaN and infinity in tables and .npy files.\n"
                  "Without this option they are errors that name the place.",
        .kind = APP_FLAG,
        .offset = AT(limits.nonfinite),
    },

    /* ---- Feature maps ---- */
    {
        .name = "maps",
        .group = "Feature maps",
        .where = APP_FOR_FILTER,
        .help = "write all channels as one sheet, with captions",
        .manual =
            "Writes all channels of the result, its feature maps, as one picture: side by "
            "side, each below its name or number.\n"
            "Small maps are enlarged by a whole factor, to about 128 pixels, lists of numbers "
            "across to 16; see Feature maps in the man page.",
        .kind = APP_FLAG,
        .offset = AT(maps),
    },
    {
        .name = "grid",
        .argument = "COLUMNS[xROWS]",
        .group = "Feature maps",
        .where = APP_FOR_FILES,
        .help = "columns and rows of the sheet",
        .manual = "The columns, or the columns and rows, of the sheet of --maps; by default it is "
                  "somewhat wider than high.",
        .kind = APP_SET,
        .set = app_set_grid,
    },
    {
        .name = "scaling",
        .argument = "MODE",
        .group = "Feature maps",
        .where = APP_FOR_FILTER,
        .values = "each common fixed=",
        .help = "black to white: each, common, fixed=LOW,HIGH",
        .manual = "Which numbers of a map become black and white, or the ends of the colour map.\n"
                  "each, the default of --maps: the smallest and the largest number of each map.\n"
                  "common: those of all maps together.\n"
                  "fixed=LOW,HIGH: these numbers.\n"
                  "Without --maps the default is 0 and white, as for any picture, and with a "
                  "colour map around zero -white and white.",
        .kind = APP_SET,
        .set = app_set_scaling,
    },
    {
        .name = "colormap",
        .argument = "NAME",
        .group = "Feature maps",
        .where = APP_FOR_FILTER,
        .values = "COLORMAP",
        .help = "gray, viridis, magma, turbo, coolwarm",
        .manual = "Colours for the numbers of a result of one channel, or of maps: gray, viridis, "
                  "magma, turbo or coolwarm, which are those of matplotlib.\n"
                  "In coolwarm zero is in the middle, and the range symmetric.",
        .kind = APP_SET,
        .set = app_set_colormap,
    },

    /* ---- Many images ---- */
    {
        .letter = 'r',
        .name = "recursive",
        .group = "Many images",
        .where = APP_FOR_FILTER,
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
        .where = APP_FOR_FILTER,
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
        .where = APP_FOR_FILTER,
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
        .where = APP_FOR_FILTER,
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
        .values = "all convolution padding pooling sizes which receptive dense lstm",
        .help = "of exercises, or all (default: those for the chain)",
        .manual =
            "The kinds of exercises, separated by commas, or all: convolution (a window times "
            "a kernel), padding, pooling, sizes (stride, padding and the output's size), "
            "which (kernel made this picture), receptive (fields), dense (a fully connected "
            "layer), lstm (one step).\n"
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

enum { OPTION_COUNT = sizeof options / sizeof *options };
_Static_assert((int)OPTION_COUNT <= (int)APP_MOST_OPTIONS, "app_call.given has room for all");

const app_option *app_option_at(size_t i) {
    return i < OPTION_COUNT ? &options[i] : NULL;
}

const char *app_option_name_at(const void *unused, size_t i) {
    (void)unused;
    return i < OPTION_COUNT ? options[i].name : NULL;
}

bool app_options_check(const app_call *call, int where, const char *name, ct_error *err) {
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (call->given[i] && !(option->where & where) && option->where != APP_FOR_ALL) {
            return ct_fail(err, "--%s: doesn't apply to %s", option->name, name);
        }
    }
    return true;
}
