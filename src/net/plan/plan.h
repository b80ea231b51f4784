/* Plans and runners from within. Internal to src/net/plan. */
#ifndef CT_NET_PLAN_PLAN_H
#define CT_NET_PLAN_PLAN_H

#include "net/fields.h"
#include "net/net.h"
#include "net/op.h"
#include "net/pool.h"
#include "net/rows.h"

#define NET_NO_PLACE SIZE_MAX

/* Bytes behind each value's own. The engine reads rows that need no margins where they lie, and its
 * kernels work on whole blocks of 128 floats (ROWS_BLOCK): of a last row they read up to a block
 * less one float beyond its end. Nothing is written there. */
enum { NET_SLACK = 512 };

typedef struct net_step {
    const net_node *node;
    void *own;      /* what the operator's `make` made */
    net_rows *rows; /* the step by rows: its sources and its output have their channels interleaved;
                     * NULL: by planes */
    int told;       /* its place among the steps that are told, or that of the next one */
    bool loose;     /* shapes are known only when it runs: its outputs have no place in the arena */
    int *last;      /* loose values that nothing needs after this step */
    int last_count;
    const char *with[NET_MOST_JOINED +
                     1]; /* operators that were fused with it, in their order, up to a NULL */
} net_step;

struct net_plan {
    const net_graph *graph;
    net_pool pool;
    net_symbols *symbols; /* of the plan, or those of the plan around it: */
    bool owns_symbols;
    net_tensor *tensors; /* of each value: type, shape; data of constants */
    int value_count;     /* the graph's, then constants that fusing made */
    int value_room;
    net_step *steps;
    int step_count;
    int *told; /* the steps that are told, told_count of them */
    int told_count;
    int *unturned; /* of each value: what steps that only turn a layout made it of, or itself */
    int *inputs, *outputs; /* values */
    int input_count, output_count;
    net_value *told_inputs, *told_outputs;
    size_t *place; /* of each value in the arena, in bytes; NET_NO_PLACE: none */
    size_t arena;  /* bytes */
    uint64_t memory;
    uint64_t most_turns;      /* of loops, in a run */
    const net_bodies *bodies; /* what runs bodies: net_plan_bodies */
    bool only_told;           /* numbers that fusing makes may be left out */
    bool apart;               /* as net_wanted.apart */
};

/* A plan for a graph, or for a body: what is known of its inputs, and of the values that it
 * captures, one tensor for each, data NULL where it isn't constant. `outputs` are values. */
typedef struct net_planning {
    const net_graph *graph;
    net_symbols *symbols; /* shared with the caller; NULL: a copy of `model_symbols` */
    const net_symbols *model_symbols;
    const net_tensor *in;
    const net_tensor *captured;
    const int *outputs;
    int output_count;
    uint64_t memory;
    bool as_loaded; /* nothing is fused */
    bool apart;
    bool only_shapes; /* it won't run */
    const net_bodies *bodies;
    bool by_rows;   /* nothing is placed */
    bool only_told; /* it won't run either, but its steps are as if it would */
} net_planning;
extern const net_bodies net_plan_bodies; /* handed down, as body.c needs plans and runners */
net_plan *net_plan_graph(const net_planning *planning, ct_error *err);

/* The steps that make the outputs, in order. */
bool net_plan_prune(net_plan *plan, ct_error *err);

/* Types and shapes of all values; folds what is constant. */
bool net_plan_infer(net_plan *plan, ct_error *err);

/* Makes fewer steps of several, where the results stay the same but for rounding. */
bool net_plan_fuse(net_plan *plan, ct_error *err);

/* Bytes that a thread needs for any one of the steps by rows; and those that each step allocates
 * for a thread, of all of them together. */
size_t net_plan_worker_bytes(const net_plan *plan);
uint64_t net_plan_own_bytes(const net_plan *plan);

void net_step_free_rows(net_step *step);

/* Finds plan->told and plan->unturned, when all steps are there. */
bool net_plan_number(net_plan *plan, ct_error *err);

/* Whether a step is told to those who look at the plan: not where it only turns a layout. */
bool net_step_is_told(const net_step *step);

/* A node as its operator sees it, before a run; false where it has more inputs or outputs. */
enum { NET_MOST_ENDS = 64 };
typedef struct net_ends {
    const net_tensor *in[NET_MOST_ENDS];
    net_tensor *out[NET_MOST_ENDS];
} net_ends;
bool net_step_call(const net_plan *plan, const net_node *node, net_ends *e, net_call *call);

/* Places in the arena. */
bool net_plan_place(net_plan *plan, ct_error *err);

/* An operator's two functions, for halves too. */
bool net_call_shape(const net_call *call, ct_error *err);
bool net_call_run(const net_call *call, ct_error *err);

/* A runner's body, kept from one run to the next. */
typedef struct net_kept {
    const net_graph *body;
    net_plan *plan;
    net_runner *runner;
    net_tensor *in;      /* inputs, then what it captures: the plan's, without data */
    net_budget *budget;  /* that has: */
    uint64_t plan_bytes; /* of the plan */
    struct net_kept *next;
} net_kept;

/* What a node's `shape` computed for its `run`. */
typedef struct net_results {
    const net_node *node;
    net_tensor *all;
    int count;
    struct net_results *next;
} net_results;

struct net_runner {
    const net_plan *plan;
    void **workers; /* of each step by rows, one for each thread; NULL where it needs none */
    void *memory;   /* theirs, `memory_bytes` for each thread */
    size_t memory_bytes;
    int threads;
    const net_team *team;
    net_tensor *tensors; /* of each value, with data */
    void *arena;
    void **loose;       /* of each value: memory of its own, or NULL */
    net_budget *budget; /* of the whole network's run: */
    net_budget own;     /* that of the outermost runner */
    uint64_t claimed;   /* of it, for arena, workers and tables */
    net_kept *kept;
    net_results *results;
    net_watch watch;       /* see NULL: nobody watches */
    net_runner *outermost; /* of a body's runner: that of the whole network; else NULL */
    uint64_t turns;        /* of all loops, since the run began */
};

/* Steps by rows: what the threads need for them, and a step's run. */
bool net_rows_enter(net_runner *runner, ct_error *err);
void net_rows_leave(net_runner *runner);
void net_rows_run(net_runner *runner, int step, const net_tensor *const *in, float *out);

/* Runs with captured values too. */
bool net_run_captured(net_runner *runner, const net_tensor *in, const net_tensor *captured,
                      net_tensor *out, ct_error *err);
void net_kept_free(net_kept *kept);

/* A body's runner, which shares the budget of the one around it. */
net_runner *net_runner_within(const net_plan *plan, net_runner *around, ct_error *err);

#endif
