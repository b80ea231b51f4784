/* The one table of options. */
#include "app/options.h"

#include "app/setters.h"

#define AT(field) offsetof(app_call, field)
#define PADDINGS  "mirror symmetric replicate wrap zero constant= valid"

/* To add one: a row here, in its group. Where a field and a range don't say it all, write a setter
 * in setters.c. Then `python3 tests/cli/manpage.py --update` brings the man page along. */
static const app_option options[] = {
    {'k', "kernel",      "SPEC",               "Kernel and border",  APP_FOR_CHAIN,                                "KERNEL",
     "the kernel of 'conv': a name, a file or numbers",                                                                                                                                         "The kernel of the stage 'conv': a catalogue name, a file, or the numbers themselves, rows "
     "ended by ';', as in '0 -1 0; -1 5 -1; 0 -1 0'.\nA number may be a fraction: 1/9.",                                                                                                                                             APP_TEXT, AT(defaults.kernel),   0, 0,             NULL              },
    {'p', "padding",     "MODE[:N]",           "Kernel and border",  APP_FOR_CHAIN,                                PADDINGS,
     "what lies beyond the edge (default: mirror)",                                                                                                                                             "What lies beyond the edge of the image: mirror (the default), symmetric, replicate, wrap, "
     "zero, constant=V or valid.\nMODE:N or MODE:WxH pads by that many samples instead of "
     "keeping the size.\nIt is the default of every convolution stage of the chain.",                                                                                                                                                    APP_TEXT, AT(defaults.padding),  0, 0,             NULL              },
    {'s', "stride",      "N",                  "Kernel and border",  APP_FOR_CHAIN,                                "",
     "take every N-th sample; N or WxH (default: 1)",                                                                                                                                           "Steps of the window over the image, N or WxH; the default is 1.",                          APP_TEXT,
     AT(defaults.stride),                                                                                                                                                                                                                                                                                                    0, 0,             NULL              },
    {'d', "dilation",    "N",                  "Kernel and border",  APP_FOR_CHAIN,                                "",
     "spread the kernel's cells by N (default: 1)",                                                                                                                                             "Distance between the samples that neighbouring cells of the kernel look at, N or WxH; the "
     "default is 1.",                                                                                                                                                                                                                    APP_TEXT, AT(defaults.dilation), 0, 0,             NULL              },
    {0,   "anchor",      "X,Y",                "Kernel and border",  APP_FOR_CHAIN,                                "",
     "the kernel's cell that lies on the output pixel",                                                                                                                                         "The cell of the kernel that lies on the output pixel, counted from 0 at the top left.\nThe "
     "default is (size-1)/2, rounded down.",                                                                                                                                                                                         APP_TEXT, AT(defaults.anchor),   0, 0,             NULL              },
    {0,   "flip",        NULL,                 "Kernel and border",  APP_FOR_CHAIN,                                "",
     "true convolution: turn kernels by 180 degrees",                                                                                                                                           "True convolution: the kernel is turned by 180 degrees first.\nWithout it the program "
     "computes the correlation, as OpenCV and the neural network frameworks do.",                                                                                                                                                      APP_FLAG, AT(defaults.flip),     0, 0,             NULL              },

    {0,   "pool",        "KIND:SIZE[:STRIDE]", "Added to the chain", APP_FOR_CHAIN,
     "max: avg: min: nearest:",                                                                                                               "append a pooling stage: max, avg, min, nearest",
     "Appends the pooling stage 'maxpool', 'avgpool', 'minpool' or 'nearestpool'.\nGiven several "
     "times, each is appended in the order given.",                                                                                                                                                                                                                                         APP_SET,  0,                     0, 0,             app_set_pool      },
    {0,   "scale",       "F",                  "Added to the chain", APP_FOR_CHAIN,                                "",                        "append: multiply by F",
     "Appends a stage that multiplies by F.\nThe order is always pools, scale, bias, normalize.",                                                                                                                                                                                           APP_SET,  0,                     0, 0,             app_set_scale     },
    {0,   "bias",        "B",                  "Added to the chain", APP_FOR_CHAIN,                                "",                        "append: add B",
     "Appends a stage that adds B.",                                                                                                                                                                                                                                                        APP_SET,  0,                     0, 0,             app_set_bias      },
    {0,   "normalize",   NULL,                 "Added to the chain", APP_FOR_CHAIN,                                "",
     "append: stretch to the full range",                                                                                                                                                       "Appends the stage 'normalize': the least value of the whole image becomes black, the "
     "greatest white.",                                                                                                                                                                                                                            APP_FLAG, AT(normalize),         0, 0,             NULL              },

    {'c', "color",       "MODE",               "Colour and numbers", APP_FOR_CHAIN,                                "auto gray each",
     "auto, gray, or each channel (default: auto)",                                                                                                                                             "What filters look at.\nWith auto, the default, edge filters look at gray and every other "
     "filter at each channel; gray and each ask for one of the two.",                                                                                                                                                                    APP_SET,  0,                     0, 0,             app_set_color     },
    {0,   "linear",      NULL,                 "Colour and numbers", APP_FOR_CHAIN,                                "",                        "compute in linear light",
     "Computes in linear light: sRGB is decoded before the chain and encoded after it.",                                                                                                                                                                                                    APP_FLAG,
     AT(settings.linear),                                                                                                                                                                                                                                                                                                    0, 0,             NULL              },
    {0,   "map",         "MODE",               "Colour and numbers", APP_FOR_CHAIN,                                "clamp abs signed minmax",
     "numbers to pixels: clamp, abs, signed, minmax",                                                                                                                                           "How numbers become pixels.\nclamp, the default: what is below 0 becomes 0, what is above "
     "white becomes white.\nabs: the absolute value first.\nsigned: half the contrast around "
     "mid-gray, 128 + v/2 for 8 bits.\nminmax: the least value becomes black, the greatest white.",                                                                                                                                    APP_SET,  0,                     0, 0,             app_set_map       },
    {0,   "depth",       "8|16",               "Colour and numbers", APP_FOR_CHAIN,                                "8 16",
     "bits of an output sample (default: the input's)",                                                                                                                                         "Bits of an output sample, 8 or 16.\nThe default is the input's depth; JPEG always has 8.",
     APP_SET,                                                                                                                                                                                                                                                                                         0,                     0, 0,             app_set_depth     },

    {'o', "output",      "PATH",               "Output",             APP_FOR_FILTER,                               "FILE",
     "a file, a directory, or {dir} {stem} {ext} {n}",                                                                                                                                          "Where the output goes: a file, an existing directory, or a template with {dir}, {stem}, "
     "{ext} and {n}.\nAll operands are inputs then.",                                                                                                                                                                                 APP_TEXT, AT(output),            0, 0,             NULL              },
    {'n', "no-clobber",  NULL,                 "Output",             APP_FOR_FILTER,                               "",                        "keep outputs that exist already",
     "Keeps an output that exists already, says so, and counts it as done.",                                                                                                                                                                                                                APP_FLAG,
     AT(no_clobber),                                                                                                                                                                                                                                                                                                         0, 0,             NULL              },
    {0,   "in-place",    NULL,                 "Output",             APP_FOR_FILTER,                               "",                        "replace each input by its result",
     "Replaces each input by its result, in the input's own format.",                                                                                                                                                                                                                       APP_FLAG, AT(in_place),          0, 0,
     NULL                                                                                                                                                                                                                                                                                                                                                        },
    {0,   "format",      "NAME",               "Output",             APP_FOR_FILTER,                               "FORMAT",
     "the output's format (default: by its extension)",                                                                                                                                         "The format of the output, whatever its name.\nOutputs that are named by directory or by "
     "{ext} get its extension.",                                                                                                                                                                                                     APP_SET,  0,                     0, 0,             app_set_format    },
    {0,   "quality",     "Q",                  "Output",             APP_FOR_FILTER,                               "",                        "JPEG: 1 to 100",
     "The quality of JPEG, 1 to 100.\nOther formats don't look at it.",                                                                                                                                                                                                                     APP_INT,  AT(quality),           1,
     100,                                                                                                                                                                                                                                                                                                                                      NULL              },
    {0,   "compression", "0..9",               "Output",             APP_FOR_FILTER,                               "0 1 2 3 4 5 6 7 8 9",
     "PNG: 0 (fastest) to 9 (smallest; default: 3)",                                                                                                                                            "The effort of PNG's compression, 0 (fastest) to 9 (smallest); the default is 3.\nWhat "
     "they do: see Formats in the man page.\nOther formats don't look at it.",                                                                                                                                                          APP_INT,  AT(compression),       0, 9,             NULL              },
    {0,   "strip",       NULL,                 "Output",             APP_FOR_FILTER,                               "",                        "leave out metadata",
     "Leaves out the colour profile, EXIF, resolution and gamma that would go along.",                                                                                                                                                                                                      APP_FLAG,
     AT(strip),                                                                                                                                                                                                                                                                                                              0, 0,             NULL              },

    {'j', "jobs",        "N",                  "Running",            APP_FOR_CHAIN,                                "",                        "threads (default: one a core)",
     "The number of threads, 1 to 1024; the default is every processor that the\nprogram may run "
     "on.\nThe result is the same "
     "for every number.",                                                                                                                                                                                                                                                                   APP_INT,  AT(jobs),              1, 1024,          NULL              },
    {'q', "quiet",       NULL,                 "Running",            APP_FOR_CHAIN,                                "",                        "say nothing but errors",
     "Says nothing but errors.\nOf -q and -v the last one counts.",                                                                                                                                                                                                                         APP_SET,  0,                     0, 0,
     app_set_quiet                                                                                                                                                                                                                                                                                                                                               },
    {'v', "verbose",     NULL,                 "Running",            APP_FOR_CHAIN,                                "",                        "say what is done and how",
     "Says what is done and how: sizes, formats, stages, threads, bands, instruction set.\nWith "
     "explain: shows every stage in full.",                                                                                                                                                                                                                                                 APP_SET,  0,                     0, 0,             app_set_verbose   },
    {0,   "dry-run",     NULL,                 "Running",            APP_FOR_FILTER,                               "",                        "say what would be done, write nothing",
     "Says on standard output what would be done, with the size and format of each output, and "
     "writes nothing.\nThe inputs are read as far as that needs.",                                                                                                                                                                                                                          APP_FLAG, AT(dry_run),           0, 0,             NULL              },
    {0,   "json",        NULL,                 "Running",            APP_FOR_FILTER | APP_FOR_LIST | APP_FOR_SHOW, "",
     "a report as JSON on standard output",                                                                                                                                                     "Writes a report as one JSON document to standard output; with list and show, the answer "
     "itself.",                                                                                                                                                                                                                                  APP_FLAG, AT(json),              0, 0,             NULL              },

    {0,   "max-side",    "N",                  "Limits",             APP_FOR_CHAIN,                                "",                        "most samples a side (default: 65535)",
     "The most samples that an image may have a side, 1 to 16777216; the default is 65535.",                                                                                                                                                                                                APP_INT,  AT(limits.max_side),   1, CONV_MAX_SIDE, NULL              },
    {0,   "max-pixels",  "N",                  "Limits",             APP_FOR_CHAIN,                                "",                        "most pixels in all (default: 268435456)",
     "The most pixels that an image may have; the default is 2^28.\nAn image that says it has more "
     "is refused before memory is taken for it.",                                                                                                                                                                                                                                           APP_SET,  0,                     0, 0,             app_set_max_pixels},
    {0,   "max-memory",  "SIZE",               "Limits",             APP_FOR_CHAIN,                                "4G",
     "most memory for a whole image (default: 4G)",                                                                                                                                             "The most memory that a decoder may take, and each image that has to be held as a whole, in "
     "bytes, or with K, M or G behind the number (times 1024); the default is 4G.\nHeld as a whole "
     "are progressive JPEGs, images that EXIF turns, and what normalize and --map minmax look at.",                                                                                                                                      APP_SET,  0,                     0, 0,             app_set_max_memory},
    {0,   "lenient",     NULL,                 "Limits",             APP_FOR_CHAIN,                                "",                        "accept cut-off or damaged JPEGs",
     "Accepts a JPEG that is cut off or damaged, as far as libjpeg-turbo can make something of it, "
     "and says in one line what was wrong.\nOther formats, and stb, know of no such thing.",                                                                                                                                                                                                APP_FLAG, AT(limits.lenient),    0, 0,             NULL              },

    {0,   "at",          "X,Y",                "With explain",       APP_FOR_EXPLAIN,                              "",                        "the output pixel to explain",
     "The output pixel that explain takes apart: column and row, counted from 0 at the top left.",                                                                                                                                                                                          APP_SET,  0,                     0, 0,             app_set_at        },
    {0,   "channel",     "N",                  "With explain",       APP_FOR_EXPLAIN,                              "0 1 2 3",
     "one channel alone, counted from 0",                                                                                                                                                       "Explains one channel alone, counted from 0; the default is every channel.",                APP_INT,
     AT(channel),                                                                                                                                                                                                                                                                                                            0, 15,            NULL              },

    {'h', "help",        NULL,                 "Help",               APP_FOR_ALL,                                  "",                        "this help, or a command's",
     "Prints the help, or that of the command it stands behind.",                                                                                                                                                                                                                           APP_FLAG, AT(help),              0, 0,             NULL              },
    {'V', "version",     NULL,                 "Help",               APP_FOR_ALL,                                  "",                        "version, codecs, instruction set",
     "Prints the version, the formats with the library that serves each, and the instruction set "
     "in use.",                                                                                                                                                                                                                                                                             APP_FLAG, AT(version),           0, 0,             NULL              },
};

enum { OPTION_COUNT = sizeof options / sizeof *options };
_Static_assert(OPTION_COUNT <= 64, "app_call.given has a bit for each option");

const app_option *app_option_at(size_t i) {
    return i < OPTION_COUNT ? &options[i] : NULL;
}

const char *app_option_name_at(size_t i) {
    return i < OPTION_COUNT ? options[i].name : NULL;
}
