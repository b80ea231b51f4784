/* What goes into a network, read from files. */
#ifndef CT_APP_COMMANDS_NET_READ_H
#define CT_APP_COMMANDS_NET_READ_H

#include "app/call/call.h"
#include "net/net.h"

typedef struct app_net_reading {
    const app_call *call;
    const filter_network *stage; /* how pictures are prepared */
} app_net_reading;

/* Reads the file as the input `value` of a model wants it: its type, and its rank where it is
 * known. .npy, ONNX's .pb and tables as they are, (1, channels, height, width) or fewer dimensions.
 * A picture for floats of 2 to 4 dimensions is turned upright, scaled and laid out as the stage
 * says, just as one that is filtered; what is assumed of it is said where the call wants to know.
 * The data is in the pool. False with an error, which names the file. */
bool app_net_read(const char *path, const app_net_reading *how, const net_value *value,
                  net_pool *pool, net_tensor *out, ct_error *err);

#endif
