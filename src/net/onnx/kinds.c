/* Of which kind each attribute is: one the operators wouldn't see one of another kind, and would
 * compute as if it were left out. */
#include "net/onnx/kinds.h"

#include <string.h>

#define INT    (1 << NET_ATTRIBUTE_INT)
#define FLOAT  (1 << NET_ATTRIBUTE_FLOAT)
#define TEXT   (1 << NET_ATTRIBUTE_TEXT)
#define INTS   (1 << NET_ATTRIBUTE_INTS)
#define FLOATS (1 << NET_ATTRIBUTE_FLOATS)
#define TEXTS  (1 << NET_ATTRIBUTE_TEXTS)
#define TENSOR (1 << NET_ATTRIBUTE_TENSOR)
#define GRAPH  (1 << NET_ATTRIBUTE_GRAPH)

/* All that src/net reads, which tests/structure.py checks. A name has the same kind in all
 * operators, but for those with two. To add one: its name, in its place in the alphabet. */
static const struct {
    const char *name;
    int kinds;
} known[] = {
    {"activation_alpha", FLOATS},
    {"activation_beta", FLOATS},
    {"activations", TEXTS},
    {"align_corners", INT},
    {"allowzero", INT},
    {"alpha", FLOAT},
    {"antialias", INT},
    {"approximate", TEXT},
    {"auto_pad", TEXT},
    {"axes", INTS},
    {"axis", INT},
    {"batch_axis", INT},
    {"batch_dims", INT},
    {"beta", FLOAT},
    {"bias", FLOAT},
    {"blocksize", INT},
    {"body", GRAPH},
    {"ceil_mode", INT},
    {"clip", FLOAT},
    {"coordinate_transformation_mode", TEXT},
    {"count_include_pad", INT},
    {"cubic_coeff_a", FLOAT},
    {"detect_negative", INT},
    {"detect_positive", INT},
    {"dilations", INTS},
    {"direction", TEXT},
    {"directions", INTS},
    {"dtype", INT},
    {"else_branch", GRAPH},
    {"end", INT},
    {"ends", INTS},
    {"epsilon", FLOAT},
    {"equation", TEXT},
    {"exclude_outside", INT},
    {"exclusive", INT},
    {"extrapolation_value", FLOAT},
    {"fmod", INT},
    {"gamma", FLOAT},
    {"group", INT},
    {"hidden_size", INT},
    {"input_forget", INT},
    {"k", INT},
    {"keep_aspect_ratio_policy", TEXT},
    {"keepdims", INT},
    {"kernel_shape", INTS},
    {"lambd", FLOAT},
    {"largest", INT},
    {"layout", INT},
    {"linear_before_reset", INT},
    {"max", FLOAT},
    {"min", FLOAT},
    {"mode", TEXT},
    {"momentum", FLOAT},
    {"nearest_mode", TEXT},
    {"noop_with_empty_axes", INT},
    {"num_groups", INT},
    {"num_outputs", INT},
    {"num_scan_inputs", INT},
    {"output_padding", INTS},
    {"output_shape", INTS},
    {"p", INT | FLOAT},
    {"padding_mode", TEXT},
    {"pads", INTS},
    {"perm", INTS},
    {"reduction", TEXT},
    {"reverse", INT},
    {"scales", FLOATS},
    {"scan_input_axes", INTS},
    {"scan_input_directions", INTS},
    {"scan_output_axes", INTS},
    {"scan_output_directions", INTS},
    {"select_last_index", INT},
    {"shape", INTS},
    {"size", INT},
    {"spatial", INT},
    {"split", INTS},
    {"start", INT},
    {"starts", INTS},
    {"storage_order", INT},
    {"strides", INTS},
    {"then_branch", GRAPH},
    {"time_axis", INT},
    {"to", INT},
    {"training_mode", INT},
    {"transA", INT},
    {"transB", INT},
    {"upper", INT},
    {"value", FLOAT | TENSOR},
    {"value_float", FLOAT},
    {"value_floats", FLOATS},
    {"value_int", INT},
    {"value_ints", INTS},
};

static const char *const words[] = {
    [NET_ATTRIBUTE_INT] = "a whole number",
    [NET_ATTRIBUTE_FLOAT] = "a float",
    [NET_ATTRIBUTE_TEXT] = "a text",
    [NET_ATTRIBUTE_INTS] = "a list of whole numbers",
    [NET_ATTRIBUTE_FLOATS] = "a list of floats",
    [NET_ATTRIBUTE_TEXTS] = "a list of texts",
    [NET_ATTRIBUTE_TENSOR] = "a tensor",
    [NET_ATTRIBUTE_GRAPH] = "a graph",
};

static int find(const char *name) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Of two kinds the lower one. */
static const char *wanted(int kinds) {
    int kind = 0;
    while (!(kinds >> kind & 1)) {
        kind++;
    }
    return words[kind];
}

bool onnx_kinds_fit(const net_node *node, ct_error *err) {
    char seen[sizeof known / sizeof *known] = {0};
    for (int i = 0; i < node->attribute_count; i++) {
        const net_attribute *a = &node->attributes[i];
        const int at = find(a->name);
        if (at < 0) {
            continue;
        }
        if (!(known[at].kinds >> a->kind & 1)) {
            return ct_fail(err, "attribute '%s' is %s, where %s is expected", a->name,
                           words[a->kind], wanted(known[at].kinds));
        }
        if (seen[at]++) {
            return ct_fail(err, "it has the attribute '%s' twice", a->name);
        }
    }
    return true;
}
