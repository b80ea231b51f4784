/* What one run leaves for the next. Internal to src/flow; flow.h has what everybody may do. */
#ifndef CT_FLOW_KEEPER_H
#define CT_FLOW_KEEPER_H

#include "flow/bench.h"
#include "flow/flow.h"

/* What must be the same for a plan to serve again. */
typedef struct flow_kept_for {
    const conv_stage *stages; /* the caller's array */
    int count;
    conv_shape in;
    conv_type in_type, out_type;
    int alpha;
    int jobs, most; /* of the options */
    bool measure;   /* likewise */
} flow_kept_for;

struct flow_keeper {
    flow_kept_for made_for;
    conv_plan *plan; /* NULL: nothing is kept */
    flow_bench bench;
};

/* The plan for these stages: the one that is kept, or a new one, which is kept from now on. NULL
 * with an error. */
const conv_plan *flow_keeper_plan(flow_keeper *keeper, const flow_kept_for *wanted, ct_error *err);

#endif
