#include "app/commands/explain_network.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/commands/explain_node.h"
#include "app/run/descriptor.h"
#include "app/run/network_image.h"
#include "app/run/source.h"
#include "app/run/warnings.h"

enum { MOST_STEPS = 8, MOST_VALUES = MOST_STEPS * EXPLAIN_NODE_INPUTS };

typedef struct session {
    const app_call *call;
    const app_network *network;
    explain_style style;
    codec_info info;
    float *planes; /* the network's input */
    net_tensor in;
    net_plan *plan;
    net_runner *runner;
    const char *names[MOST_VALUES]; /* of values that are wanted: the output first */
    net_tensor values[MOST_VALUES];
    int count;
    int steps[MOST_STEPS]; /* of the plan, the last one first */
    int step_count;
    size_t at;
    bool last; /* the output's channels come last */
    bool agrees, misused;
} session;

/* ---- the image ---- */

static bool read_planes(session *s, codec_reader *reader, ct_error *err) {
    const net_value *value = app_network_input(s->network);
    network_input input;
    s->info = *codec_reader_info(reader);
    s->info.meta = (codec_meta){.srgb_intent = -1};
    if (!network_input_make(s->network, value, &s->info, &input, err)) {
        return ct_fail_at(err, "net:%s: ", s->network->stage.model);
    }
    const conv_shape shape = input.shape;
    const size_t w = (size_t)shape.width, c = (size_t)shape.channels;
    s->planes = malloc((size_t)shape.height * w * c * sizeof *s->planes);
    const bool ok = s->planes ? network_input_read(&input, reader, s->planes, err)
                              : ct_fail(err, "out of memory");
    s->last = input.last && !s->network->stage.out;
    const int rank = value->shape.rank < 0 ? 4 : value->shape.rank;
    s->in = (net_tensor){
        .type = NET_FLOAT, .shape = network_input_shape(&input, rank), .data = s->planes};
    return ok;
}

static bool load(session *s, const char *path, ct_error *err) {
    const app_source_of of = {.path = path, .fd = app_descriptor(path, STDIN_FILENO), .only = true};
    app_call own = *s->call;
    app_source source;
    own.network = NULL; /* it's run here */
    const bool ok = app_source_open(&source, &of, &own, err) && read_planes(s, source.reader, err);
    if (ok && s->call->talk != APP_QUIET) {
        codec_warnings warnings = {0};
        app_warnings_gather(s->call, source.reader, NULL, &warnings);
        app_warnings_say(path, &warnings);
    }
    app_source_close(&source);
    return ok;
}

/* ---- the steps ---- */

static bool make_plan(session *s, ct_error *err) {
    const net_given given = {.name = app_network_input(s->network)->name,
                             .tensor = {.type = NET_FLOAT, .shape = s->in.shape}};
    const net_wanted wanted = {.given = &given,
                               .given_count = 1,
                               .outputs = s->names,
                               .output_count = s->count,
                               .apart = true, /* sums and Relu are told by themselves */
                               .memory = s->call->limits.max_memory};
    net_plan_free(s->plan);
    s->plan = net_plan_new(s->network->model, &wanted, err);
    return s->plan != NULL;
}

/* The step that makes the value; -1: none does. */
static int maker(const net_plan *plan, const char *name) {
    for (int i = 0; i < net_plan_step_count(plan); i++) {
        const net_node *node = net_plan_step(plan, i).node;
        for (int k = 0; k < node->output_count; k++) {
            if (node->outputs[k] >= 0 &&
                strcmp(net_plan_value_name(plan, node->outputs[k]), name) == 0) {
                return i;
            }
        }
    }
    return -1;
}

static bool refuse(session *s, const char *name, const net_node *node, ct_error *err) {
    s->misused = true;
    return node ? ct_fail(err,
                          "'%s' is made by %s; explain can tell of %s; out=NAME takes another "
                          "value",
                          name, node->type, explain_node_names())
                : ct_fail(err, "'%s' is the network's input; nothing makes it", name);
}

static void want(session *s, const char *name) {
    for (int i = 0; i < s->count; i++) {
        if (strcmp(s->names[i], name) == 0) {
            return;
        }
    }
    if (s->count < MOST_VALUES) {
        s->names[s->count++] = name;
    }
}

/* The steps from the output back to one that isn't number by number; their inputs are wanted. */
static bool find_steps(session *s, ct_error *err) {
    const char *name = s->names[0];
    for (s->step_count = 0; s->step_count < MOST_STEPS;) {
        const int step = maker(s->plan, name);
        const net_node *node = step < 0 ? NULL : net_plan_step(s->plan, step).node;
        if (!node || !explain_node_known(node)) {
            return s->step_count > 0 || refuse(s, name, node, err);
        }
        s->steps[s->step_count++] = step;
        for (int k = 0; k < node->input_count; k++) {
            const int value = net_plan_step_input(s->plan, step, k);
            if (value >= 0 && !net_plan_is_constant(s->plan, value)) {
                want(s, net_plan_value_name(s->plan, value));
            }
        }
        if (!explain_node_is_unary(node)) {
            break;
        }
        name = net_plan_value_name(s->plan, net_plan_step_input(s->plan, step, 0));
    }
    return true;
}

/* Plans twice: which values are wanted too follows from the first plan. */
static bool run(session *s, ct_error *err) {
    s->names[s->count++] = app_network_output(s->network);
    if (!make_plan(s, err) || !find_steps(s, err) || !make_plan(s, err) || !find_steps(s, err) ||
        !(s->runner = net_runner_new(s->plan, NULL, err))) {
        return false;
    }
    return net_run(s->runner, &s->in, s->values, err);
}

/* ---- the place ---- */

/* Columns are the last dimension, rows the one before, channels all others: as pictures of it. */
static bool find_place(session *s, ct_error *err) {
    const net_tensor *out = &s->values[0];
    conv_shape shape;
    const int channel = s->call->channel < 0 ? 0 : s->call->channel;
    const bool last = s->last && out->shape.rank >= 3;
    if (!network_output_shape(out, last, &shape, err)) {
        return false;
    }
    const int x = s->call->at_given ? s->call->at_x : (shape.width - 1) / 2;
    const int y = s->call->at_given ? s->call->at_y : (shape.height - 1) / 2;
    s->misused = true;
    if (x >= shape.width || y >= shape.height) {
        return ct_fail(err, "--at %d,%d lies outside '%s', which is %dx%d", x, y, s->names[0],
                       shape.width, shape.height);
    }
    if (channel >= shape.channels) {
        return ct_fail(err, "--channel %d: '%s' has %s, counted from 0", channel, s->names[0],
                       ct_count((uint64_t)shape.channels, "channel").text);
    }
    s->misused = false;
    const size_t w = (size_t)shape.width, h = (size_t)shape.height, c = (size_t)channel;
    s->at = last ? ((size_t)y * w + (size_t)x) * (size_t)shape.channels + c
                 : (c * h + (size_t)y) * w + (size_t)x;
    return true;
}

/* ---- printing ---- */

static net_tensor tensor_of(const session *s, int value) {
    if (value < 0) {
        return (net_tensor){.type = NET_NONE};
    }
    if (net_plan_is_constant(s->plan, value)) {
        return *net_plan_tensor(s->plan, value);
    }
    for (int i = 0; i < s->count; i++) {
        if (strcmp(s->names[i], net_plan_value_name(s->plan, value)) == 0) {
            return s->values[i];
        }
    }
    return (net_tensor){.type = NET_NONE};
}

static bool print_title(const session *s, int number, const net_step_info *step,
                        const net_tensor *out) {
    ct_text text = {0};
    int64_t place[NET_MOST_DIMENSIONS];
    explain_node_place(&out->shape, s->at, place);
    bool ok = ct_text_print(&text, "\n%d. %s", number, s->style.strong) &&
              app_escape(&text, step->output_name) &&
              ct_text_print(&text, "%s: %s", s->style.plain, step->node->type);
    for (int i = 0; ok && step->with[i]; i++) {
        ok = ct_text_print(&text, i ? ", %s" : ", its weights with %s", step->with[i]);
    }
    ok = ok && ct_text_print(&text, ", at [");
    for (int i = 0; ok && i < out->shape.rank; i++) {
        ok = ct_text_print(&text, i ? ", %lld" : "%lld", (long long)place[i]);
    }
    ok = ok && ct_text_print(&text, "] of ") && net_shape_text(NULL, &out->shape, &text);
    if (ok) {
        puts(text.bytes);
    }
    ct_text_free(&text);
    return ok;
}

static bool print_step(session *s, int i, ct_error *err) {
    const net_step_info step = net_plan_step(s->plan, s->steps[i]);
    explain_node n = {.style = &s->style,
                      .node = step.node,
                      .at = s->at,
                      .all = s->call->talk == APP_VERBOSE,
                      .agrees = &s->agrees};
    for (int k = 0; k < step.node->input_count; k++) {
        const int value = net_plan_step_input(s->plan, s->steps[i], k);
        n.in[k] = tensor_of(s, value);
        n.names[k] = value < 0 || net_plan_is_constant(s->plan, value)
                         ? NULL
                         : net_plan_value_name(s->plan, value);
        if (n.in[k].type != NET_NONE && !n.in[k].data) {
            return ct_fail(err, "an input of '%s' isn't known", step.node->name);
        }
    }
    /* Of the last step the output, of others the input of the next, whose place is the same. */
    for (int v = 0; v < s->count; v++) {
        if (strcmp(s->names[v], step.output_name) == 0) {
            n.out = s->values[v];
        }
    }
    if (!n.out.data || n.in[0].type == NET_NONE) {
        return ct_fail(err, "'%s' isn't known", step.output_name);
    }
    return print_title(s, s->step_count - i, &step, &n.out) ? explain_node_print(&n, err)
                                                            : ct_fail(err, "out of memory");
}

static bool print_all(session *s, const char *path, ct_error *err) {
    ct_text name = {0};
    const bool ok = app_escape(&name, app_input_name(path));
    if (!ok) {
        return ct_fail(err, "out of memory");
    }
    printf("%s: %dx%d, %s\n", name.bytes, s->info.width, s->info.height,
           ct_count((uint64_t)s->info.channels, "channel").text);
    ct_text_free(&name);
    for (int i = s->step_count; i-- > 0;) {
        if (!print_step(s, i, err)) {
            return false;
        }
    }
    puts(s->agrees ? "\nThe arithmetic shown agrees with the network."
                   : "\nThe arithmetic shown DIFFERS from the network: please report this.");
    return true;
}

int app_explain_network(const app_call *call, const app_network *network, const char *path) {
    ct_error err;
    session s = {
        .call = call, .network = network, .style = explain_style_for(stdout), .agrees = true};
    const bool ok =
        load(&s, path, &err) && run(&s, &err) && find_place(&s, &err) && print_all(&s, path, &err);
    if (!ok) {
        app_say(app_input_name(path), "%s", err.text);
    }
    net_runner_free(s.runner);
    net_plan_free(s.plan);
    free(s.planes);
    return !ok ? (s.misused ? APP_USAGE : APP_FAILED) : s.agrees ? APP_OK : APP_FAILED;
}
