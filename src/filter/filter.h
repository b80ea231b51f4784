/* The catalogue: what filters exist and their coefficients, and the text of a chain turned into the
 * engine's stages. Knows nothing of files: for a kernel that isn't in the catalogue, a callback is
 * asked for the text.
 *
 *   text --filter_parse--> filter_chain --filter_lower--> filter_program (conv_stage[])
 *
 * A chain is parsed and checked once, then lowered for each image, since the stages depend on the
 * image's channels and on which number is white. */
#ifndef CT_FILTER_FILTER_H
#define CT_FILTER_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "conv/conv.h"

/* ---- kernels ---- */

typedef struct filter_kernel {
    char name[64];          /* "sobel-x", a file's name, or "inline" */
    char summary[128];      /* one line; empty for a user's own */
    int width, height;      /* 1..255 */
    int anchor_x, anchor_y; /* -1: the default, (size - 1) / 2 */
    double *weights;        /* height x width, already divided */
    double divisor;         /* what `divide` said (1 if nothing); weights = numbers / divisor */
    double *row, *column;   /* if both are set, weights = column x row to double precision */
    char warning[128];      /* the text may mean something else; "": it doesn't */
} filter_kernel;

void filter_kernel_free(filter_kernel *kernel);

typedef enum filter_found { FILTER_FOUND, FILTER_MISSING, FILTER_UNREADABLE } filter_found;

/* An array of numbers from a file. */
enum { FILTER_DIMENSIONS = 4 };
typedef struct filter_array {
    int dimensions; /* 1 to FILTER_DIMENSIONS */
    size_t side[FILTER_DIMENSIONS];
    double *numbers; /* finite; the last index varies fastest; the caller frees them */
} filter_array;

/* Where the files of kernels and banks come from. */
typedef struct filter_loader {
    /* Reads the first `most` bytes of the file `name`, or all of a shorter one, into *bytes, which
     * the caller frees. FILTER_MISSING (without an error) where there is no such file;
     * FILTER_UNREADABLE with an error that says why, without the name. */
    filter_found (*read)(void *context, const char *name, size_t most, char **bytes, size_t *size,
                         ct_error *err);

    /* Makes an array of at most `most` numbers of a file's bytes. FILTER_MISSING (without an error)
     * where they aren't one, but text; FILTER_UNREADABLE with an error, without the name. NULL: no
     * file is an array. */
    filter_found (*array)(void *context, const char *bytes, size_t size, size_t most,
                          filter_array *out, ct_error *err);
    void *context;
} filter_loader;

/* A catalogue name, else a file that exists (loader NULL: none does), else the numbers themselves.
 * For a name that is none of these the error suggests the nearest. Errors in a file read
 * "FILE:LINE:COLUMN: what". */
filter_kernel *filter_kernel_load(const char *spec, const filter_loader *loader, ct_error *err);

/* Parses kernel text; `origin` is what errors name. */
filter_kernel *filter_kernel_parse(const char *origin, const char *text, size_t size,
                                   ct_error *err);

/* Sets row and column if the kernel is of rank 1 (relative 1e-12), or all zeros; else leaves them
 * NULL. False only when out of memory. Called by filter_kernel_load. */
bool filter_kernel_separate(filter_kernel *kernel, ct_error *err);

/* ---- the catalogue, for list, help, man page, completions and sweep tests ---- */

typedef enum filter_list {
    FILTER_STAGES,
    FILTER_KERNELS,
    FILTER_BANKS,
    FILTER_PADDINGS
} filter_list;

enum { FILTER_USAGE = 96 }; /* bytes enough for any stage's usage */

typedef struct filter_entry {
    const char *name;
    const char *summary; /* one line */

    /* Stages and banks; "" and NULL in the other lists. */
    char usage[FILTER_USAGE]; /* "size=3 ...": each argument with its default; of choices the
                                 default comes first */
    const char *formula;      /* lines of at most 66 columns */

    /* Stages; NULL and false in the other lists. */
    const char *example; /* what comes between `convtool` and the files */
    bool windowed;       /* takes the arguments of every convolution stage */
    bool edge;           /* works on gray, drops alpha */

    /* Kernels: cells. */
    int width, height;

    /* Paddings. */
    const char *pattern;        /* "cb|abcd|cb" */
    const char *const *aliases; /* other names, up to a NULL */
    bool takes_value;           /* is written NAME=V */
} filter_entry;

/* The i-th entry; false past the last. */
bool filter_entry_at(filter_list list, size_t i, filter_entry *out);

/* The entry of that name; a padding's other names are known too. */
bool filter_entry_find(filter_list list, const char *name, filter_entry *out);

/* Whether the bank of that name takes the argument of that name; a file takes those that all
 * banks have. */
bool filter_bank_takes(const char *bank, const char *name);

/* Whether the text begins with the name of a stage, as a chain does. */
bool filter_begins_chain(const char *text);

/* One of the values of an argument that is a choice. */
typedef struct filter_choice {
    const char *name;
    const char *meaning; /* NULL: the name says it */
} filter_choice;

typedef struct filter_argument {
    const char *name;
    const char *kind;     /* number, level, integer, size, pool, extent, odd, choice, kernel, bank,
                             numbers, padding, anchor, file, text */
    const char *fallback; /* the default, a value or words; NULL: it must be given */
    const char *meaning;  /* one line */
    const filter_choice *choices; /* ends with a name of NULL; NULL: not a choice */
    bool ranged;                  /* low and high mean something */
    double low, high;
    char values[FILTER_USAGE]; /* what may be given, in words: "N or WxH, 1 to 255" */
} filter_argument;

/* The i-th argument of a stage, in the order of values without a key; with `stage` NULL, of those
 * that every convolution stage takes as well. False past the last. */
bool filter_argument_at(const char *stage, size_t i, filter_argument *out);

/* The stages that go by `name` in other programs (blur, edge): the i-th, the likeliest first; NULL
 * past the last. */
enum { FILTER_ELSEWHERE = 2 /* at most */ };
const char *filter_named_elsewhere(const char *name, size_t i);

/* The same for "did you mean %s?": "'gaussian' or 'box'". False where there are none. */
typedef struct filter_meant {
    char text[64];
} filter_meant;
bool filter_meant_elsewhere(const char *name, filter_meant *meant);

/* Whether the word is a filter's or kernel's name, here or elsewhere, or near one: what the error
 * about an unknown filter can tell more of than that it's unknown. */
bool filter_is_like_any(const char *name);

/* ---- chains ---- */

typedef struct filter_defaults {
    const char *like;    /* of --like: a library's name; NULL: none */
    const char *padding; /* text of --padding, or NULL; each is checked by filter_parse, and an */
    const char *stride;  /* error in it starts with the option's name: "--padding: unknown ..." */
    const char *dilation;
    const char *anchor;
    const char *kernel; /* text of -k */
    bool flip;
    const filter_loader *loader; /* of kernel files; must outlive the chain. NULL: there are none */
} filter_defaults;

/* They don't count around the stages of a chain. */
#define FILTER_BLANKS " \t\r\n"

typedef struct filter_chain filter_chain;

/* Parses and checks the text against the catalogue. `defaults` may be NULL. Errors begin with the
 * stage as typed: "sobel:padding=mirorr: unknown padding 'mirorr'; did you mean 'mirror'?". */
filter_chain *filter_parse(const char *text, const filter_defaults *defaults, ct_error *err);

/* Appends stages given as text (what --pool, --scale, --bias, --normalize do). */
bool filter_append(filter_chain *chain, const char *text, ct_error *err);
void filter_chain_free(filter_chain *chain);
size_t filter_chain_length(const filter_chain *chain);
const char *filter_chain_stage_text(const filter_chain *chain, size_t i); /* as typed */

/* Appends the chain in one line that says everything the pixels depend on: the stages as typed,
 * each followed by what the defaults add to it (":padding=zero"), and a fingerprint ("#1a2b3c4d")
 * of a kernel whose numbers aren't given. Defaults that change nothing add nothing. False: out of
 * memory. */
bool filter_chain_text(const filter_chain *chain, ct_text *out);

/* How many channels an image must have, but for alpha, as the weights of a bank that comes first
 * say; 0: others will do too. */
int filter_chain_channels(const filter_chain *chain);

/* A trained network that the chain begins with: the image that the other stages work on is what it
 * makes, so the caller runs it, and lowers the chain for that image. */
typedef struct filter_network {
    const char *model;      /* the file; the chain has the texts */
    const char *out;        /* the value that is wanted; NULL: the model's output */
    double low, high;       /* the numbers that are black and white for the network */
    double mean[3], std[3]; /* of each colour, in that range: (v - mean) / std is what it gets */
    bool bgr;               /* blue comes first */
    bool last;              /* channels are the last dimension, not before rows and columns */
    bool ranged, ordered, laid; /* low and high, bgr, last were given */
} filter_network;
bool filter_chain_network(const filter_chain *chain, filter_network *out); /* false: there's none */

/* A warning that stage i may mean something else ("9 numbers in one row: ..."); NULL: none. Of
 * stages that share -k, the first has it. */
const char *filter_chain_warning(const filter_chain *chain, size_t i);

/* The i-th library that stages may be made like; NULL past the last. */
const char *filter_library_at(const void *unused, size_t i);

/* Whether it's the name of one; the error suggests the nearest. */
bool filter_library_check(const char *name, ct_error *err);

/* The name of a default that no stage of the chain takes, as in "maxpool:2" with --stride; NULL
 * where all are taken. */
const char *filter_chain_unused(const filter_chain *chain);

typedef enum filter_color { FILTER_COLOR_AUTO, FILTER_COLOR_GRAY, FILTER_COLOR_EACH } filter_color;
typedef enum filter_map { FILTER_CLAMP, FILTER_MAP_ABS, FILTER_SIGNED, FILTER_MINMAX } filter_map;

/* By name; the error suggests a near miss: "unknown map 'sined'; did you mean 'signed'?" */
bool filter_color_parse(const char *text, filter_color *out, ct_error *err);
bool filter_map_parse(const char *text, filter_map *out, ct_error *err);

/* The names that these functions take. */
const char *filter_color_name(filter_color color);
const char *filter_map_name(filter_map map);

typedef struct filter_image {
    int width, height, channels;
    bool alpha;       /* the last channel is alpha */
    double white;     /* the number that is white in the input: 255, 65535, 1, a PGM's maximum */
    double out_white; /* and in the output */
    bool real;        /* the input's numbers are floats: its mid-gray is white / 2 */
} filter_image;

bool filter_same_image(const filter_image *a, const filter_image *b);

typedef struct filter_settings {
    filter_color color;
    filter_map map;
    bool linear;
} filter_settings;

/* The range of a program's results, before they are rounded and clamped. */
typedef struct filter_range {
    bool known;       /* else low and high mean nothing */
    double low, high; /* no result lies outside, for any image of 0..white */
    bool reached;     /* a white image gives `high`: nothing was subtracted on the way */
    bool binary;      /* only black and white, from a threshold */
    bool overshoots;  /* resizing may go somewhat beyond low and high, next to edges */
} filter_range;

/* The last threshold of a program, for messages. */
typedef struct filter_threshold {
    int stage; /* of the chain; -1: none, or its result isn't the output */
    double value, white;
    bool beyond; /* no image of 0..white reaches it */
    bool below;  /* every image of 0..white reaches it everywhere */
} filter_threshold;

typedef struct filter_program {
    conv_stage *stages;
    int count;
    int *origin;    /* for each: the chain's stage that it comes from, -1: inserted (gray, weighting
                     * by alpha, map, change of white) */
    conv_shape out; /* the last stage's shape */
    bool out_alpha; /* whether its last channel is alpha */
    bool turned;    /* its x is the input's y */
    const char *const *names; /* what the output's channels are called, out.channels of them; NULL:
                                 they have no names */
    filter_range range;
    filter_threshold threshold;
    void *owned; /* what the stages point into */
} filter_program;

/* Whether the first that the stages do with colours is to turn them to gray, so that an input may
 * as well be read as gray. */
bool filter_starts_gray(const filter_chain *chain, const filter_settings *settings);

/* The engine's stages for one image. Inserts what the settings ask for: gray before edge filters,
 * weighting by alpha, sRGB decoding and encoding, the map, and last the scale from the input's
 * white to the output's. Fails where a stage can't work on what it gets ("maxpool:9: the image is
 * 4x4 here, smaller than the 9x9 window"), with the stage as typed in front. */
bool filter_lower(const filter_chain *chain, const filter_settings *settings,
                  const filter_image *image, filter_program *out, ct_error *err);
void filter_program_free(filter_program *program);

#endif
