/* Operators of networks that look through windows: sizes that aren't known, numbers worked out by
 * hand, and rows against whole tensors. What ONNX's own cases cover (tests/net_cases.py) isn't
 * repeated. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/rows.h"
#include "net_lone.h"

#define SHAPE(...) ((net_shape){sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), {__VA_ARGS__}})

#define SET_INTS(l, name, ...)                                                                     \
    static const int64_t name##_list[] = {__VA_ARGS__};                                            \
    set_ints(l, #name, sizeof name##_list / sizeof(int64_t), name##_list)

static void make(lone *l) {
    ck_assert_msg(plan(l), "%s", l->err.text);
    ck_assert_msg(compute(l), "%s", l->err.text);
}

static void expect(const lone *l, net_shape shape, const float *numbers) {
    ck_assert(net_shape_equal(&l->outs[0].shape, &shape));
    for (size_t i = 0; i < net_count(&l->outs[0]); i++) {
        ck_assert_double_eq_tol(net_real_at(&l->outs[0], i), (double)numbers[i], 1e-6);
    }
}

/* ---- sizes ---- */

static void expect_size(net_symbols *symbols, int64_t size, const char *text) {
    char room[64];
    ck_assert_str_eq(net_size_text(symbols, size, room, sizeof room), text);
}

START_TEST(sizes_follow_symbols) {
    lone *l = lone_new("Conv", 11);
    net_symbols *symbols = l->symbols;
    give(l, NET_FLOAT,
         SHAPE(net_symbol(symbols, "batch"), 3, net_symbol(symbols, "height"), NET_ANY_SIZE), NULL);
    give(l, NET_FLOAT, SHAPE(8, 3, 3, 3), NULL);
    SET_INTS(l, strides, 2, 1);
    SET_INTS(l, pads, 1, 1, 1, 1);
    ck_assert_msg(plan(l), "%s", l->err.text);
    ck_assert_int_eq(l->outs[0].shape.rank, 4);
    expect_size(symbols, l->outs[0].shape.size[0], "batch");
    ck_assert_int_eq(l->outs[0].shape.size[1], 8);
    expect_size(symbols, l->outs[0].shape.size[2], "(height+1)/2");
    ck_assert_int_eq(l->outs[0].shape.size[3], NET_ANY_SIZE);
    lone_free(l);
}
END_TEST

START_TEST(what_does_not_fit_is_refused) {
    static const float x[6] = {0};
    lone *l = lone_new("Conv", 11);
    give(l, NET_FLOAT, SHAPE(1, 3, 2), x);
    give(l, NET_FLOAT, SHAPE(4, 2, 1), x);
    ck_assert(!plan(l));
    ck_assert_str_eq(l->err.text, "its input has 3 channels, and its weights are for 2");
    lone_free(l);
    l = lone_new("Conv", 11);
    give(l, NET_FLOAT, SHAPE(1, 1, 2), x);
    give(l, NET_FLOAT, SHAPE(1, 1, 3), x);
    ck_assert(!plan(l));
    ck_assert_str_eq(l->err.text, "a window of 3 doesn't fit in a side of 2");
    lone_free(l);
    l = lone_new("MaxUnpool", 11);
    static const int64_t index[] = {0, 4};
    SET_INTS(l, kernel_shape, 2);
    SET_INTS(l, strides, 2);
    give(l, NET_FLOAT, SHAPE(1, 1, 2), x);
    give(l, NET_I64, SHAPE(1, 1, 2), index);
    ck_assert(plan(l));
    l->outs[0].data = l->room;
    ck_assert(!l->node.op->run(&l->call, &l->err));
    ck_assert_str_eq(l->err.text, "index 4 is outside its output, which has 4 numbers");
    lone_free(l);
}
END_TEST

/* ---- by hand ---- */

START_TEST(transposed_by_hand) {
    static const float x[] = {1, 2}, w[] = {1, 10, 100};
    lone *l = lone_new("ConvTranspose", 11);
    SET_INTS(l, strides, 2);
    SET_INTS(l, output_padding, 1);
    give(l, NET_FLOAT, SHAPE(1, 1, 2), x);
    give(l, NET_FLOAT, SHAPE(1, 1, 3), w);
    make(l);
    expect(l, SHAPE(1, 1, 6), (const float[]){1, 10, 102, 20, 200, 0});
    lone_free(l);
}
END_TEST

/* With ceil_mode the last window begins inside and ends outside; what lies beyond the padding never
 * counts. */
START_TEST(means_by_hand) {
    static const float x[] = {1, 2, 3, 4};
    for (int counted = 0; counted <= 1; counted++) {
        lone *l = lone_new("AveragePool", 11);
        SET_INTS(l, kernel_shape, 3);
        SET_INTS(l, strides, 2);
        SET_INTS(l, pads, 1, 1);
        set_int(l, "ceil_mode", 1);
        set_int(l, "count_include_pad", counted);
        give(l, NET_FLOAT, SHAPE(1, 1, 4), x);
        make(l);
        expect(l, SHAPE(1, 1, 3), counted ? (const float[]){1, 3, 2} : (const float[]){1.5F, 3, 4});
        lone_free(l);
    }
}
END_TEST

/* Sample i lies at (i + 1/2) / 2 - 1/2 = -1/4, 1/4, 3/4, 5/4; before and behind are the ends. */
START_TEST(resized_by_hand) {
    static const float x[] = {0, 8}, scales[] = {1, 1, 2};
    lone *l = lone_new("Resize", 13);
    set_text(l, "mode", "linear");
    give(l, NET_FLOAT, SHAPE(1, 1, 2), x);
    give(l, NET_FLOAT, SHAPE(0), NULL);
    give(l, NET_FLOAT, SHAPE(3), scales);
    make(l);
    expect(l, SHAPE(1, 1, 4), (const float[]){0, 2, 6, 8});
    lone_free(l);
}
END_TEST

/* ---- rows ---- */

/* Doubles are summed by a walk over windows, which knows nothing of rows. */

enum { CHANNELS = 3, HEIGHT = 7, WIDTH = 5, NUMBERS = CHANNELS * HEIGHT * WIDTH };

static double noise(size_t i) {
    return sin(12.9898 * (double)(i + 1)) * 3;
}

typedef struct kind {
    const char *type;
    int filters; /* 0: no weights */
    int64_t kernel, stride, pad;
} kind;

static const kind kinds[] = {
    {"Conv", 4, 3, 1, 1},          {"Conv", 2, 3, 2, 0},          {"ConvTranspose", 2, 2, 2, 0},
    {"ConvTranspose", 3, 4, 2, 1}, {"ConvTranspose", 1, 3, 3, 1}, {"MaxPool", 0, 3, 2, 1},
    {"AveragePool", 0, 2, 1, 1},
};

static lone *of_kind(const kind *k, net_type type, const void *x, const void *w, int64_t *lists) {
    lone *l = lone_new(k->type, 11);
    lists[0] = lists[1] = k->kernel;
    lists[2] = lists[3] = k->stride;
    lists[4] = lists[5] = lists[6] = lists[7] = k->pad;
    set_ints(l, "kernel_shape", 2, lists);
    set_ints(l, "strides", 2, lists + 2);
    set_ints(l, "pads", 4, lists + 4);
    give(l, type, SHAPE(1, CHANNELS, HEIGHT, WIDTH), x);
    if (k->filters > 0) {
        const bool turned = strcmp(k->type, "ConvTranspose") == 0;
        give(l, type,
             SHAPE(turned ? CHANNELS : k->filters, turned ? k->filters : CHANNELS, k->kernel,
                   k->kernel),
             w);
    }
    return l;
}

typedef struct window {
    const float *rows; /* interleaved */
    int from, to;      /* that may be asked for */
} window;

static const void *row_of(void *context, int y) {
    const window *w = context;
    ck_assert(y >= w->from && y < w->to);
    return w->rows + (size_t)y * WIDTH * CHANNELS;
}

static void run_rows(const net_rows *rows, const float *interleaved, int step, float *out) {
    void *memory = net_rows_memory(rows->worker_bytes);
    void *worker = rows->enter ? rows->enter(rows, memory) : NULL;
    const size_t stride = (size_t)rows->out.width * (size_t)rows->out.channels;
    int low = 0, high = 0;
    for (int y = 0; y < rows->out.height; y += step) {
        const int end = y + step < rows->out.height ? y + step : rows->out.height;
        window w = {.rows = interleaved};
        const net_source source = {row_of, &w};
        rows->reach(rows, 0, y, end, &w.from, &w.to);
        ck_assert(w.from >= low && w.to >= high && w.to <= HEIGHT);
        low = w.from;
        high = w.to;
        rows->run(rows, worker, y, end, &source, out + (size_t)y * stride, stride);
    }
    if (worker) {
        rows->leave(worker);
    }
    free(memory);
}

START_TEST(rows_are_like_tensors) {
    const kind *k = &kinds[_i];
    static double x[NUMBERS], w[512];
    static float x_floats[NUMBERS], w_floats[512], interleaved[NUMBERS], made[LONE_BYTES];
    int64_t lists[8];
    for (size_t i = 0; i < NUMBERS; i++) {
        x[i] = (double)(x_floats[i] = (float)noise(i));
    }
    for (size_t i = 0; i < 512; i++) {
        w[i] = (double)(w_floats[i] = (float)noise(i + 1000));
    }
    net_planes_to_rows(x_floats, (conv_shape){WIDTH, HEIGHT, CHANNELS}, interleaved);
    lone *wide = of_kind(k, NET_DOUBLE, x, w, lists);
    make(wide);
    lone *l = of_kind(k, NET_FLOAT, NULL, w_floats, lists);
    net_rows rows = {.run = NULL};
    ck_assert(plan(l) && l->node.op->rows(&l->call, &rows, &l->err));
    ck_assert_ptr_nonnull(rows.run);
    const size_t channels = (size_t)rows.out.channels, width = (size_t)rows.out.width;
    const size_t plane = width * (size_t)rows.out.height;
    ck_assert_uint_eq(plane * channels, net_count(&wide->outs[0]));
    for (int step = 1; step <= 5; step += 2) {
        run_rows(&rows, interleaved, step, made);
        for (size_t i = 0; i < plane * channels; i++) {
            const double right = net_real_at(&wide->outs[0], i % channels * plane + i / channels);
            ck_assert_double_eq_tol((double)made[i], right, 1e-4);
        }
    }
    rows.free(&rows);
    lone_free(wide);
    lone_free(l);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("windows");
    tcase_add_test(tests, sizes_follow_symbols);
    tcase_add_test(tests, what_does_not_fit_is_refused);
    tcase_add_test(tests, transposed_by_hand);
    tcase_add_test(tests, means_by_hand);
    tcase_add_test(tests, resized_by_hand);
    tcase_add_loop_test(tests, rows_are_like_tensors, 0, sizeof kinds / sizeof *kinds);
    Suite *suite = suite_create("networks' windows");
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
