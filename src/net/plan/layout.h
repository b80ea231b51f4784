/* Which tensors have their channels interleaved. Internal to src/net/plan. */
#ifndef CT_NET_PLAN_LAYOUT_H
#define CT_NET_PLAN_LAYOUT_H

#include "net/plan/plan.h"

/* Gives steps that are local, in floats and of one image the form of rows (step->rows), and puts
 * steps between that turn planes into rows and back, as few as there can be. */
bool net_plan_layout(net_plan *plan, ct_error *err);

#endif
