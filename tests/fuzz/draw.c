#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

int fuzz_take(fuzz_bytes *b, int end) {
    if (b->left == 0 || end < 1) {
        return 0;
    }
    b->left--;
    return *b->at++ % end;
}

/* ---- numbers ---- */

static int64_t take_int(fuzz_bytes *b) {
    static const int64_t odd[] = {INT64_MIN,        INT64_MAX,        -1,        (int64_t)1 << 31,
                                  (int64_t)1 << 32, 1 << 20,          100,       1 << 30,
                                  INT64_MIN + 1,    (int64_t)1 << 62, -(1 << 30)};
    const int byte = fuzz_take(b, 256);
    return byte < 232 ? byte % 12 - 3 : odd[(byte - 232) % COUNT(odd)];
}

static float take_float(fuzz_bytes *b) {
    static const float odd[] = {INFINITY, -INFINITY, NAN, 1e30F, -1e-30F, 0.1F, 1e9F, -0.0F};
    const int byte = fuzz_take(b, 256);
    return byte < 224 ? (float)(byte % 16 - 4) * 0.5F : odd[byte % COUNT(odd)];
}

/* Unknown ones among them where there are symbols. */
static int64_t take_size(fuzz_bytes *b, net_symbols *symbols) {
    static const int64_t odd[] = {0,        17, 33, 64, 1 << 20, (int64_t)1 << 31, (int64_t)1 << 40,
                                  INT64_MAX};
    const int byte = fuzz_take(b, 256);
    return byte < 192               ? byte % 8 + 1
           : !symbols || byte < 224 ? odd[byte % COUNT(odd)]
           : byte < 232             ? NET_ANY_SIZE
                                    : net_symbol(symbols, byte % 2 ? "a" : "b");
}

net_type fuzz_take_type(fuzz_bytes *b) {
    const int byte = fuzz_take(b, 32);
    return byte < 14 ? (net_type)byte : byte < 18 ? NET_I64 : NET_FLOAT;
}

/* ---- shapes and tensors ---- */

net_shape fuzz_take_shape(fuzz_bytes *b, net_symbols *symbols) {
    const int rank = fuzz_take(b, 12);
    net_shape shape = {.rank = rank < NET_MOST_DIMENSIONS ? rank : rank == 8 && symbols ? -1 : 4};
    for (int i = 0; i < shape.rank; i++) {
        shape.size[i] = take_size(b, symbols);
    }
    return shape;
}

net_tensor fuzz_take_tensor(fuzz_bytes *b) {
    enum { MOST = 64 };
    net_tensor tensor = {.type = fuzz_take_type(b)};
    tensor.type = tensor.type == NET_NONE ? NET_I64 : tensor.type;
    tensor.shape = (net_shape){.rank = fuzz_take(b, 6)};
    int count = 1;
    for (int i = 0; i < tensor.shape.rank; i++) {
        const int size = fuzz_take(b, 7) + (fuzz_take(b, 16) > 0);
        tensor.shape.size[i] = count * size <= MOST ? size : 1;
        count *= (int)tensor.shape.size[i];
    }
    const size_t size = net_type_size(tensor.type);
    tensor.data = calloc((size_t)count + 1, size);
    for (int i = 0; tensor.data && i < count; i++) {
        const float f = take_float(b);
        const double d = (double)f;
        const int64_t whole = tensor.type == NET_BOOL ? fuzz_take(b, 2) : take_int(b);
        memcpy((char *)tensor.data + (size_t)i * size,
               tensor.type == NET_FLOAT    ? (const void *)&f
               : tensor.type == NET_DOUBLE ? (const void *)&d
                                           : (const void *)&whole,
               size);
    }
    return tensor;
}

net_tensor fuzz_take_floats(fuzz_bytes *b, net_shape shape) {
    net_tensor tensor = {.type = NET_FLOAT, .shape = shape};
    size_t count;
    float *data =
        net_shape_count(&shape, &count) && count <= 1024 ? calloc(count + 1, sizeof *data) : NULL;
    const int salt = fuzz_take(b, 256);
    for (size_t i = 0; data && i < count; i++) {
        data[i] = (float)((i * 37 + (size_t)salt) % 17) * 0.25F - 2;
    }
    tensor.data = data;
    return tensor;
}

/* ---- attributes ---- */

typedef struct known {
    const char *name;
    net_attribute_kind kind;
} known;
#define INT    NET_ATTRIBUTE_INT
#define FLOAT  NET_ATTRIBUTE_FLOAT
#define TEXT   NET_ATTRIBUTE_TEXT
#define INTS   NET_ATTRIBUTE_INTS
#define FLOATS NET_ATTRIBUTE_FLOATS
#define TEXTS  NET_ATTRIBUTE_TEXTS
#define TENSOR NET_ATTRIBUTE_TENSOR

static const known of_windows[] = {
    {"kernel_shape", INTS},
    {"strides", INTS},
    {"pads", INTS},
    {"dilations", INTS},
    {"auto_pad", TEXT},
    {"group", INT},
    {"ceil_mode", INT},
    {"output_shape", INTS},
    {"output_padding", INTS},
    {"count_include_pad", INT},
    {"p", INT},
    {"storage_order", INT},
};
static const known of_sizes[] = {
    {"mode", TEXT},
    {"coordinate_transformation_mode", TEXT},
    {"nearest_mode", TEXT},
    {"axes", INTS},
    {"extrapolation_value", FLOAT},
    {"antialias", INT},
    {"exclude_outside", INT},
    {"keep_aspect_ratio_policy", TEXT},
    {"scales", FLOATS},
    {"align_corners", INT},
    {"padding_mode", TEXT},
    {"cubic_coeff_a", FLOAT},
};
static const known of_recurrences[] = {
    {"direction", TEXT},          {"hidden_size", INT}, {"layout", INT},
    {"linear_before_reset", INT}, {"clip", FLOAT},      {"input_forget", INT},
    {"activations", TEXTS},
};
static const known of_others[] = {
    {"axis", INT},
    {"axes", INTS},
    {"keepdims", INT},
    {"perm", INTS},
    {"to", INT},
    {"split", INTS},
    {"starts", INTS},
    {"ends", INTS},
    {"shape", INTS},
    {"equation", TEXT},
    {"reduction", TEXT},
    {"noop_with_empty_axes", INT},
    {"blocksize", INT},
    {"mode", TEXT},
    {"pads", INTS},
    {"k", INT},
    {"largest", INT},
    {"select_last_index", INT},
    {"batch_dims", INT},
    {"exclusive", INT},
    {"reverse", INT},
    {"transA", INT},
    {"transB", INT},
    {"size", INT},
    {"num_groups", INT},
    {"num_outputs", INT},
    {"value", TENSOR},
    {"training_mode", INT},
    {"epsilon", FLOAT},
    {"alpha", FLOAT},
    {"start", INT},
    {"end", INT},
    {"allowzero", INT},
    {"min", FLOAT},
    {"max", FLOAT},
    {"fmod", INT},
    {"upper", INT},
    {"p", INT},
    {"dtype", INT},
    {"direction", TEXT},
    {"batch_axis", INT},
    {"time_axis", INT},
    {"value_ints", INTS},
    {"value_floats", FLOATS},
    {"value", FLOAT},
    {"num_scan_inputs", INT},
    {"scan_input_axes", INTS},
    {"scan_output_axes", INTS},
    {"scan_input_directions", INTS},
    {"scan_output_directions", INTS},
};

static const char *const words[] = {
    "SAME_UPPER",
    "SAME_LOWER",
    "VALID",
    "NOTSET",
    "linear",
    "cubic",
    "nearest",
    "bilinear",
    "bicubic",
    "constant",
    "reflect",
    "edge",
    "wrap",
    "zeros",
    "border",
    "reflection",
    "asymmetric",
    "align_corners",
    "half_pixel",
    "pytorch_half_pixel",
    "tf_half_pixel_for_nn",
    "tf_crop_and_resize",
    "floor",
    "ceil",
    "round_prefer_ceil",
    "not_larger",
    "not_smaller",
    "CRD",
    "forward",
    "reverse",
    "bidirectional",
    "Relu",
    "Tanh",
    "Sigmoid",
    "Affine",
    "Softsign",
    "add",
    "mul",
    "max",
    "min",
    "LEFT",
    "RIGHT",
    "ij,jk->ik",
    "ij->ji",
    "...ij,...jk->...ik",
    "bij,bjk",
    "ii->i",
    "i->",
    "ab,cd->abcd",
    "i...->...",
    "",
    "->",
    "a,a,a",
};

static const known *attributes_for(const char *name, int *count) {
#define CHOOSE(list) (*count = COUNT(list), list)
    return strstr(name, "Conv") || strstr(name, "Pool")      ? CHOOSE(of_windows)
           : strstr(name, "Resize") || strstr(name, "ample") ? CHOOSE(of_sizes)
           : strstr(name, "RNN") || strcmp(name, "GRU") == 0 || strcmp(name, "LSTM") == 0
               ? CHOOSE(of_recurrences)
               : CHOOSE(of_others);
}

/* With small numbers. */
static void take_needed(fuzz_attributes *list, net_node *node, fuzz_bytes *b) {
    static const struct {
        const char *type;
        known attribute;
    } needs[] = {
        {"MaxPool", {"kernel_shape", INTS}},
        {"AveragePool", {"kernel_shape", INTS}},
        {"LpPool", {"kernel_shape", INTS}},
        {"MaxUnpool", {"kernel_shape", INTS}},
        {"RNN", {"hidden_size", INT}},
        {"GRU", {"hidden_size", INT}},
        {"LSTM", {"hidden_size", INT}},
        {"LRN", {"size", INT}},
        {"Cast", {"to", INT}},
        {"DepthToSpace", {"blocksize", INT}},
        {"SpaceToDepth", {"blocksize", INT}},
        {"GroupNormalization", {"num_groups", INT}},
        {"Scan", {"num_scan_inputs", INT}},
        {"Constant", {"value_ints", INTS}},
    };
    for (int i = 0; i < COUNT(needs); i++) {
        if (strcmp(needs[i].type, node->type) == 0 && fuzz_take(b, 16) < 15) {
            const int at = node->attribute_count++;
            list->all[at] = (net_attribute){.name = needs[i].attribute.name,
                                            .kind = needs[i].attribute.kind,
                                            .i = 1 + fuzz_take(b, 4),
                                            .ints = list->ints[at],
                                            .count = (size_t)fuzz_take(b, 4)};
            for (size_t k = 0; k < list->all[at].count; k++) {
                list->ints[at][k] = 1 + fuzz_take(b, 3);
            }
        }
    }
}

static void take_attribute(fuzz_attributes *list, net_node *node, fuzz_bytes *b) {
    const int at = node->attribute_count++;
    int count;
    const known *some = attributes_for(node->type, &count);
    const known *chosen = &some[fuzz_take(b, count)];
    net_attribute *a = &list->all[at];
    *a = (net_attribute){.name = chosen->name,
                         .kind = chosen->kind,
                         .ints = list->ints[at],
                         .floats = list->floats[at],
                         .texts = list->texts[at]};
    switch (chosen->kind) {
    case INT:
        a->i = take_int(b);
        break;
    case FLOAT:
        a->f = take_float(b);
        break;
    case TEXT:
        a->text = words[fuzz_take(b, COUNT(words))];
        break;
    case TENSOR:
        list->tensors[at] = fuzz_take_tensor(b);
        a->tensor = &list->tensors[at];
        break;
    default:
        a->count = (size_t)fuzz_take(b, FUZZ_MOST_LIST + 1);
        for (size_t i = 0; i < a->count; i++) {
            list->ints[at][i] = chosen->kind == INTS ? take_int(b) : 0;
            list->floats[at][i] = chosen->kind == FLOATS ? take_float(b) : 0;
            list->texts[at][i] = chosen->kind == TEXTS ? words[fuzz_take(b, COUNT(words))] : "";
        }
    }
}

void fuzz_take_attributes(fuzz_attributes *list, net_node *node, fuzz_bytes *b) {
    take_needed(list, node, b);
    for (int more = fuzz_take(b, FUZZ_MOST_ATTRIBUTES - 1); more > 0; more--) {
        if (node->attribute_count < FUZZ_MOST_ATTRIBUTES) {
            take_attribute(list, node, b);
        }
    }
}
