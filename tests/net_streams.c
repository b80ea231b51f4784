/* Networks by rows: what is seen of several images, how long a deep one is counted, and memory that
 * runs out while a plan is made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/plan/stream_rows.h"
#include "net_build.h"
#include "net_control.h"

enum { SIDE = 8 };

/* Convolutions of one channel, one behind the other, whose windows are 3 pixels high: each makes
 * its input times 2. */
typedef struct deep {
    net_graph graph;
    net_value *values;
    net_node *nodes;
    int *links;
    net_tensor weights;
    net_attribute pads[1];
} deep;

static float kernel[] = {0, 2, 0};
static const int64_t around[] = {1, 0, 1, 0};

static void make_deep(deep *d, int layers, int height, int width) {
    const net_shape image = {.rank = 4, .size = {1, 1, height, width}};
    *d = (deep){.weights = {NET_FLOAT, {.rank = 4, .size = {1, 1, 3, 1}}, kernel},
                .pads = {{.name = "pads", .kind = NET_ATTRIBUTE_INTS, .count = 4, .ints = around}}};
    d->values = calloc((size_t)layers + 2, sizeof *d->values);
    d->nodes = calloc((size_t)layers, sizeof *d->nodes);
    d->links = calloc(3 * (size_t)layers + 2, sizeof *d->links);
    ck_assert(d->values && d->nodes && d->links);
    for (int v = 0; v <= layers + 1; v++) {
        d->values[v] = (net_value){.name = "", .shape.rank = -1};
    }
    d->values[0] = (net_value){.name = "x", .type = NET_FLOAT, .shape = image};
    d->values[1] = (net_value){
        .name = "w", .type = NET_FLOAT, .shape = d->weights.shape, .constant = &d->weights};
    for (int i = 0; i < layers; i++) {
        int *links = &d->links[3 * i];
        links[0] = i == 0 ? 0 : i + 1;
        links[1] = 1;
        links[2] = i + 2;
        d->nodes[i] = (net_node){.op = net_op_find("Conv", 13),
                                 .name = "",
                                 .type = "Conv",
                                 .opset = 13,
                                 .inputs = links,
                                 .input_count = 2,
                                 .outputs = links + 2,
                                 .output_count = 1,
                                 .attributes = d->pads,
                                 .attribute_count = 1};
    }
    int *ends = &d->links[3 * layers];
    ends[0] = 0;
    ends[1] = layers + 1;
    d->graph = (net_graph){.name = "",
                           .values = d->values,
                           .value_count = layers + 2,
                           .nodes = d->nodes,
                           .node_count = layers,
                           .inputs = &ends[0],
                           .input_count = 1,
                           .outputs = &ends[1],
                           .output_count = 1};
}

static void free_deep(deep *d) {
    free(d->values);
    free(d->nodes);
    free(d->links);
}

static net_plan *plan_rows(const net_graph *graph, ct_error *err) {
    net_symbols *symbols = net_symbols_new();
    net_plan *plan = net_plan_graph(&(net_planning){.graph = graph,
                                                    .model_symbols = symbols,
                                                    .outputs = graph->outputs,
                                                    .output_count = graph->output_count,
                                                    .bodies = &net_plan_bodies,
                                                    .by_rows = true},
                                    err);
    net_symbols_free(symbols);
    return plan;
}

/* ---- what is seen ---- */

typedef struct seen {
    float sums[2];
    size_t counts[2];
} seen;

static void add_seen(void *context, const net_seen *made) {
    seen *s = context;
    for (size_t i = 0; made->data && i < made->count; i++) {
        s->sums[made->step] += ((const float *)made->data)[i];
        s->counts[made->step]++;
    }
}

/* Every image of a stream is seen, each row once; also where rows are made again. */
START_TEST(each_image_is_seen) {
    deep d;
    ct_error err;
    make_deep(&d, 2, SIDE, SIDE);
    net_plan *plan = plan_rows(&d.graph, &err);
    net_stream *stream = plan ? net_stream_new(plan, NULL, 0, &err) : NULL;
    ck_assert_msg(stream != NULL, "%s", err.text);
    seen s = {0};
    net_stream_watch(stream, &(net_watch){.see = add_seen, .context = &s});
    float image[SIDE * SIDE], out[SIDE * SIDE];
    net_image rows = {image, SIDE};
    for (int k = 1; k <= 2; k++) {
        for (int i = 0; i < SIDE * SIDE; i++) {
            image[i] = (float)k;
        }
        net_stream_restart(stream);
        ck_assert(net_stream_run(stream, 0, SIDE, net_image_row, &rows, out, SIDE, &err));
        ck_assert(net_stream_run(stream, 2, SIDE, net_image_row, &rows, out, SIDE, &err));
        const size_t all = (size_t)k * SIDE * SIDE;
        ck_assert_uint_eq(s.counts[0], all);
        ck_assert_uint_eq(s.counts[1], all);
        const float sum = SIDE * SIDE * (k == 1 ? 1.0F : 3.0F);
        ck_assert_float_eq(s.sums[0], 2 * sum);
        ck_assert_float_eq(s.sums[1], 4 * sum);
    }
    net_stream_free(stream);
    net_plan_free(plan);
    free_deep(&d);
}
END_TEST

/* ---- counting ---- */

/* The first row of so deep a network needs all layers' first rows, a pass for each block of them:
 * the dry run gives up, and says the most that there may be. */
START_TEST(a_deep_network_is_counted_in_bounded_time) {
    enum { LAYERS = 20000, HEIGHT = 4000 };
    deep d;
    ct_error err;
    make_deep(&d, LAYERS, HEIGHT, 2);
    net_plan *plan = plan_rows(&d.graph, &err);
    ck_assert_msg(plan != NULL, "%s", err.text);
    const uint64_t most =
        net_plan_bytes(plan) + (uint64_t)(LAYERS + 3) * HEIGHT * 2 * sizeof(float) + (1 << 20);
    net_stream *stream = net_stream_new(plan, NULL, most, &err);
    ck_assert_msg(stream != NULL, "%s", err.text);
    ck_assert_int_le(stream->visits, NET_MOST_VISITS + plan->step_count);
    ck_assert_uint_le(net_stream_bytes(stream), most);
    for (int v = 0; v < plan->value_count; v++) {
        ck_assert_int_le(stream->rings[v].room, HEIGHT);
    }
    net_stream_free(stream);

    /* What isn't bounded by the image's height is refused, and doesn't take long either. */
    stream = net_stream_new(plan, NULL, net_plan_bytes(plan) + (1 << 20), &err);
    ck_assert(stream == NULL);
    ck_assert_msg(strstr(err.text, "of memory by rows, and it may have") != NULL, "%s", err.text);
    net_plan_free(plan);
    free_deep(&d);
}
END_TEST

/* ---- memory that may be had ---- */

/* A loop that carries x and stacks it: what it carries and stacks, what its body makes, and the
 * outputs are of one budget, and all given back. */
START_TEST(bodies_share_the_memory) {
    enum { NUMBERS = 100000, TURNS = 4 };
    static build body, graph;
    const net_shape shape = {.rank = 1, .size = {NUMBERS}}, scalar = {.rank = 0};
    const int times = build_input(&graph, "times", NET_I64, scalar);
    const int x = build_input(&graph, "x", NET_FLOAT, shape);
    build_input(&body, "now", NET_I64, scalar);
    const int goes_on = build_input(&body, "goes on", NET_BOOL, scalar);
    const int a = build_input(&body, "a", NET_FLOAT, shape);
    const int made = build_value(&body, "made");
    build_node(&body, "Neg", BUILD_LIST(a), BUILD_LIST(made));
    build_outputs(&body, BUILD_LIST(goes_on, made, a));
    const int outs[] = {build_value(&graph, "last"), build_value(&graph, "all"), BUILD_END};
    build_body(build_node(&graph, "Loop", BUILD_LIST(times, -1, x), outs), "body", &body);
    build_outputs(&graph, outs);

    /* The body's value, two that are carried, a stack that grows from 2 to 4, and what the node
     * makes of the last and of all: no one of them needs half of that. */
    const uint64_t one = NUMBERS * sizeof(float), most = 20 * one;
    float *numbers = calloc(NUMBERS, sizeof *numbers);
    int64_t turns = TURNS;
    const net_tensor in[] = {{NET_I64, scalar, &turns}, {NET_FLOAT, shape, numbers}};
    for (int k = 0; k < 2; k++) {
        ct_error err;
        net_tensor out[2];
        net_plan *plan = build_plan(&graph, k == 0 ? most : most / 2, &err);
        ck_assert_msg(plan != NULL, "%s", err.text);
        net_runner *runner = net_runner_new(plan, NULL, &err);
        ck_assert_msg(runner != NULL, "%s", err.text);
        const bool ok = net_run(runner, in, out, &err);
        if (k == 0) {
            ck_assert_msg(ok, "%s", err.text);
            const uint64_t used = runner->own.used;
            ck_assert_uint_gt(used, 5 * one);
            ck_assert(net_run(runner, in, out, &err));
            ck_assert_uint_eq(runner->own.used, used);
        } else {
            ck_assert(!ok);
            ck_assert_msg(strstr(err.text, "more of memory") != NULL, "%s", err.text);
            ck_assert_uint_le(runner->own.used, most / 2);
        }
        net_runner_free(runner);
        net_plan_free(plan);
    }
    free(numbers);
}
END_TEST

static void in_turn(void *context, int count, void (*task)(void *argument, int i), void *argument) {
    (void)context;
    for (int i = 0; i < count; i++) {
        task(argument, i);
    }
}

/* Each thread's share is counted before it's there; small layers keep an image for each thread. */
START_TEST(the_memory_of_threads_counts) {
    enum { LAYERS = 10, MANY = 64 };
    deep d;
    ct_error err;
    make_deep(&d, LAYERS, SIDE, SIDE);
    net_plan *plan = plan_rows(&d.graph, &err);
    ck_assert_msg(plan != NULL, "%s", err.text);
    const uint64_t own = LAYERS * (SIDE + 2) * SIDE * sizeof(float); /* a row of padding around */
    ck_assert_uint_eq(net_plan_own_bytes(plan), own);
    const net_team many = {.threads = MANY, .each = in_turn};
    net_stream *one = net_stream_new(plan, NULL, 0, &err),
               *all = net_stream_new(plan, &many, 0, &err);
    ck_assert(one && all);
    ck_assert_uint_ge(net_stream_bytes(all) - net_stream_bytes(one), (MANY - 1) * own);
    net_stream_free(one);
    net_stream_free(all);
    net_plan_free(plan);

    net_symbols *symbols = net_symbols_new();
    plan = net_plan_graph(&(net_planning){.graph = &d.graph,
                                          .model_symbols = symbols,
                                          .outputs = d.graph.outputs,
                                          .output_count = 1,
                                          .bodies = &net_plan_bodies},
                          &err);
    ck_assert_msg(plan != NULL, "%s", err.text);
    plan->memory = net_plan_bytes(plan) + MANY / 2 * own;
    net_runner *runner = net_runner_new(plan, NULL, &err);
    ck_assert_msg(runner != NULL, "%s", err.text);
    net_runner_free(runner);
    ck_assert(net_runner_new(plan, &many, &err) == NULL);
    ck_assert_msg(strstr(err.text, "more of memory") != NULL, "%s", err.text);
    net_plan_free(plan);
    net_symbols_free(symbols);
    free_deep(&d);
}
END_TEST

/* ---- memory that runs out ---- */

#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
/* Allocations of more than `bytes` beside those that there are fail from now on. */
static void limit_memory(size_t bytes) {
    long pages = 0, unused;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert(file && fscanf(file, "%ld %ld", &pages, &unused) == 2);
    fclose(file);
    const rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + bytes;
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &limit), 0);
    limit.rlim_cur = most;
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
}

static void unlimit_memory(void) {
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
}

/* What a layer is made of is copied twice as doubles, which fits, and then packed, which doesn't:
 * an error, not a node that can't be done by rows. */
static void check_out_of_memory(const char *type, int64_t out_channels, int64_t in_channels,
                                size_t room) {
    static build b;
    b = (build){0};
    const net_shape image = {.rank = 4, .size = {1, in_channels, 64, 64}};
    const int64_t first = strcmp(type, "Conv") == 0 ? out_channels : in_channels;
    const net_shape shape = {.rank = 4, .size = {first, out_channels * in_channels / first, 3, 3}};
    const size_t count = (size_t)(out_channels * in_channels * 9);
    float *weights = calloc(count, sizeof *weights);
    ck_assert(weights != NULL);
    const int x = build_input(&b, "x", NET_FLOAT, image);
    const int w = build_constant(&b, "w", NET_FLOAT, shape, weights);
    const int y = build_value(&b, "y");
    build_node(&b, type, BUILD_LIST(x, w), BUILD_LIST(y));
    build_outputs(&b, BUILD_LIST(y));
    ct_error err;
    net_plan *plan = plan_rows(&b.graph, &err);
    ck_assert_msg(plan && plan->steps[plan->told[0]].rows, "%s by rows", type);
    net_plan_free(plan);
    limit_memory(room);
    void *volatile beyond = malloc(4 * room);
    const bool limited = beyond == NULL;
    free(beyond);
    plan = plan_rows(&b.graph, &err);
    unlimit_memory();
    ck_assert(limited || getenv("EMULATOR")); /* qemu keeps no limit */
    if (!limited) {
        ck_assert_msg(plan != NULL, "%s", err.text);
        net_plan_free(plan);
        free(weights);
        return;
    }
    ck_assert_msg(plan == NULL, "%s without memory", type);
    ck_assert_msg(strstr(err.text, "out of memory") != NULL, "%s", err.text);
    free(weights);
}

START_TEST(a_layer_without_memory_is_an_error) {
    const size_t doubles = (size_t)1024 * 1024 * 9 * sizeof(double);
    check_out_of_memory("Conv", 1024, 1024, doubles + (8 << 20));
}
END_TEST

START_TEST(a_transposed_layer_without_memory_is_an_error) {
    const size_t doubles = (size_t)1024 * 1024 * 9 * sizeof(double);
    check_out_of_memory("ConvTranspose", 1024, 1024, doubles + (8 << 20));
}
END_TEST
#endif

TCase *net_streams_tests(void) {
    TCase *cases = tcase_create("streams");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, each_image_is_seen);
    tcase_add_test(cases, a_deep_network_is_counted_in_bounded_time);
    tcase_add_test(cases, bodies_share_the_memory);
    tcase_add_test(cases, the_memory_of_threads_counts);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    tcase_add_test(cases, a_layer_without_memory_is_an_error);
    tcase_add_test(cases, a_transposed_layer_without_memory_is_an_error);
#endif
    return cases;
}
