/* Types by ONNX's numbers, as attributes have them. */
#ifndef CT_NET_OPS_NUMBERED_H
#define CT_NET_OPS_NUMBERED_H

#include "net/op.h"

/* The type that the attribute names; `otherwise` where it is left out. False with an error where it
 * is none of ours. */
bool net_numbered_type(const net_call *call, const char *attribute, net_type otherwise,
                       net_type *type, ct_error *err);

#endif
