/* Operators of networks that move, reduce and normalise numbers: rules for shapes with sizes that
 * aren't known, indices that lie outside, and numbers worked out by hand. What ONNX's own cases
 * cover (tests/net_cases.py) isn't repeated. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "net_lone.h"

static const char *shape_text(lone *l) {
    static char text[200];
    ct_text made = {0};
    net_shape_text(l->symbols, &l->outs[0].shape, &made);
    snprintf(text, sizeof text, "%s", made.bytes);
    ct_text_free(&made);
    return text;
}

static void has_floats(const lone *l, int count, const float *want) {
    ck_assert_int_eq((int)net_count(&l->outs[0]), count);
    for (int i = 0; i < count; i++) {
        ck_assert_float_eq_tol(((const float *)l->outs[0].data)[i], want[i], 1e-6F);
    }
}

/* ---- shapes ---- */

START_TEST(reshape_keeps_symbols) {
    static const struct {
        int64_t list[3];
        const char *want;
    } cases[] = {
        {{0, -1, 2}, "[batch, 6, 2]"}, /* 3 x 4 numbers for each of the batch */
        {{-1, 3, 4}, "[batch, 3, 4]"},     {{-1, 2, 2}, "[3batch, 2, 2]"},
        {{-1, 5, 1}, "[12batch/5, 5, 1]"}, {{0, 0, 0}, "[batch, 3, 4]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lone *l = lone_new("Reshape", 14);
        give(l, NET_FLOAT, (net_shape){3, {net_symbol(l->symbols, "batch"), 3, 4}}, NULL);
        give_list(l, 3, cases[i].list);
        ck_assert_msg(plan(l), "%s", l->err.text);
        ck_assert_str_eq(shape_text(l), cases[i].want);
        lone_free(l);
    }
}
END_TEST

START_TEST(reshape_refuses) {
    static const struct {
        int64_t list[3], allow_zero;
        const char *want;
    } cases[] = {
        {{2, 2, 2}, 0, "its input has 12 elements, and the shape has 8"},
        {{-1, -1, 2}, 0, "its shape has -1 twice"},
        {{5, -1, 1}, 0, "its input's elements don't divide by the sizes beside -1"},
        {{3, 4, 0}, 0, "size 3 is to be the input's, which has 2 dimensions"},
        {{0, -1, 4}, 1, "its shape has both 0 and -1, with allowzero"},
        {{3, 4, -2}, 0, "a size of -2"},
        {{INT64_MAX, INT64_MAX, -1}, 0, "its input has more elements than fit in memory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lone *l = lone_new("Reshape", 14);
        give(l, NET_FLOAT, (net_shape){2, {3, 4}}, NULL);
        give_list(l, 3, cases[i].list);
        set_int(l, "allowzero", cases[i].allow_zero);
        ck_assert(!plan(l));
        ck_assert_str_eq(l->err.text, cases[i].want);
        lone_free(l);
    }
}
END_TEST

/* A list that isn't known yet tells the number of dimensions. */
START_TEST(unknown_lists) {
    lone *l = lone_new("Reshape", 14);
    give(l, NET_FLOAT, (net_shape){2, {3, 4}}, NULL);
    give_list(l, 3, NULL);
    ck_assert(plan(l));
    ck_assert_str_eq(shape_text(l), "[?, ?, ?]");
    lone_free(l);
    l = lone_new("NonZero", 13);
    give(l, NET_FLOAT, (net_shape){2, {3, 4}}, NULL);
    ck_assert(plan(l));
    ck_assert_str_eq(shape_text(l), "[2, ?]");
    lone_free(l);
}
END_TEST

/* ---- moving ---- */

/* Every way to turn four dimensions, large enough for tiles: element by element. */
START_TEST(transpose_by_the_formula) {
    static const int64_t sizes[4] = {3, 5, 9, 7};
    static int32_t in[3 * 5 * 9 * 7];
    for (int i = 0; i < 3 * 5 * 9 * 7; i++) {
        in[i] = i;
    }
    for (int code = 0; code < 256; code++) {
        const int64_t perm[4] = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6};
        lone *l = lone_new("Transpose", 13);
        give(l, NET_I32, (net_shape){4, {3, 5, 9, 7}}, in);
        l->attributes[l->node.attribute_count++] =
            (net_attribute){.name = "perm", .kind = NET_ATTRIBUTE_INTS, .count = 4, .ints = perm};
        const bool once = (1 << perm[0] | 1 << perm[1] | 1 << perm[2] | 1 << perm[3]) == 15;
        ck_assert_int_eq(plan(l), once);
        if (once) {
            ck_assert(compute(l));
            const int32_t *out = l->outs[0].data;
            int64_t at[4];
            for (at[0] = 0; at[0] < sizes[0]; at[0]++) {
                for (at[1] = 0; at[1] < sizes[1]; at[1]++) {
                    for (at[2] = 0; at[2] < sizes[2]; at[2]++) {
                        for (at[3] = 0; at[3] < sizes[3]; at[3]++) {
                            int64_t to = 0;
                            for (int d = 0; d < 4; d++) {
                                to = to * sizes[perm[d]] + at[perm[d]];
                            }
                            const int64_t from = ((at[0] * 5 + at[1]) * 9 + at[2]) * 7 + at[3];
                            ck_assert_int_eq(out[to], from);
                        }
                    }
                }
            }
        }
        lone_free(l);
    }
}
END_TEST

START_TEST(indices_outside) {
    static const float data[6] = {0, 1, 2, 3, 4, 5};
    for (int64_t index = -4; index <= 4; index++) {
        lone *l = lone_new("Gather", 13);
        give(l, NET_FLOAT, (net_shape){2, {3, 2}}, data);
        give_list(l, 1, &index);
        ck_assert(plan(l));
        ck_assert_int_eq(compute(l), index >= -3 && index < 3);
        if (index >= -3 && index < 3) {
            const float first = (float)(2 * (index < 0 ? index + 3 : index));
            has_floats(l, 2, (float[]){first, first + 1});
        } else {
            ck_assert_ptr_nonnull(strstr(l->err.text, "along an axis of size 3"));
        }
        lone_free(l);
    }
}
END_TEST

/* Bounds far outside, and steps that no sum of them survives. */
START_TEST(slice_extremes) {
    static const float data[4] = {0, 1, 2, 3};
    static const int64_t first_axis[1] = {0};
    static const struct {
        int64_t start, end, step;
        int count;
        float want[4];
    } cases[] = {
        {INT64_MIN, INT64_MAX, 1, 4, {0, 1, 2, 3}},
        {INT64_MIN, INT64_MAX, INT64_MAX, 1, {0}},
        {INT64_MAX, INT64_MIN, -1, 4, {3, 2, 1, 0}},
        {INT64_MAX, INT64_MIN, INT64_MIN, 1, {3}},
        {-2, INT64_MAX, 1, 2, {2, 3}},
        {3, 0, -2, 2, {3, 1}},
        {2, 2, 1, 0, {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lone *l = lone_new("Slice", 13);
        give(l, NET_FLOAT, (net_shape){1, {4}}, data);
        give_list(l, 1, &cases[i].start);
        give_list(l, 1, &cases[i].end);
        give_list(l, 1, first_axis);
        give_list(l, 1, &cases[i].step);
        ck_assert_msg(plan(l) && compute(l), "%s", l->err.text);
        has_floats(l, cases[i].count, cases[i].want);
        lone_free(l);
    }
}
END_TEST

/* ---- reducing and normalising ---- */

/* Equal numbers: the lower index first. NaN counts as the greatest. */
START_TEST(top_ties) {
    static const float data[6] = {1, 3, NAN, 3, -0.0F, 0};
    static const int64_t k[1] = {6}, most[6] = {2, 1, 3, 0, 4, 5}, least[6] = {4, 5, 0, 1, 3, 2};
    for (int largest = 0; largest < 2; largest++) {
        lone *l = lone_new("TopK", 11);
        l->node.output_count = 2;
        give(l, NET_FLOAT, (net_shape){1, {6}}, data);
        give_list(l, 1, k);
        set_int(l, "largest", largest);
        ck_assert(plan(l) && compute(l));
        ck_assert_mem_eq(l->outs[1].data, largest ? most : least, sizeof most);
        lone_free(l);
    }
}
END_TEST

/* Until opset 12 all dimensions from the axis on are one. */
START_TEST(softmax_of_two_kinds) {
    static const float zeros[6] = {0};
    for (int opset = 12; opset <= 13; opset++) {
        lone *l = lone_new("Softmax", opset);
        const float share = opset == 12 ? 1 / 6.0F : 1 / 3.0F;
        give(l, NET_FLOAT, (net_shape){2, {3, 2}}, zeros);
        set_int(l, "axis", 0);
        ck_assert(plan(l) && compute(l));
        has_floats(l, 6, (float[]){share, share, share, share, share, share});
        lone_free(l);
    }
}
END_TEST

/* Of equal numbers nothing is left but the bias, however large they are. */
START_TEST(layer_norm_of_equal_numbers) {
    static const float x[3] = {12345.678F, 12345.678F, 12345.678F}, scale[3] = {1e3F, 1, 2},
                       bias[3] = {1, 2, 3};
    lone *l = lone_new("LayerNormalization", 17);
    give(l, NET_FLOAT, (net_shape){2, {1, 3}}, x);
    give(l, NET_FLOAT, (net_shape){1, {3}}, scale);
    give(l, NET_FLOAT, (net_shape){1, {3}}, bias);
    ck_assert(plan(l) && compute(l));
    has_floats(l, 3, bias);
    lone_free(l);
}
END_TEST

/* 2^24 + 1 isn't a float: a sum in float would lose every 1. */
START_TEST(long_sums) {
    static float data[1025];
    data[0] = 16777216;
    for (int i = 1; i < 1025; i++) {
        data[i] = 1;
    }
    lone *l = lone_new("ReduceSum", 13);
    give(l, NET_FLOAT, (net_shape){1, {1025}}, data);
    ck_assert(plan(l) && compute(l));
    has_floats(l, 1, (float[]){16778240});
    lone_free(l);
}
END_TEST

START_TEST(sums_of_nothing) {
    static const struct {
        const char *type;
        float want;
    } cases[] = {{"ReduceSum", 0}, {"ReduceProd", 1}, {"ReduceL2", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lone *l = lone_new(cases[i].type, 11);
        give(l, NET_FLOAT, (net_shape){2, {0, 3}}, "");
        ck_assert(plan(l) && compute(l));
        has_floats(l, 1, &cases[i].want);
        lone_free(l);
    }
    lone *l = lone_new("ReduceMean", 11);
    give(l, NET_I32, (net_shape){1, {0}}, "");
    ck_assert(plan(l) && !compute(l));
    lone_free(l);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("net_moves");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, reshape_keeps_symbols);
    tcase_add_test(tests, reshape_refuses);
    tcase_add_test(tests, unknown_lists);
    tcase_add_test(tests, transpose_by_the_formula);
    tcase_add_test(tests, indices_outside);
    tcase_add_test(tests, slice_extremes);
    tcase_add_test(tests, top_ties);
    tcase_add_test(tests, softmax_of_two_kinds);
    tcase_add_test(tests, layer_norm_of_equal_numbers);
    tcase_add_test(tests, long_sums);
    tcase_add_test(tests, sums_of_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
