/* ONNX's messages, as protoc-c makes them of the schema that libonnx-dev brings. Internal to
 * src/net/onnx. */
#ifndef CT_NET_ONNX_MESSAGE_H
#define CT_NET_ONNX_MESSAGE_H

#include "base/error.h"
#include "net/pool.h"
#include "net/tensor.h"

#ifdef CT_HAVE_PROTOBUF
#include <onnx.pb-c.h>

/* A message that was read. Its long lists of numbers lie in memory of their own, aligned for
 * vectors, so that a model can keep them: weights aren't copied again. */
typedef struct onnx_message {
    void *message;
    char *numbers;     /* or NULL */
    size_t room, used; /* bytes there */
    bool kept;         /* it is the model's now */
    size_t size;       /* of the file */
    uint64_t left;     /* bytes of memory that it may still need */
    bool exceeded;
} onnx_message;

/* Reads a message of at most `limit` bytes of memory; messages may lie within one another to a
 * depth that is safe. The caller frees it, also after a failure. False with an error. */
typedef enum onnx_kind { ONNX_MODEL, ONNX_TENSOR } onnx_kind;
bool onnx_unpack(onnx_message *to, onnx_kind kind, const void *bytes, size_t size, uint64_t limit,
                 ct_error *err);
void onnx_free(onnx_message *message);

/* The pool gets the numbers: they stay as long as it. False with an error. */
bool onnx_keep(onnx_message *message, net_pool *pool, ct_error *err);

/* What a file calls a type; NET_NONE for what isn't supported (text, complex numbers). */
net_type onnx_type(int32_t type);
int32_t onnx_type_number(net_type type);
const char *onnx_type_name(int32_t type); /* for messages */

struct net_files;

/* Whether the memory is among a message's kept numbers. */
bool onnx_keeps(const onnx_message *message, const void *memory);

/* The tensor of the message, its data copied to the pool, unless it lies among the kept numbers.
 * False with an error without its name. */
bool onnx_tensor(const onnx_message *of, const Onnx__TensorProto *from,
                 const struct net_files *files, net_pool *pool, net_tensor *out, ct_error *err);
#endif

#endif
