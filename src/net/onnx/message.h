/* ONNX's messages, as protoc-c makes them of the schema that libonnx-dev brings. Internal to
 * src/net/onnx. */
#ifndef CT_NET_ONNX_MESSAGE_H
#define CT_NET_ONNX_MESSAGE_H

#include "base/error.h"
#include "net/pool.h"
#include "net/tensor.h"

#ifdef CT_HAVE_PROTOBUF
#include <onnx.pb-c.h>

/* Reads a message of at most `limit` bytes of memory; messages may lie within one another to a
 * depth that is safe. The caller frees it. NULL with an error. */
typedef enum onnx_kind { ONNX_MODEL, ONNX_TENSOR } onnx_kind;
void *onnx_unpack(onnx_kind kind, const void *bytes, size_t size, uint64_t limit, ct_error *err);
void onnx_free(void *message);

/* What a file calls a type; NET_NONE for what isn't supported (text, complex numbers). */
net_type onnx_type(int32_t type);
int32_t onnx_type_number(net_type type);
const char *onnx_type_name(int32_t type); /* for messages */

struct net_files;

/* The tensor, its data copied to the pool. False with an error without its name. */
bool onnx_tensor(const Onnx__TensorProto *from, const struct net_files *files, net_pool *pool,
                 net_tensor *out, ct_error *err);
#endif

#endif
