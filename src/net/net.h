/* Trained networks: an ONNX file -> a graph -> a plan for inputs of certain shapes -> runs.
 *
 *   bytes --net_load--> net_model --net_plan_new--> net_plan --net_runner_new--> net_runner
 *
 * A model and a plan are immutable, and any number of runners (one per thread) may share them.
 * Nothing here knows of options, files, printing, or image formats. */
#ifndef CT_NET_NET_H
#define CT_NET_NET_H

#include "net/fields.h"
#include "net/graph.h"
#include "net/pool.h"
#include "net/team.h"
#include "net/watch.h"

enum { NET_NEWEST_OPSET = 18 };

/* ---- models ---- */

/* Data that lies in files beside the model's. */
typedef struct net_files {
    /* Reads `size` bytes from `offset` of the file `name`, which is relative to the model's folder,
     * has no ".." in it and isn't absolute. False with an error. */
    bool (*read)(void *context, const char *name, uint64_t offset, size_t size, void *bytes,
                 ct_error *err);
    void *context;
} net_files;

typedef struct net_model net_model;

/* Loads an ONNX model (opsets 7 to 18). All operators that aren't supported are named at once.
 * `files` NULL: there are none. `memory` bytes at most (0: no limit). The bytes may be freed
 * afterwards. NULL with an error. */
net_model *net_load(const void *bytes, size_t size, const net_files *files, uint64_t memory,
                    ct_error *err);
void net_free(net_model *model);
const net_graph *net_model_graph(const net_model *model);
const net_symbols *net_model_symbols(const net_model *model);
int net_model_opset(const net_model *model);
const char *net_model_producer(const net_model *model); /* "pytorch 1.13.1", or "" */
size_t net_model_bytes(const net_model *model);         /* of memory that it holds */

/* Whether this build can load models: it was made with protobuf-c. */
bool net_can_load(void);

/* The library and its version, for --version; NULL without. */
const char *net_library(void);

/* ONNX's file of one tensor (.pb): its name ("" without) and data, in memory that the caller frees
 * with net_pool_free. */
bool net_load_tensor(const void *bytes, size_t size, net_pool *pool, net_tensor *out,
                     const char **name, ct_error *err);

/* The same as a file's bytes. */
bool net_save_tensor(const net_tensor *tensor, const char *name, ct_text *out, ct_error *err);

/* ---- plans ---- */

/* What is known of the inputs. */
typedef struct net_given {
    const char *name;
    net_tensor tensor; /* data may be NULL; where it isn't, it counts as constant */
} net_given;

typedef struct net_wanted {
    const net_given *given; /* inputs that aren't named keep the shapes that the model declares */
    int given_count;
    const char *const *outputs; /* values of the graph, by name; count 0: the model's outputs */
    int output_count;
    uint64_t memory; /* bytes at most for what a run needs; 0: no limit */
    bool as_loaded;  /* nothing is fused: every value of the graph is there */
    bool apart;      /* Relu and sums aren't fused with what they follow; not in bodies */
    bool by_rows;    /* for net_stream: nothing has a place in memory */
    bool only_told;  /* it won't run: its steps are told, and nothing is prepared */
} net_wanted;

typedef struct net_plan net_plan;

/* Shapes of all values, constants folded, operators fused, places in memory. Sizes may stay
 * unknown: such a plan can be looked at but not run. NULL with an error that names the node. */
net_plan *net_plan_new(const net_model *model, const net_wanted *wanted, ct_error *err);
void net_plan_free(net_plan *plan);

int net_plan_input_count(const net_plan *plan);
int net_plan_output_count(const net_plan *plan);
const net_value *net_plan_input(const net_plan *plan, int i); /* type and shape as planned */
const net_value *net_plan_output(const net_plan *plan, int i);
const net_graph *net_plan_graph_of(const net_plan *plan); /* of whose values steps speak */
/* Type and shape as planned; data of constants. */
const net_tensor *net_plan_tensor(const net_plan *plan, int value);
bool net_plan_is_constant(const net_plan *plan, int value);
const char *net_plan_value_name(const net_plan *plan, int value);
const net_symbols *net_plan_symbols(const net_plan *plan);
bool net_plan_can_run(const net_plan *plan);   /* all inputs' shapes are known */
uint64_t net_plan_bytes(const net_plan *plan); /* that a runner holds, as far as shapes are known */

/* One step of a plan: a node, and those that are fused with it. */
enum { NET_MOST_JOINED = 7 };
typedef struct net_step_info {
    const net_node *node;
    const char *with[NET_MOST_JOINED + 1]; /* operators fused with it, up to a NULL */
    int outputs;
    const char *output_name; /* the first output's */
    net_type type;
    net_shape shape;
    uint64_t parameters; /* weights: see net_op.weights */
    uint64_t products;   /* as net_op_products counts them, of one image; 0: none, or not known */
    bool products_known;
} net_step_info;
int net_plan_step_count(const net_plan *plan);
net_step_info net_plan_step(const net_plan *plan, int i);

/* The value that is its input k; -1: left out. */
int net_plan_step_input(const net_plan *plan, int i, int k);

/* How far each step's first output sees, a field for each step; the caller frees them. NULL with an
 * error. */
net_field *net_plan_fields(const net_plan *plan, ct_error *err);

/* Whether products are counted for one image, as how many there will be isn't known. */
bool net_plan_is_of_one(const net_plan *plan);

/* ---- runs ---- */

typedef struct net_runner net_runner;

/* `team` (NULL: none) must outlive it. NULL with an error. */
net_runner *net_runner_new(const net_plan *plan, const net_team *team, ct_error *err);
void net_runner_free(net_runner *runner);

/* Bytes that it has now, with the plan's: of the values whose shapes are known, of what threads
 * need, and of what the last run left. A run never has more than net_wanted.memory. */
uint64_t net_runner_bytes(const net_runner *runner);

/* Its runs are watched from now on; NULL: no longer. */
void net_runner_watch(net_runner *runner, const net_watch *watch);

/* `in`: the plan's inputs in its order, with data. `out` gets the outputs, whose data stays valid
 * until the next run. False with an error that names the node. */
bool net_run(net_runner *runner, const net_tensor *in, net_tensor *out, ct_error *err);

#endif
