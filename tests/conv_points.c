/* The accuracy of pointwise stages, and what they make of numbers that aren't finite; with every
 * instruction set. Channels at their edge are worked out by hand. */
#include "conv_points.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "conv/conv.h"
#include "random_case.h"

enum { MANY = 40000 };

static const void *only_row(void *context, int y) {
    (void)y;
    return context;
}

/* One row of `width` pixels through one stage. */
static void run_row(const conv_stage *stage, int width, int channels, const float *in, float *out) {
    ct_error err = {""};
    const conv_shape shape = {width, 1, channels};
    conv_plan *plan = conv_plan_new(stage, 1, shape, CONV_F32, CONV_F32, &err);
    ck_assert_msg(plan != NULL, "%s", err.text);
    conv_worker *worker = conv_worker_new(plan, -1);
    conv_stats stats;
    conv_stats_none(&stats);
    conv_worker_run(worker, 0, 1, only_row, (void *)in, out, 0, &stats);
    conv_worker_free(worker);
    conv_plan_free(plan);
}

/* The distance between a float and its neighbour near `value`. */
static double last_place(double value) {
    const float size = fabsf((float)value);
    return (double)(nextafterf(size, INFINITY) - size);
}

static double logistic(double v) {
    return v < 0 ? exp(v) / (1 + exp(v)) : 1 / (1 + exp(-v));
}

/* Numbers of every size, and those around which a formula might change. */
static void fill(float *in, int count) {
    random_state r = random_start(random_seed(), 77);
    for (int i = 0; i < count; i++) {
        const double size = i % 3 == 0 ? ldexp(1, random_int(&r, -140, 120)) : i % 3 == 1 ? 110 : 2;
        in[i] = (float)(random_real(&r) * size);
    }
    const float telling[] = {0, -0.0F, 0.625F, -0.625F, FLT_MAX, -FLT_MAX, FLT_MIN, 88.8F, -103.9F};
    for (int i = 0; i < (int)(sizeof telling / sizeof telling[0]); i++) {
        in[i] = telling[i];
    }
}

static void expect_accurate(conv_point point, double (*exact)(double), double most) {
    float *in = malloc(MANY * sizeof *in), *out = malloc(MANY * sizeof *out);
    const conv_stage stage = {.op = CONV_POINT, .point = point, .window.alpha = -1};
    fill(in, MANY);
    run_row(&stage, MANY, 1, in, out);
    for (int i = 0; i < MANY; i++) {
        const double want = exact((double)in[i]), error = fabs((double)out[i] - want);
        if (!(error <= most * last_place(want))) {
            ck_abort_msg("%s: %a became %a, not %a", conv_isa(), (double)in[i], (double)out[i],
                         want);
        }
    }
    free(in);
    free(out);
}

static void each_isa(void (*test)(void)) {
    ct_error err;
    for (size_t i = 0; conv_isa_name(i); i++) {
        ck_assert(conv_isa_choose(conv_isa_name(i), &err));
        test();
    }
}

static void accurate(void) {
    expect_accurate(CONV_SIGMOID, logistic, 3);
    expect_accurate(CONV_TANH, tanh, 3);
}

START_TEST(squashing_is_accurate) {
    each_isa(accurate);
}
END_TEST

static void expect(const conv_stage *stage, int channels, const float *in, int count,
                   const float *want) {
    float out[8];
    run_row(stage, 1, channels, in, out);
    for (int i = 0; i < count; i++) {
        const bool near = fabsf(out[i] - want[i]) <= 1e-7F * fabsf(want[i]);
        if (isnan(want[i]) ? !isnan(out[i]) : !near) {
            ck_abort_msg("%s, point %d: %g, not %g", conv_isa(), stage->point, (double)out[i],
                         (double)want[i]);
        }
    }
}

static conv_stage over(conv_point point, int alpha, float order) {
    return (conv_stage){.op = CONV_POINT, .point = point, .window.alpha = alpha, .a = order};
}

static void edges(void) {
    const conv_stage sigmoid = over(CONV_SIGMOID, -1, 0), tangent = over(CONV_TANH, -1, 0);
    const float odd[] = {NAN, INFINITY, -INFINITY};
    expect(&sigmoid, 3, odd, 3, (float[]){NAN, 1, 0});
    expect(&tangent, 3, odd, 3, (float[]){NAN, 1, -1});

    /* Far beyond what exp can hold: e^0, e^0 and e^-ln 2 of 2.5. */
    const conv_stage softmax = over(CONV_SOFTMAX, -1, 0), beside = over(CONV_SOFTMAX, 3, 0);
    const float large[] = {1000.75F, 1000.75F, (float)(1000.75 - M_LN2), 7};
    const float third = (float)(exp((double)large[2] - 1000.75));
    expect(&softmax, 3, large, 2, (float[]){1 / (2 + third), 1 / (2 + third)});
    expect(&beside, 4, large, 4,
           (float[]){1 / (2 + third), 1 / (2 + third), third / (2 + third), 7});
    expect(&softmax, 2, (float[]){-INFINITY, 3}, 2, (float[]){0, 1});
    expect(&softmax, 2, (float[]){NAN, 3}, 2, (float[]){NAN, NAN});

    const conv_stage argmax = over(CONV_ARGMAX, -1, 0), with_alpha = over(CONV_ARGMAX, 3, 0);
    expect(&argmax, 4, (float[]){-3, 5, 5, 4}, 1, (float[]){1});
    expect(&with_alpha, 4, (float[]){-3, -5, -2, 9}, 2, (float[]){2, 9});
    expect(&argmax, 4, (float[]){1, NAN, 8, NAN}, 1, (float[]){1});

    const float sides[] = {3, -4, 12, 84};
    const conv_stage length = over(CONV_NORM, -1, 2), sum = over(CONV_NORM, -1, 1);
    const conv_stage most = over(CONV_NORM, -1, INFINITY), colours = over(CONV_NORM, 3, 2);
    expect(&length, 2, sides, 1, (float[]){5});
    expect(&length, 3, sides, 1, (float[]){13});
    expect(&length, 4, sides, 1, (float[]){85});
    expect(&colours, 4, sides, 2, (float[]){13, 84});
    expect(&sum, 3, sides, 1, (float[]){19});
    expect(&most, 3, (float[]){3, -14, 12}, 1, (float[]){14});
    expect(&most, 3, (float[]){3, NAN, 12}, 1, (float[]){NAN});
    /* Squares that are no floats. */
    expect(&length, 2, (float[]){3e30F, 4e30F}, 1, (float[]){5e30F});
    expect(&length, 2, (float[]){3e-30F, 4e-30F}, 1, (float[]){5e-30F});
}

START_TEST(pixels_at_the_edge) {
    each_isa(edges);
}
END_TEST

TCase *conv_points(void) {
    TCase *points = tcase_create("points");
    tcase_add_test(points, squashing_is_accurate);
    tcase_add_test(points, pixels_at_the_edge);
    return points;
}
