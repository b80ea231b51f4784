/* Tensors on the command line, and as files that are written. */
#ifndef CT_APP_COMMANDS_NET_TENSORS_H
#define CT_APP_COMMANDS_NET_TENSORS_H

#include "app/call/call.h"
#include "net/net.h"

/* Whether the operand is NAME=, and how long the name is. */
bool app_net_is_named(const char *operand, size_t *name);

/* Whether it is NAME=FILE or NAME=SHAPE: something comes behind. */
bool app_net_is_tensor(const char *operand, size_t *name);

/* "1x3x224x224": a shape without numbers, where no file has that name. */
bool app_net_is_shape(const char *text, net_shape *shape);

/* The type that NumPy calls so ("f4"); NET_NONE where there is none. */
net_type app_net_type_of(const char *code);

bool app_net_has_extension(const char *path, const char *extension);

/* False with an error, which doesn't name the file, where it exists and isn't to be replaced. */
bool app_net_may_write(const char *path, const app_call *call, ct_error *err);

/* Writes to the file, whose name tells the format: .npy, .pb, .csv, .tsv, else a table of text. "-"
 * is standard output. */
bool app_net_write(const char *path, const app_call *call, const char *name,
                   const net_tensor *tensor, ct_error *err);

/* A table of the numbers: a row for each index of the last but one dimension. */
bool app_net_text(const net_tensor *tensor, char separator, ct_text *out);

#endif
