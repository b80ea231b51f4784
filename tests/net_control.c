/* If, Loop, and what lives how long; numbers worked out by hand. */
#include "net_control.h"

#include <stdio.h>
#include <string.h>

#include "net_build.h"

static const net_shape scalar = {.rank = 0}, two = {.rank = 1, .size = {2}};

/* Runs a graph once, with inputs in its order. */
static void run(const build *b, const net_tensor *in, net_tensor *out, net_plan **plan,
                net_runner **runner) {
    ct_error err;
    *plan = build_plan(b, 0, &err);
    ck_assert_msg(*plan != NULL, "%s", err.text);
    *runner = net_runner_new(*plan, NULL, &err);
    ck_assert_msg(*runner != NULL, "%s", err.text);
    ck_assert_msg(net_run(*runner, in, out, &err), "%s", err.text);
}

static void end(net_plan *plan, net_runner *runner) {
    net_runner_free(runner);
    net_plan_free(plan);
}

/* A body whose outputs are its inputs, exchanged, and a captured value: after three times (1, 2)
 * and (3, 4) have changed places; what is stacked are times 0, 1, 2 and three copies. */
START_TEST(what_a_loop_carries_may_be_its_inputs) {
    static build body, graph;
    const int times = build_input(&graph, "times", NET_I64, scalar);
    const int x = build_input(&graph, "x", NET_FLOAT, two);
    const int y = build_input(&graph, "y", NET_FLOAT, two);
    const int now = build_input(&body, "now", NET_I64, scalar);
    const int goes_on = build_input(&body, "goes on", NET_BOOL, scalar);
    const int a = build_input(&body, "a", NET_FLOAT, two);
    const int c = build_input(&body, "b", NET_FLOAT, two);
    const int caught = build_capture(&body, "x", x);
    build_outputs(&body, BUILD_LIST(goes_on, c, a, now, caught));
    const int outs[] = {build_value(&graph, "a"), build_value(&graph, "b"),
                        build_value(&graph, "nows"), build_value(&graph, "xs"), BUILD_END};
    build_body(build_node(&graph, "Loop", BUILD_LIST(times, -1, x, y), outs), "body", &body);
    build_outputs(&graph, outs);

    int64_t three = 3;
    float one_two[] = {1, 2}, three_four[] = {3, 4};
    const net_tensor in[] = {
        {NET_I64, scalar, &three}, {NET_FLOAT, two, one_two}, {NET_FLOAT, two, three_four}};
    net_tensor out[4];
    net_plan *plan;
    net_runner *runner;
    run(&graph, in, out, &plan, &runner);
    ck_assert_int_eq(memcmp(out[0].data, three_four, sizeof three_four), 0);
    ck_assert_int_eq(memcmp(out[1].data, one_two, sizeof one_two), 0);
    ck_assert_int_eq(out[2].shape.rank, 1);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(net_whole_at(&out[2], (size_t)i), i);
        ck_assert_int_eq(memcmp((float *)out[3].data + 2 * i, one_two, sizeof one_two), 0);
    }
    three = 0; /* never: what is stacked is empty */
    ct_error err;
    ck_assert_msg(net_run(runner, in, out, &err), "%s", err.text);
    ck_assert_int_eq(memcmp(out[0].data, one_two, sizeof one_two), 0);
    ck_assert_int_eq(out[3].shape.rank, 2);
    ck_assert_int_eq(out[3].shape.size[0], 0);
    ck_assert_int_eq(out[3].shape.size[1], 2);
    end(plan, runner);
}
END_TEST

/* -x is used by a body alone, three steps after it was made; meanwhile others want its place. */
/* A loop of three turns in one that runs `times` times. */
START_TEST(all_loops_of_a_run_have_one_limit) {
    build graph = {0}, body = {0}, inner = {0};
    int64_t three = 3, n = 2;
    const int times = build_input(&graph, "times", NET_I64, scalar);
    const int x = build_input(&graph, "x", NET_FLOAT, two);
    build_input(&body, "now", NET_I64, scalar);
    int goes_on = build_input(&body, "goes_on", NET_BOOL, scalar);
    const int a = build_input(&body, "a", NET_FLOAT, two);
    build_input(&inner, "now", NET_I64, scalar);
    build_outputs(&inner, BUILD_LIST(build_input(&inner, "goes_on", NET_BOOL, scalar),
                                     build_input(&inner, "b", NET_FLOAT, two)));
    const int thrice = build_constant(&body, "thrice", NET_I64, scalar, &three);
    const int made = build_value(&body, "made");
    build_body(build_node(&body, "Loop", BUILD_LIST(thrice, -1, a), BUILD_LIST(made)), "body",
               &inner);
    build_outputs(&body, BUILD_LIST(goes_on, made));
    const int y = build_value(&graph, "y");
    build_body(build_node(&graph, "Loop", BUILD_LIST(times, -1, x), BUILD_LIST(y)), "body", &body);
    build_outputs(&graph, BUILD_LIST(y));

    float one_two[] = {1, 2};
    const net_tensor in[] = {{NET_I64, scalar, &n}, {NET_FLOAT, two, one_two}};
    net_tensor out[1];
    ct_error err;
    net_plan *plan = build_plan(&graph, 0, &err);
    ck_assert_msg(plan != NULL, "%s", err.text);
    ck_assert_uint_eq(plan->most_turns, NET_MOST_TURNS);
    plan->most_turns = 8;
    net_runner *runner = net_runner_new(plan, NULL, &err);
    for (int i = 0; i < 3; i++) { /* each run counts from 0: 2 turns, and 2 x 3 */
        n = 2;
        ck_assert_msg(net_run(runner, in, out, &err), "%s", err.text);
        n = 3;
        ck_assert(!net_run(runner, in, out, &err));
        ck_assert_msg(strstr(err.text, "after 8 turns") != NULL, "%s", err.text);
    }
    end(plan, runner);
}
END_TEST

START_TEST(a_captured_value_lives_until_its_body_runs) {
    static build then, otherwise, graph;
    const int condition = build_input(&graph, "condition", NET_BOOL, scalar);
    const int x = build_input(&graph, "x", NET_FLOAT, two);
    const int minus = build_value(&graph, "-x"), p = build_value(&graph, "p");
    const int q = build_value(&graph, "q"), r = build_value(&graph, "r");
    const int chosen = build_value(&graph, "chosen");
    build_node(&graph, "Neg", BUILD_LIST(x), BUILD_LIST(minus));
    build_node(&graph, "Exp", BUILD_LIST(x), BUILD_LIST(p));
    build_node(&graph, "Exp", BUILD_LIST(p), BUILD_LIST(q));
    build_node(&graph, "Exp", BUILD_LIST(q), BUILD_LIST(r));
    const int caught = build_capture(&then, "-x", minus);
    build_outputs(&then, BUILD_LIST(caught));
    static float wide[] = {5, 6, 7};
    const int constant =
        build_constant(&otherwise, "wide", NET_FLOAT, (net_shape){.rank = 1, .size = {3}}, wide);
    build_outputs(&otherwise, BUILD_LIST(constant));
    net_node *node = build_node(&graph, "If", BUILD_LIST(condition), BUILD_LIST(chosen));
    build_body(node, "then_branch", &then);
    build_body(node, "else_branch", &otherwise);
    build_outputs(&graph, BUILD_LIST(chosen, r, x));

    uint8_t yes = 1;
    float one_two[] = {1, 2};
    const net_tensor in[] = {{NET_BOOL, scalar, &yes}, {NET_FLOAT, two, one_two}};
    net_tensor out[3];
    net_plan *plan;
    net_runner *runner;
    run(&graph, in, out, &plan, &runner);
    ck_assert_int_eq(out[0].shape.size[0], 2);
    ck_assert_double_eq(net_real_at(&out[0], 0), -1);
    ck_assert_double_eq(net_real_at(&out[0], 1), -2);
    ck_assert_ptr_eq(out[2].data, one_two); /* an output that is an input */
    yes = 0;
    ct_error err;
    ck_assert_msg(net_run(runner, in, out, &err), "%s", err.text);
    ck_assert_int_eq(out[0].shape.size[0], 3);
    ck_assert_double_eq(net_real_at(&out[0], 2), 7);

    const net_shape four = {.rank = 1, .size = {4}};
    float more[] = {1, 2, 3, 4};
    const net_tensor other[] = {in[0], {NET_FLOAT, four, more}};
    ck_assert(!net_run(runner, other, out, &err));
    ck_assert_str_eq(err.text, "input 'x' isn't what the plan was made for");
    end(plan, runner);
}
END_TEST

/* Values whose shapes are known only while the network runs count together: two of 4000 bytes each
 * don't fit where one does. */
START_TEST(values_without_a_place_have_one_limit) {
    static build graph;
    const net_shape one = {.rank = 1, .size = {1}};
    const int count = build_input(&graph, "count", NET_I64, one);
    const int a = build_value(&graph, "a"), b = build_value(&graph, "b");
    build_node(&graph, "ConstantOfShape", BUILD_LIST(count), BUILD_LIST(a));
    build_node(&graph, "Exp", BUILD_LIST(a), BUILD_LIST(b));
    build_outputs(&graph, BUILD_LIST(a, b));
    ct_error err;
    net_plan *plan = build_plan(&graph, 1 << 20, &err);
    ck_assert_msg(plan != NULL, "%s", err.text);
    net_runner *runner = net_runner_new(plan, NULL, &err);
    ck_assert_msg(runner != NULL, "%s", err.text);
    runner->own.most = runner->own.used + 7500; /* some hundred bytes lie around each value */
    int64_t wanted = 700;
    const net_tensor in = {NET_I64, one, &wanted};
    net_tensor out[2];
    ck_assert_msg(net_run(runner, &in, out, &err), "%s", err.text);
    wanted = 1000;
    ck_assert(!net_run(runner, &in, out, &err));
    ck_assert_msg(strstr(err.text, "needs") != NULL, "%s", err.text);
    wanted = 700; /* and the runner goes on */
    ck_assert_msg(net_run(runner, &in, out, &err), "%s", err.text);
    end(plan, runner);
}
END_TEST

/* 65 inputs of 16-bit floats are more than are made floats for an operator. */
START_TEST(too_many_halves_are_refused) {
    static build graph;
    int values[66];
    for (int i = 0; i < 65; i++) {
        values[i] = build_input(&graph, "x", NET_HALF, two);
    }
    values[65] = BUILD_END;
    const int sum = build_value(&graph, "sum");
    build_node(&graph, "Sum", values, BUILD_LIST(sum));
    build_outputs(&graph, BUILD_LIST(sum));
    ct_error err;
    ck_assert_ptr_null(build_plan(&graph, 0, &err));
    ck_assert_str_eq(err.text, "node 'Sum' (Sum): it has more than 64 inputs or outputs of 16-bit "
                               "floats");
}
END_TEST

/* A branch for other shapes than the network gets is an error only where it is taken. */
START_TEST(a_branch_that_does_not_fit_may_stand_aside) {
    static build then, otherwise, graph;
    static float three[] = {5, 6, 7};
    const int condition = build_input(&graph, "condition", NET_BOOL, scalar);
    const int x = build_input(&graph, "x", NET_FLOAT, two);
    const int chosen = build_value(&graph, "chosen");
    const int caught = build_capture(&then, "x", x), minus = build_value(&then, "-x");
    build_node(&then, "Neg", BUILD_LIST(caught), BUILD_LIST(minus));
    build_outputs(&then, BUILD_LIST(minus));
    const int other = build_capture(&otherwise, "x", x), sum = build_value(&otherwise, "sum");
    const int constant =
        build_constant(&otherwise, "three", NET_FLOAT, (net_shape){.rank = 1, .size = {3}}, three);
    build_node(&otherwise, "Add", BUILD_LIST(other, constant), BUILD_LIST(sum));
    build_outputs(&otherwise, BUILD_LIST(sum));
    net_node *node = build_node(&graph, "If", BUILD_LIST(condition), BUILD_LIST(chosen));
    build_body(node, "then_branch", &then);
    build_body(node, "else_branch", &otherwise);
    build_outputs(&graph, BUILD_LIST(chosen));

    uint8_t yes = 1;
    float one_two[] = {1, 2};
    const net_tensor in[] = {{NET_BOOL, scalar, &yes}, {NET_FLOAT, two, one_two}};
    net_tensor out;
    net_plan *plan;
    net_runner *runner;
    run(&graph, in, &out, &plan, &runner);
    ck_assert_double_eq(net_real_at(&out, 1), -2);
    yes = 0;
    ct_error err;
    ck_assert(!net_run(runner, in, &out, &err));
    ck_assert_msg(strstr(err.text, "stretched") != NULL, "%s", err.text);
    end(plan, runner);
}
END_TEST

TCase *net_control_tests(void) {
    TCase *tests = tcase_create("control");
    tcase_add_test(tests, what_a_loop_carries_may_be_its_inputs);
    tcase_add_test(tests, all_loops_of_a_run_have_one_limit);
    tcase_add_test(tests, a_captured_value_lives_until_its_body_runs);
    tcase_add_test(tests, a_branch_that_does_not_fit_may_stand_aside);
    tcase_add_test(tests, values_without_a_place_have_one_limit);
    tcase_add_test(tests, too_many_halves_are_refused);
    return tests;
}
