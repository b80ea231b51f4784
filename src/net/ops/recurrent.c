#include "net/ops/recurrent.h"

#include <string.h>
#include <strings.h>

/* ---- functions ---- */

/* What ONNX calls a gate's function, in lower or upper case; how many of alpha and beta it takes,
 * and what they are where they aren't given. To add one: a row. */
static const struct {
    const char *name, *unary; /* NULL: x itself */
    int takes;
    float alpha, beta;
    bool scales; /* alpha f(beta x), else alpha and beta are f's own numbers */
} names[] = {
    {"Relu", "Relu", 0, 0, 0, false},
    {"Tanh", "Tanh", 0, 0, 0, false},
    {"Sigmoid", "Sigmoid", 0, 0, 0, false},
    {"Affine", NULL, 2, 1, 0, false},
    {"LeakyRelu", "LeakyRelu", 1, 0.01F, 0, false},
    {"ThresholdedRelu", "ThresholdedRelu", 1, 1, 0, false},
    {"ScaledTanh", "Tanh", 2, 1, 1, true},
    {"HardSigmoid", "HardSigmoid", 2, 0.2F, 0.5F, false},
    {"Elu", "Elu", 1, 1, 0, false},
    {"Softsign", "Softsign", 0, 0, 0, false},
    {"Softplus", "Softplus", 0, 0, 0, false},
};

/* Numbers that are given, of which functions take theirs one after another. */
typedef struct given {
    const float *at;
    int count;
} given;

static double take(given *from, bool takes, float otherwise) {
    if (!takes || from->count <= 0) {
        return (double)otherwise;
    }
    from->count--;
    return (double)*from->at++;
}

static bool find_function(const char *name, given *alphas, given *betas, recurrent_function *f,
                          ct_error *err) {
    size_t i = 0;
    while (i < sizeof names / sizeof *names && strcasecmp(names[i].name, name) != 0) {
        i++;
    }
    if (i == sizeof names / sizeof *names) {
        return ct_fail(err, "its function '%.40s' isn't known", name);
    }
    const double a = take(alphas, names[i].takes > 0, names[i].alpha);
    const double b = take(betas, names[i].takes > 1, names[i].beta);
    *f = (recurrent_function){.inner = 1, .outer = 1, .plain = true};
    if (!names[i].unary) {
        f->outer = a;
        f->plus = b;
        f->plain = false;
        return true;
    }
    f->unary = net_unary_find(names[i].unary);
    if (names[i].scales) {
        f->outer = a;
        f->inner = b;
        f->plain = false;
    } else {
        f->numbers[0] = a;
        f->numbers[1] = b;
    }
    return true;
}

static bool read_functions(const net_node *node, recurrent *r, ct_error *err) {
    const char *const *listed;
    given alphas, betas;
    const int wanted = (int)r->cell->functions * r->directions;
    const int count = net_texts(node, "activations", &listed);
    alphas.count = net_floats(node, "activation_alpha", &alphas.at);
    betas.count = net_floats(node, "activation_beta", &betas.at);
    if (count != 0 && count != wanted) {
        return ct_fail(err, "it lists %d functions, where %d are expected", count, wanted);
    }
    for (int i = 0; i < wanted; i++) {
        const int own = i % (int)r->cell->functions;
        if (!find_function(count > 0 ? listed[i] : r->cell->defaults[own], &alphas, &betas,
                           &r->functions[i / (int)r->cell->functions][own], err)) {
            return false;
        }
    }
    return true;
}

/* ---- attributes and sizes ---- */

static bool read_direction(const net_node *node, recurrent *r, ct_error *err) {
    const char *direction = net_text(node, "direction", "forward");
    const bool both = strcasecmp(direction, "bidirectional") == 0;
    const bool backward = strcasecmp(direction, "reverse") == 0;
    if (!both && !backward && strcasecmp(direction, "forward") != 0) {
        return ct_fail(err, "its direction '%.40s' is none of forward, reverse, bidirectional",
                       direction);
    }
    r->directions = both ? 2 : 1;
    r->backward[0] = backward;
    r->backward[1] = true;
    return true;
}

/* A size: 0 or more, or negative, not known. */
static int64_t size_at(const net_tensor *tensor, int axis) {
    return tensor && tensor->shape.rank > axis ? tensor->shape.size[axis] : NET_ANY_SIZE;
}

/* Whether an input, if it is there and known, has that shape. */
static bool check(const net_call *call, int i, int rank, const int64_t *size, ct_error *err) {
    const net_tensor *in = net_in(call, i);
    if (!in || in->shape.rank < 0) {
        return true;
    }
    bool same = in->shape.rank == rank;
    for (int k = 0; same && k < rank; k++) {
        same = size[k] < 0 || in->shape.size[k] < 0 || in->shape.size[k] == size[k];
    }
    return same || ct_fail(err, "input %d doesn't have the shape that the others want", i + 1);
}

typedef struct sizes {
    int64_t steps, batch, inputs, hidden;
} sizes;

static sizes sizes_of(const net_call *call, const recurrent *r) {
    const net_tensor *x = call->in[0], *back = call->in[2];
    sizes s = {.steps = size_at(x, r->batch_first),
               .batch = size_at(x, !r->batch_first),
               .inputs = size_at(x, 2),
               .hidden = net_int(call->node, "hidden_size", NET_ANY_SIZE)};
    s.inputs = s.inputs >= 0 ? s.inputs : size_at(call->in[1], 2);
    s.hidden = s.hidden > 0 ? s.hidden : size_at(back, 2);
    return s;
}

static bool check_sizes(const net_call *call, const recurrent *r, const sizes *s, ct_error *err) {
    enum { MOST = 1 << 24 };
    if (s->hidden > MOST || s->inputs > MOST) {
        return ct_fail(err, "its matrices are larger than %d", MOST);
    }
    const int64_t directions = r->directions;
    const int64_t gates = s->hidden >= 0 ? (int64_t)r->cell->gates * s->hidden : NET_ANY_SIZE;
    const int64_t biases = s->hidden >= 0 ? 2 * gates : NET_ANY_SIZE;
    const int64_t peepholes = s->hidden >= 0 ? 3 * s->hidden : NET_ANY_SIZE;
    const int64_t state[] = {r->batch_first ? s->batch : directions,
                             r->batch_first ? directions : s->batch, s->hidden};
    const int64_t x[] = {NET_ANY_SIZE, NET_ANY_SIZE, s->inputs};
    return check(call, 0, 3, x, err) &&
           check(call, 1, 3, (const int64_t[]){directions, gates, s->inputs}, err) &&
           check(call, 2, 3, (const int64_t[]){directions, gates, s->hidden}, err) &&
           check(call, 3, 2, (const int64_t[]){directions, biases}, err) &&
           check(call, 4, 1, (const int64_t[]){s->batch}, err) && check(call, 5, 3, state, err) &&
           check(call, 6, 3, state, err) &&
           check(call, 7, 2, (const int64_t[]){directions, peepholes}, err);
}

static bool check_types(const net_call *call, ct_error *err) {
    if (!net_want_real(call, 0, err)) {
        return false;
    }
    for (int i = 1; i < call->node->input_count; i++) {
        const net_tensor *in = net_in(call, i);
        if (i == 4 && in && in->type != NET_NONE && !net_type_is_whole(in->type)) {
            return ct_fail(err, "input 5 should be the sequences' lengths, whole numbers");
        }
        if (i != 4 && !net_want_type(call, i, call->in[0]->type, err)) {
            return false;
        }
    }
    return true;
}

bool recurrent_read(const net_call *call, const recurrent_cell *cell, recurrent *r, ct_error *err) {
    const net_node *node = call->node;
    *r = (recurrent){.cell = cell,
                     .call = call,
                     .type = call->in[0]->type,
                     .batch_first = net_int(node, "layout", 0) != 0,
                     .couples = net_int(node, "input_forget", 0) != 0,
                     .reset_last = net_int(node, "linear_before_reset", 0) != 0,
                     .clip = (double)net_float(node, "clip", 0)};
    if (!read_direction(node, r, err) || !read_functions(node, r, err)) {
        return false;
    }
    const sizes s = sizes_of(call, r);
    r->steps = s.steps > 0 ? (size_t)s.steps : 0;
    r->batch = s.batch > 0 ? (size_t)s.batch : 0;
    r->inputs = s.inputs > 0 ? (size_t)s.inputs : 0;
    r->hidden = s.hidden > 0 ? (size_t)s.hidden : 0;
    return true;
}

bool recurrent_shape(const net_call *call, const recurrent_cell *cell, ct_error *err) {
    recurrent r;
    if (!check_types(call, err) || !recurrent_read(call, cell, &r, err)) {
        return false;
    }
    const sizes s = sizes_of(call, &r);
    if (!check_sizes(call, &r, &s, err)) {
        return false;
    }
    const net_shape all =
        r.batch_first ? (net_shape){.rank = 4, .size = {s.batch, s.steps, r.directions, s.hidden}}
                      : (net_shape){.rank = 4, .size = {s.steps, r.directions, s.batch, s.hidden}};
    const net_shape last = r.batch_first
                               ? (net_shape){.rank = 3, .size = {s.batch, r.directions, s.hidden}}
                               : (net_shape){.rank = 3, .size = {r.directions, s.batch, s.hidden}};
    net_give(call, 0, call->in[0]->type, &all);
    net_give(call, 1, call->in[0]->type, &last);
    net_give(call, 2, call->in[0]->type, &last);
    return true;
}

/* ---- functions at work ---- */

#define LIMIT(name, type, of_many)                                                                 \
    static void name(const recurrent *r, const recurrent_function *f, type *x, size_t n) {         \
        const type clip = (type)r->clip, inner = (type)f->inner, outer = (type)f->outer;           \
        for (size_t i = 0; clip > 0 && !f->unclipped && i < n; i++) {                              \
            x[i] = x[i] > clip ? clip : x[i] < -clip ? -clip : x[i];                               \
        }                                                                                          \
        for (size_t i = 0; !f->plain && i < n; i++) {                                              \
            x[i] *= inner;                                                                         \
        }                                                                                          \
        if (f->unary) {                                                                            \
            of_many(f->unary, f->numbers, x, x, n);                                                \
        }                                                                                          \
        for (size_t i = 0; !f->plain && i < n; i++) {                                              \
            x[i] = outer * x[i] + (type)f->plus;                                                   \
        }                                                                                          \
    }
LIMIT(apply_to_floats, float, net_unary_floats)
LIMIT(apply_to_doubles, double, net_unary_doubles)
#undef LIMIT

void recurrent_apply(const recurrent *r, const recurrent_function *f, void *numbers, size_t n) {
    if (r->type == NET_FLOAT) {
        apply_to_floats(r, f, numbers, n);
    } else {
        apply_to_doubles(r, f, numbers, n);
    }
}
