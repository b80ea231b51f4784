/* What each node of a network makes in a run, for --trace. */
#ifndef CT_APP_RUN_NETWORK_TRACE_H
#define CT_APP_RUN_NETWORK_TRACE_H

#include "net/net.h"

/* A node, described, and its numbers so far. */
typedef struct app_net_node {
    char *name, *operators, *output; /* operators: with those that are fused with it */
    net_type type;
    net_shape shape;
    uint64_t parameters, products;
    double seconds;
    double min, max, sum;       /* of the finite numbers */
    uint64_t count, zeros, odd; /* all numbers; those that are 0; those that aren't finite */
} app_net_node;

typedef struct app_net_trace {
    app_net_node *nodes;
    int count;
    net_field field; /* what the last node's output sees */
    net_watch watch; /* fills them */
} app_net_trace;

/* Of a plan that will run; may outlive it. NULL: out of memory. */
app_net_trace *app_net_trace_new(const net_plan *plan);
void app_net_trace_free(app_net_trace *trace);

/* Appends a table for people, of at most 100 columns. False: out of memory. */
bool app_net_trace_table(const app_net_trace *trace, ct_text *out);

/* The same as JSON on standard output: [{...}, ...]. */
void app_net_trace_json(const app_net_trace *trace);

/* Prints the table; with a `key`, as JSON: {"key":"of","nodes":[{...}, ...]}. */
bool app_net_trace_put(const app_net_trace *trace, const char *key, const char *of, ct_error *err);

#endif
