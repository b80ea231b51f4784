/* Tensors that go into a network and come out of it, as files. */
#ifndef CT_APP_COMMANDS_NET_TENSORS_H
#define CT_APP_COMMANDS_NET_TENSORS_H

#include "app/call/call.h"
#include "net/net.h"

/* Whether the operand is NAME=FILE or NAME=SHAPE, and how long the name is. */
bool app_net_is_tensor(const char *operand, size_t *name);

/* "1x3x224x224": a shape without numbers, where no file has that name. */
bool app_net_is_shape(const char *text, net_shape *shape);

/* Reads the file as the input `value` of a model wants it: its type, and its rank where it is
 * known. .npy and ONNX's .pb as they are, tables and images as (1, channels, height, width), or
 * fewer dimensions. The data is in the pool. False with an error, which names the file. */
bool app_net_read(const char *path, const app_call *call, const net_value *value, net_pool *pool,
                  net_tensor *out, ct_error *err);

/* Writes to the file, whose name tells the format: .npy, .pb, .csv, .tsv, else a table of text. "-"
 * is standard output. */
bool app_net_write(const char *path, const app_call *call, const char *name,
                   const net_tensor *tensor, ct_error *err);

/* A table of the numbers: a row for each index of the last but one dimension. */
bool app_net_text(const net_tensor *tensor, char separator, ct_text *out);

#endif
