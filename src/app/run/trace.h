/* What each stage of a chain is and does, for --trace and `convtool shape`. */
#ifndef CT_APP_RUN_TRACE_H
#define CT_APP_RUN_TRACE_H

#include "app/run/network_trace.h"
#include "conv/account.h"
#include "filter/filter.h"
#include "flow/cut.h"
#include "flow/flow.h"
#include "flow/summary.h"

/* A row is an engine stage, or a stage of the chain that makes none here, as gray of gray. */
typedef struct app_trace_row {
    int number;       /* of the chain's stages, from 1; 0: inserted */
    char *name;       /* as typed, or what was inserted */
    int at;           /* the engine's stage; -1: there was nothing to do */
    conv_stage stage; /* a copy, whose weights may be gone */
    conv_shape in, out;
    conv_field field;
    double parameters, products;
    conv_choice choice; /* of the path; path NULL: it has none */
    int alpha;          /* the output channel that is alpha, or -1 */
} app_trace_row;

typedef struct app_trace {
    conv_shape in;
    bool alpha; /* whether the last channel of `in` is alpha */
    app_trace_row *rows;
    int count;
    flow_summary *values;   /* of each row's result; NULL: nothing was run */
    flow_watch *watches;    /* which fill them */
    app_net_trace *network; /* of the nodes of the network that is the first row; NULL: none is */
    ct_text said;           /* for people, once values are there */
} app_trace;

/* Of an image that has the program, with samples of that type. NULL with an error. */
app_trace *app_trace_new(const filter_chain *chain, const filter_program *program,
                         const filter_image *image, conv_type type, ct_error *err);

/* The first row is a network, which was given `in`. Takes over its trace. */
void app_trace_add_network(app_trace *trace, app_net_trace *network, const filter_image *in);

/* Makes values, and watches that fill them in a run. */
bool app_trace_watch(app_trace *trace, ct_error *err);
void app_trace_free(app_trace *trace);

/* Whether the row has a window to speak of: stride, dilation, padding. */
bool app_trace_has_window(const app_trace_row *row);

/* "mirror 1", "zero 2x1", "valid"; the amounts are left, right, top, bottom where they differ. */
typedef struct app_trace_text {
    char text[64];
} app_trace_text;
app_trace_text app_trace_padding(const conv_stage *stage);

/* Appends tables for people, of at most 100 columns. False: out of memory. */
bool app_trace_tables(const app_trace *trace, ct_text *out);

/* The same as JSON on standard output: [{...}, ...]. */
void app_trace_json(const app_trace *trace);

#endif
