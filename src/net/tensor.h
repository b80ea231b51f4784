/* Tensors: dense arrays of numbers, row-major (the last index varies fastest), as ONNX has them. */
#ifndef CT_NET_TENSOR_H
#define CT_NET_TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum { NET_MOST_DIMENSIONS = 8 };

typedef enum net_type {
    NET_NONE, /* not known */
    NET_FLOAT,
    NET_DOUBLE,
    NET_HALF,   /* IEEE 754 binary16 */
    NET_BFLOAT, /* the upper half of a float */
    NET_I8,
    NET_I16,
    NET_I32,
    NET_I64,
    NET_U8,
    NET_U16,
    NET_U32,
    NET_U64,
    NET_BOOL, /* bytes of 0 or 1 */
} net_type;

size_t net_type_size(net_type type);      /* bytes of an element; 0: NET_NONE */
const char *net_type_name(net_type type); /* "float", "int64", as ONNX writes them */
bool net_type_is_whole(net_type type);    /* an integer (not bool) */
bool net_type_is_real(net_type type);     /* float, double, half, bfloat16 */

/* Sizes: 0 or more; a negative one isn't known (yet): see net_symbols. A rank of -1 means that not
 * even the number of dimensions is known. A scalar has rank 0. */
typedef struct net_shape {
    int rank;
    int64_t size[NET_MOST_DIMENSIONS];
} net_shape;

typedef struct net_tensor {
    net_type type;
    net_shape shape;
    void *data; /* NULL: not known */
} net_tensor;

bool net_shape_is_known(const net_shape *shape); /* rank and all sizes */
bool net_shape_equal(const net_shape *a, const net_shape *b);

/* How many elements; false where a size isn't known or the product doesn't fit in 2^62. */
bool net_shape_count(const net_shape *shape, size_t *count);

/* The product of sizes [first, end), all known; what fitted in net_shape_count fits here. */
size_t net_shape_product(const net_shape *shape, int first, int end);

/* Elements of a tensor whose shape is known and was checked. */
size_t net_count(const net_tensor *tensor);
bool net_bytes(const net_tensor *tensor, size_t *bytes); /* false: unknown or too large */

/* An axis as files give it, from -rank to rank - 1, counted from 0. False with an error. */
bool net_axis(int64_t axis, int rank, int *out, ct_error *err);

/* Element i of whole numbers or bool, as int64 (NET_U64 wraps); of any numbers, as double. */
int64_t net_whole_at(const net_tensor *tensor, size_t i);
double net_real_at(const net_tensor *tensor, size_t i);

/* ---- sizes that aren't known yet ---- */

/* Names for sizes: those that a model gives to sizes that may vary ("batch"), and what becomes of
 * them ("2height", "(width+1)/2"). As a size, symbol i is written -2 - i; -1 is any size. */
enum { NET_ANY_SIZE = -1 };
typedef struct net_symbols net_symbols;
net_symbols *net_symbols_new(void); /* NULL: out of memory */
net_symbols *net_symbols_copy(const net_symbols *symbols);
void net_symbols_free(net_symbols *symbols);

/* The size of that name; NET_ANY_SIZE where memory ends. */
int64_t net_symbol(net_symbols *symbols, const char *name);

/* floor((size times + plus) / by), by > 0; NET_ANY_SIZE where the size is that, or the result, for
 * a known size, doesn't fit or is negative: *overflow is set then. */
int64_t net_size_affine(net_symbols *symbols, int64_t size, int64_t times, int64_t plus, int64_t by,
                        bool *overflow);

/* The number, or the symbol's name, or "?". */
const char *net_size_text(const net_symbols *symbols, int64_t size, char *room, size_t bytes);

/* Appends "[batch, 3, 224, 224]"; "[...]" where not even the rank is known. */
bool net_shape_text(const net_symbols *symbols, const net_shape *shape, ct_text *out);

#endif
