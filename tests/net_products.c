/* Products of matrices beside plain sums, and recurrences worked out by hand. */
#include <math.h>
#include <stdlib.h>

#include "conv/matrix.h"
#include "net_build.h"
#include "net_control.h"

static float *numbers(size_t count) {
    float *made = malloc((count + 1) * sizeof *made);
    for (size_t i = 0; i < count; i++) {
        made[i] = (float)(rand() % 201 - 100) / 64;
    }
    return made;
}

/* All parts of a product, cut at every panel, and nothing beyond it. */
static void check_product(size_t m, size_t k, size_t n) {
    float *a = numbers(m * k), *b = numbers(k * n), *bias = numbers(n), *out = numbers(m * n + 1);
    conv_matrix matrix;
    ck_assert(conv_matrix_new(&matrix, k, n));
    conv_matrix_pack(&matrix, b, n, 1, 2);
    conv_matrix_bias(&matrix, bias, 1, 1);
    out[m * n] = 77;
    for (size_t p = 0; p < matrix.panels; p++) {
        conv_matrix_multiply(&matrix, out, n, a, k, m, p, p + 1);
    }
    ck_assert_float_eq(out[m * n], 77);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = (double)bias[j];
            for (size_t t = 0; t < k; t++) {
                sum += 2 * (double)a[i * k + t] * (double)b[t * n + j];
            }
            ck_assert_double_eq_tol((double)out[i * n + j], sum, 1e-4);
        }
    }
    conv_matrix_free(&matrix);
    free(a);
    free(b);
    free(bias);
    free(out);
}

START_TEST(products_of_all_small_shapes) {
    for (size_t m = 1; m < 34; m += 4) {
        for (size_t k = 0; k < 12; k += 5) {
            for (size_t n = 1; n < 68; n += 3) {
                check_product(m, k, n);
            }
        }
    }
    check_product(200, 400, 5); /* more rows than are kept near */
}
END_TEST

/* An RNN of one number without a squashing function: h = 2 x + 3 h, from 0. Of 1, 2: 2, then 10;
 * backward 4, then 14. */
START_TEST(a_recurrence_by_hand) {
    static build graph;
    static const char *const functions[] = {"Affine", "Affine"};
    static float w[] = {2, 2}, r[] = {3, 3};
    const net_shape pair = {.rank = 3, .size = {2, 1, 1}};
    const int x = build_input(&graph, "x", NET_FLOAT, pair);
    const int ws = build_constant(&graph, "w", NET_FLOAT, pair, w);
    const int rs = build_constant(&graph, "r", NET_FLOAT, pair, r);
    const int all = build_value(&graph, "all"), last = build_value(&graph, "last");
    net_node *node = build_node(&graph, "RNN", BUILD_LIST(x, ws, rs), BUILD_LIST(all, last));
    build_int(node, "hidden_size", 1);
    build_text(node, "direction", "bidirectional");
    build_texts(node, "activations", functions, 2);
    build_outputs(&graph, BUILD_LIST(all, last));
    ct_error err;
    net_plan *plan = build_plan(&graph, 0, &err);
    ck_assert_msg(plan != NULL, "%s", err.text);
    net_runner *runner = net_runner_new(plan, NULL, &err);
    float steps[] = {1, 2};
    const net_tensor in = {NET_FLOAT, pair, steps};
    net_tensor out[2];
    ck_assert_msg(net_run(runner, &in, out, &err), "%s", err.text);
    const double want_all[] = {2, 14, 10, 4}, want_last[] = {10, 14};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_double_eq(net_real_at(&out[0], i), want_all[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        ck_assert_double_eq(net_real_at(&out[1], i), want_last[i]);
    }
    net_runner_free(runner);
    net_plan_free(plan);
}
END_TEST

TCase *net_products_tests(void) {
    TCase *tests = tcase_create("products");
    tcase_add_test(tests, products_of_all_small_shapes);
    tcase_add_test(tests, a_recurrence_by_hand);
    return tests;
}
