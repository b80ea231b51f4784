/* The command line as a plain struct. */
#ifndef CT_APP_CALL_CALL_H
#define CT_APP_CALL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "codec/codec.h"
#include "codec/sheet/view.h"
#include "codec/terminal/terminal.h"
#include "filter/filter.h"

/* Exit statuses. */
enum { APP_OK = 0, APP_FAILED = 1, APP_USAGE = 2 };

enum {
    APP_MAX_POOLS = 16,
    APP_MAX_TAPS = 64,
    APP_MAX_OUTPUTS = 64,
    APP_MOST_JOBS = 1024,
    APP_MOST_OPTIONS = 96
};

typedef enum app_talk { APP_QUIET = -1, APP_NORMAL, APP_VERBOSE } app_talk;

/* --view: what is shown in the terminal. */
typedef enum app_showing { APP_SHOW_NOTHING, APP_SHOW_RESULT, APP_SHOW_BOTH } app_showing;

typedef struct app_network app_network;

/* All text points into argv. */
typedef struct app_call {
    filter_defaults defaults;
    const char *pools[APP_MAX_POOLS]; /* each --pool, in the order given */
    int pool_count;
    const char *scale, *bias;
    bool normalize;
    filter_settings settings;
    codec_limits limits;
    int depth;                /* 8, 16; 0: the input's */
    const char *format;       /* NULL: by the name */
    int quality, compression; /* -1: the codec's default */
    bool strip;
    bool recursive;
    const char *files_from;               /* NULL: no list */
    bool null_names;                      /* the list's, separated by NUL */
    int shard, shards;                    /* only the shard-th, from 1, of so many shares; 0: all */
    const char *output;                   /* -o, the last */
    const char *outputs[APP_MAX_OUTPUTS]; /* each -o, in the order given: for net */
    int output_count;
    bool force, no_clobber, resume, in_place, mkdir, fail_fast;
    bool dry_run, json, dot;
    bool trace;
    const char *taps[APP_MAX_TAPS]; /* each --tap, K=FILE, in the order given */
    int tap_count;
    int jobs; /* 0: one for each processor that it may run on */
    app_talk talk;
    bool at_given;
    int at_x, at_y;
    const char *as;       /* --as; NULL: none */
    int channel;          /* -1: all */
    const char *channels; /* --channels; NULL: all */
    uint16_t picks[CODEC_MOST_CHANNELS];
    int pick_count;
    bool maps;                  /* --maps: a sheet of all channels */
    const char *grid, *scaling; /* as typed, for the record; NULL: not given */
    codec_grid sheet_grid;
    codec_view view; /* --scaling and --colormap */
    app_showing showing;
    bool only_shown;                /* nothing is written, and every operand is an input: view's */
    bool as_is;                     /* they are shown without a chain */
    const codec_terminal *terminal; /* where it's shown; NULL: not open yet */
    bool diff, no_original;         /* compare's */
    const app_network *network;     /* that the chain begins with; NULL: none, or not loaded */
    const char *labels;             /* --labels: a file of classes' names; NULL: none */
    int top;                        /* --top: so many of the best classes; 0: not given */
    bool help, version;
    bool steps;
    const char *kind;   /* --kind: of exercises; NULL: by the chain */
    int size_x, size_y; /* --size; 0: not given */
    int seed, count;    /* --seed; --count, 0: not given */
    bool solution;
    bool given[APP_MOST_OPTIONS]; /* given[i]: the table's option i was */
    char **operands;
    int operand_count;
} app_call;

#endif
