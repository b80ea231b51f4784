#include "net/unary.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "conv/rows/table.h"

/* ---- doubles ---- */

static double reciprocal(double x) {
    return 1 / x;
}

static double negative(double x) {
    return -x;
}

static double sign(double x) {
    return x > 0 ? 1 : x < 0 ? -1 : x; /* NaN stays */
}

static float sign_float(float x) {
    return x > 0 ? 1.0F : x < 0 ? -1.0F : x;
}

static double relu(double x) {
    return x < 0 ? 0 : x;
}

static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
}

static double soft_plus(double x) {
    return (x < 0 ? 0 : x) + log1p(exp(-fabs(x)));
}

static double soft_sign(double x) {
    return x / (1 + fabs(x));
}

static double gelu(double x) {
    return 0.5 * x * erfc(-x * M_SQRT1_2);
}

static double gelu_by_tanh(double x) {
    return 0.5 * x * (1 + tanh(sqrt(M_2_PI) * (x + 0.044715 * x * x * x)));
}

static double mish(double x) {
    return x * tanh(soft_plus(x));
}

static double limited(double x, double low, double high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

static double hard_swish(double x) {
    return x * limited(x / 6 + 0.5, 0, 1);
}

static double leaky(double x, const double *p) {
    return x < 0 ? p[0] * x : x;
}

static double elu(double x, const double *p) {
    return x < 0 ? p[0] * expm1(x) : x;
}

static double selu(double x, const double *p) {
    return p[1] * (x < 0 ? p[0] * expm1(x) : x);
}

static double celu(double x, const double *p) {
    return x < 0 ? p[0] * expm1(x / p[0]) : x;
}

static double hard_sigmoid(double x, const double *p) {
    return limited(p[0] * x + p[1], 0, 1);
}

static double limit(double x, const double *p) {
    return limited(x, p[0], p[1]);
}

static double beyond(double x, const double *p) {
    return x <= p[0] ? 0 : x; /* NaN stays */
}

static double shrink(double x, const double *p) {
    return x < -p[1] ? x + p[0] : x > p[1] ? x - p[0] : x - x; /* NaN stays */
}

/* ---- the table ---- */

struct net_unary {
    const char *name;
    rows_point point;                                /* for floats, */
    float (*narrow)(float);                          /* where this is NULL */
    double (*plain)(double x);                       /* for doubles, */
    double (*wide)(double x, const double *numbers); /* where that is NULL */
    struct {
        const char *name; /* NULL: it has no such number */
        double otherwise;
    } attributes[2];
};

static const char BY_TANH[] = "Gelu (tanh)";

/* Formulas: the ONNX operator specification, opset 18; Gelu: opset 20. To add one: a row here, and
 * one in ops/unary.c. */
static const net_unary functions[] = {
    {"Abs", .point = ROWS_ABSOLUTE, .plain = fabs},
    {"Acos", .narrow = acosf, .plain = acos},
    {"Acosh", .narrow = acoshf, .plain = acosh},
    {"Asin", .narrow = asinf, .plain = asin},
    {"Asinh", .narrow = asinhf, .plain = asinh},
    {"Atan", .narrow = atanf, .plain = atan},
    {"Atanh", .narrow = atanhf, .plain = atanh},
    {"Ceil", .point = ROWS_CEILING, .plain = ceil},
    {"Celu", .point = ROWS_CELU, .wide = celu, .attributes = {{"alpha", 1}}},
    {"Clip", .point = ROWS_LIMIT, .wide = limit},
    {"Cos", .narrow = cosf, .plain = cos},
    {"Cosh", .narrow = coshf, .plain = cosh},
    {"Elu", .point = ROWS_ELU, .wide = elu, .attributes = {{"alpha", 1}}},
    {"Erf", .point = ROWS_ERROR, .plain = erf},
    {"Exp", .point = ROWS_EXPONENTIAL, .plain = exp},
    {"Floor", .point = ROWS_FLOOR, .plain = floor},
    {"Gelu", .point = ROWS_GAUSS_UNIT, .plain = gelu},
    {BY_TANH, .point = ROWS_GAUSS_UNIT_BY_TANH, .plain = gelu_by_tanh},
    {"HardSigmoid", .point = ROWS_HARD_SIGMOID, .wide = hard_sigmoid,
     .attributes = {{"alpha", 0.2}, {"beta", 0.5}}},
    {"HardSwish", .point = ROWS_HARD_SWISH, .plain = hard_swish},
    {"LeakyRelu", .point = ROWS_LEAKY, .wide = leaky, .attributes = {{"alpha", 0.01}}},
    {"Log", .point = ROWS_LOGARITHM, .plain = log},
    {"Mish", .point = ROWS_MISH, .plain = mish},
    {"Neg", .point = ROWS_NEGATIVE, .plain = negative},
    {"Reciprocal", .point = ROWS_RECIPROCAL, .plain = reciprocal},
    {"Relu", .point = ROWS_RELU, .plain = relu},
    {"Round", .point = ROWS_NEAREST, .plain = rint},
    {"Selu", .point = ROWS_SELU, .wide = selu,
     .attributes = {{"alpha", 1.67326319217681884765625}, {"gamma", 1.05070102214813232421875}}},
    {"Shrink", .point = ROWS_SHRINK, .wide = shrink, .attributes = {{"bias", 0}, {"lambd", 0.5}}},
    {"Sigmoid", .point = ROWS_SIGMOID, .plain = sigmoid},
    {"Sign", .narrow = sign_float, .plain = sign},
    {"Sin", .narrow = sinf, .plain = sin},
    {"Sinh", .narrow = sinhf, .plain = sinh},
    {"Softplus", .point = ROWS_SOFT_PLUS, .plain = soft_plus},
    {"Softsign", .point = ROWS_SOFT_SIGN, .plain = soft_sign},
    {"Sqrt", .point = ROWS_ROOT, .plain = sqrt},
    {"Tan", .narrow = tanf, .plain = tan},
    {"Tanh", .point = ROWS_TANGENT, .plain = tanh},
    {"ThresholdedRelu", .point = ROWS_BEYOND, .wide = beyond, .attributes = {{"alpha", 1}}},
};

const net_unary *net_unary_find(const char *name) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

/* Clip's limits: attributes before opset 11, then inputs of one number. */
static bool limits_of(const net_node *node, const net_tensor *const *in, double numbers[2]) {
    numbers[0] = (double)net_float(node, "min", -FLT_MAX);
    numbers[1] = (double)net_float(node, "max", FLT_MAX);
    if (in[0]->type == NET_DOUBLE && node->opset >= 11) {
        numbers[0] = -DBL_MAX;
        numbers[1] = DBL_MAX;
    }
    for (int i = 1; i < node->input_count && i < 3; i++) {
        if (in[i] && (!in[i]->data || net_count(in[i]) != 1)) {
            return false;
        }
        numbers[i - 1] = in[i] ? net_real_at(in[i], 0) : numbers[i - 1];
    }
    return true;
}

const net_unary *net_unary_of(const net_node *node, const net_tensor *const *in,
                              double numbers[2]) {
    const bool by_tanh = strcmp(node->type, "Gelu") == 0 &&
                         strcmp(net_text(node, "approximate", "none"), "tanh") == 0;
    const net_unary *f = net_unary_find(by_tanh ? BY_TANH : node->type);
    numbers[0] = numbers[1] = 0;
    for (int i = 0; f && i < 2 && f->attributes[i].name; i++) {
        numbers[i] =
            (double)net_float(node, f->attributes[i].name, (float)f->attributes[i].otherwise);
    }
    if (f && f->point == ROWS_LIMIT && !f->narrow && !limits_of(node, in, numbers)) {
        return NULL;
    }
    return f;
}

void net_unary_floats(const net_unary *f, const double numbers[2], float *out, const float *in,
                      size_t n) {
    if (!f->narrow) {
        const float narrow[] = {(float)numbers[0], (float)numbers[1]};
        rows_chosen()->point[f->point](out, in, narrow, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = f->narrow(in[i]);
    }
}

void net_unary_doubles(const net_unary *f, const double numbers[2], double *out, const double *in,
                       size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = f->plain ? f->plain(in[i]) : f->wide(in[i], numbers);
    }
}

void net_relu(net_tensor *tensor) {
    rows_chosen()->relu(tensor->data, tensor->data, net_count(tensor));
}
