/* The catalogue: what filters exist and their coefficients, and the text of a chain turned into the
 * engine's stages. Knows nothing of files but the small text files that hold kernels.
 *
 *   text --filter_parse--> filter_chain --filter_lower--> filter_program (conv_stage[])
 *
 * A chain is parsed and checked once, then lowered for each image, since the stages depend on the
 * image's channels and on which number is white. */
#ifndef CT_FILTER_FILTER_H
#define CT_FILTER_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "conv/conv.h"

/* ---- kernels ---- */

typedef struct filter_kernel {
    char name[64];          /* "sobel-x", a file's name, or "inline" */
    char summary[128];      /* one line; empty for a user's own */
    int width, height;      /* 1..255 */
    int anchor_x, anchor_y; /* -1: the default, (size - 1) / 2 */
    double *weights;        /* height x width, the division done */
    double divisor;         /* what `divide` said (1 if nothing); weights = numbers / divisor */
    double *row, *column;   /* if both are set, weights = column x row to double precision */
} filter_kernel;

void filter_kernel_free(filter_kernel *kernel);

/* A catalogue name, else a file that exists, else the numbers themselves. A name that is none of
 * these gets the nearest name. Errors in a file read "FILE:LINE:COLUMN: what". */
filter_kernel *filter_kernel_load(const char *spec, ct_error *err);

/* Parses kernel text; `origin` is what errors name. */
filter_kernel *filter_kernel_parse(const char *origin, const char *text, size_t size,
                                   ct_error *err);

/* If the kernel is of rank 1 (relative 1e-12), sets row and column. Called by filter_kernel_load.
 */
bool filter_kernel_separate(filter_kernel *kernel);

/* ---- what there is, for list, help, man page, completions and sweep tests ---- */

typedef struct filter_entry {
    const char *name;
    const char *arguments; /* "size=3 ..."; of choices the default comes first. Paddings: other
                              names, comma-separated. "" where there are none */
    const char *summary;   /* one line */
    const char *detail;    /* paddings: the pattern "cb|abcd|cb"; convolution stages: the arguments
                              that all of them take; else "" */
} filter_entry;

typedef enum filter_list { FILTER_STAGES, FILTER_KERNELS, FILTER_PADDINGS } filter_list;

/* The i-th entry; false past the last. */
bool filter_entry_at(filter_list list, size_t i, filter_entry *out);

/* The stage that goes by `name` in other programs (blur, edge); NULL where none does. */
const char *filter_named_elsewhere(const char *name);

/* ---- chains ---- */

typedef struct filter_defaults {
    const char *padding; /* text of --padding, or NULL; each is checked by filter_parse, and an */
    const char *stride;  /* error in it starts with the option's name: "--padding: unknown ..." */
    const char *dilation;
    const char *anchor;
    const char *kernel; /* text of -k */
    bool flip;
} filter_defaults;

typedef struct filter_chain filter_chain;

/* Parses and checks the text against the catalogue. `defaults` may be NULL. Errors begin with the
 * stage as typed: "sobel:padding=mirorr: unknown padding 'mirorr'; did you mean 'mirror'?". */
filter_chain *filter_parse(const char *text, const filter_defaults *defaults, ct_error *err);

/* Appends stages given as text (what --pool, --scale, --bias, --normalize do). */
bool filter_append(filter_chain *chain, const char *text, ct_error *err);
void filter_chain_free(filter_chain *chain);
size_t filter_chain_length(const filter_chain *chain);
const char *filter_chain_stage_text(const filter_chain *chain, size_t i); /* as typed */

/* Appends the chain in one line that says all that pixels depend on: the stages as typed, behind
 * each what the defaults add to it (":padding=zero"), and a fingerprint ("#1a2b3c4d") of a kernel
 * whose numbers don't stand there. Defaults that change nothing add nothing. False: no memory. */
bool filter_chain_text(const filter_chain *chain, ct_text *out);

/* The name of a default that no stage of the chain takes, as in "maxpool:2" with --stride; NULL
 * where all are taken. */
const char *filter_chain_unused(const filter_chain *chain);

typedef enum filter_color { FILTER_COLOR_AUTO, FILTER_COLOR_GRAY, FILTER_COLOR_EACH } filter_color;
typedef enum filter_map { FILTER_CLAMP, FILTER_MAP_ABS, FILTER_SIGNED, FILTER_MINMAX } filter_map;

/* By name, with near misses in the error: "unknown map 'sined'; did you mean 'signed'?" */
bool filter_color_parse(const char *text, filter_color *out, ct_error *err);
bool filter_map_parse(const char *text, filter_map *out, ct_error *err);

typedef struct filter_image {
    int width, height, channels;
    bool alpha;       /* the last channel is alpha */
    double white;     /* the number that is white in the input: 255, 65535, 1, a PGM's maximum */
    double out_white; /* and in the output */
    bool real;        /* the input's numbers are floats: its mid-gray is white / 2 */
} filter_image;

typedef struct filter_settings {
    filter_color color;
    filter_map map;
    bool linear;
} filter_settings;

typedef struct filter_program {
    conv_stage *stages;
    int count;
    int *origin;    /* for each: the chain's stage that it comes from, -1: put in by itself (gray,
                       alpha's weighing, map, change of white) */
    conv_shape out; /* the last stage's shape */
    bool out_alpha; /* whether its last channel is alpha */
    void *owned;    /* what the stages point into */
} filter_program;

/* The engine's stages for one image. Puts in what the settings ask for: gray before edge filters,
 * alpha's weighing, sRGB decoding and encoding, the map, and last the scale from the input's white
 * to the output's. Fails where a stage can't work on what it gets ("maxpool:9: the image is 4x4
 * here, smaller than the window"), with the stage as typed in front. */
bool filter_lower(const filter_chain *chain, const filter_settings *settings,
                  const filter_image *image, filter_program *out, ct_error *err);
void filter_program_free(filter_program *program);

#endif
