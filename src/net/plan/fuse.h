/* What the kinds of fusing share: who makes and uses a value. Internal to src/net/plan. */
#ifndef CT_NET_PLAN_FUSE_H
#define CT_NET_PLAN_FUSE_H

#include "net/plan/plan.h"

typedef struct net_fusing {
    net_plan *plan;
    int *maker; /* of each value: its step, or -1 */
    int *users; /* how many inputs of steps, bodies and outputs of the plan it is */
} net_fusing;

/* The step that makes the value if it is of that type (NULL: any); NULL where it isn't. */
net_step *net_fuse_maker(const net_fusing *f, int value, const char *type);

/* The same, if nothing else uses the value. */
net_step *net_fuse_only(const net_fusing *f, int value, const char *type);

/* The constant number that a value is in all its elements; false where it isn't. */
bool net_fuse_number(const net_fusing *f, int value, double *number);

/* Of a step with two inputs in any order, one of which is that constant (to 1e-6 relative): the
 * other; -1 where it isn't so. */
int net_fuse_other(const net_fusing *f, const net_step *step, double number);

/* Step `at` becomes one of operator `op` with these inputs, that makes its outputs. Steps whose
 * values nobody uses then are taken out later. False with an error. */
bool net_fuse_replace(net_fusing *f, net_step *at, const net_op *op, const int *inputs, int count,
                      ct_error *err);

/* Whether a step is told as so many operators that there is no room for another. */
bool net_fuse_is_full(const net_step *step);

/* Step `at` becomes the operation of the step before it, `first`, with these inputs, and makes its
 * own outputs; it is told as both. Returns its node, which may be changed; NULL with an
 * error. `first` isn't full. */
net_node *net_fuse_join(net_fusing *f, net_step *at, const net_step *first, const int *inputs,
                        int count, ct_error *err);

/* Counts a step's uses of values, `by` for each. */
void net_fuse_count(net_fusing *f, const net_step *step, int by);

/* Another constant: room for its data, of that type and shape. -1 with an error. */
int net_fuse_constant(net_fusing *f, net_type type, const net_shape *shape, ct_error *err);

#endif
