/* The range of results that a program claims: no image leaves it, and where it's said to be
 * reached, a white image reaches it. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "flow/flow.h"

enum { WIDTH = 12, HEIGHT = 9, MOST = 1 << 12 };

/* A chain, and whether a white image gives the highest number. */
static const struct {
    const char *chain;
    bool reached;
} cases[] = {
    {"identity", true},
    {"gaussian", true},
    {"box:5:padding=zero", true},
    {"conv:gaussian3,scale:16", true},
    {"maxpool:2,minpool:2,avgpool:2,nearestpool:1", true},
    {"avgpool:2:padding=1", false},
    {"box,avgpool:all,scale:2", true},
    {"maxpool:all", true},
    {"minpool:all", true},
    {"scale:3,gray", true},
    {"scale:-2:100", false},
    {"invert", false},
    {"flatten", true},
    {"flatten:200", true},
    {"invert,flatten:300", false},
    {"scale:2:10,flatten:0", true},
    {"abs,relu", true},
    {"scale:1:-300,abs", false},
    {"scale:1:-100,relu", true},
    {"sharpen", false},
    {"unsharp:1:3", false},
    {"box:3:padding=constant=900", false},
    {"emboss:padding=constant=-77", false},
    {"outline:flip", false},
    {"laplacian:8", false},
    {"log:0.8", false},
    {"dog:0.7", false},
    {"sobel", false},
    {"sobel:x", false},
    {"sobel:y:7", false},
    {"median:5:padding=zero", true},
    {"scale:1:-100,leaky:0.2", true},
    {"scale:1:-100,leaky:-2", false},
    {"leaky:-2", true},
    {"scale:1/64:-2,sigmoid", true},
    {"scale:1/64:-2,tanh", true},
    {"softmax", false},
    {"median:padding=constant=900", false},
    {"scharr:y", false},
    {"prewitt:l1", false},
    {"roberts:angle", false},
    {"kirsch", false},
    {"robinson:stride=2", false},
    {"threshold:100", false},
    {"normalize:10:300", false},
    {"gaussian,sobel,scale:1/4,sharpen,avgpool:3", false},
    {"conv:motion5:dilation=2,unsharp:0.6:-2:10", false},
    {"bank:sobel2:bias=-30,relu", false},
    {"bank:haar:padding=constant=300", false},
};

/* The output's samples, as floats; returns how many. */
static size_t run(const codec_info *info, const uint8_t *samples, const filter_program *program,
                  float *out) {
    ct_error err = {""};
    flow_report report;
    codec_info to = {.width = program->out.width,
                     .height = program->out.height,
                     .channels = program->out.channels,
                     .sample = CODEC_F32,
                     .meta = {.srgb_intent = -1}};
    const size_t count = (size_t)to.width * (size_t)to.height * (size_t)to.channels;
    ck_assert_uint_le(count, MOST);
    const flow_options options = {.jobs = 1, .alpha = -1};
    codec_reader *reader = codec_open_image(info, samples, codec_row_bytes(info), &err);
    codec_writer *writer = codec_create_image(&to, out, codec_row_bytes(&to), &err);
    const flow_job job = {.in = reader,
                          .stages = program->stages,
                          .count = program->count,
                          .out = writer,
                          .out_info = &to};
    ck_assert_msg(reader && writer && flow_run(&job, &options, &report, &err), "%s", err.text);
    codec_close(reader);
    codec_writer_free(writer);
    return count;
}

/* Images with extremes: white, black, noise of both, any noise, and columns. */
static void fill(uint8_t *samples, size_t count, int kind) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t any = (uint8_t)rand(); /* NOLINT */
        samples[i] = (uint8_t)(kind == 0   ? 255
                               : kind == 1 ? 0
                               : kind == 2 ? (any & 1) * 255
                               : kind == 3 ? any
                                           : i / 4 % 2 * 255);
    }
}

static void check_case(size_t index, int channels, int kind) {
    ct_error err = {""};
    static uint8_t samples[WIDTH * HEIGHT * 4];
    static float out[MOST];
    const bool alpha = channels % 2 == 0;
    const codec_info info = {.width = WIDTH,
                             .height = HEIGHT,
                             .channels = channels,
                             .sample = CODEC_U8,
                             .meta = {.srgb_intent = -1}};
    const filter_image image = {WIDTH, HEIGHT, channels, alpha, 255, 255, false};
    filter_chain *chain = filter_parse(cases[index].chain, NULL, &err);
    filter_program p;
    ck_assert_msg(chain && filter_lower(chain, &(filter_settings){0}, &image, &p, &err), "%s",
                  err.text);
    fill(samples, sizeof samples, kind);
    const size_t count = run(&info, samples, &p, out);
    ck_assert(p.range.known);
    const double slack = 1e-5 * (1 + fabs(p.range.low) + fabs(p.range.high));
    double most = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (p.out_alpha && i % (size_t)p.out.channels == (size_t)p.out.channels - 1) {
            continue;
        }
        const double v = (double)out[i];
        ck_assert_msg(v >= p.range.low - slack && v <= p.range.high + slack,
                      "%s on %d channels, image %d: %g is outside %g..%g", cases[index].chain,
                      channels, kind, v, p.range.low, p.range.high);
        most = fmax(most, v);
    }
    ck_assert_msg(p.range.reached == cases[index].reached, "%s", cases[index].chain);
    ck_assert_msg(!p.range.reached || kind != 0 || most >= p.range.high - slack,
                  "%s on white gives %g, and not %g", cases[index].chain, most, p.range.high);
    filter_program_free(&p);
    filter_chain_free(chain);
}

START_TEST(no_image_leaves_the_range) {
    for (int channels = 1; channels <= 4; channels++) {
        for (int kind = 0; kind < 5; kind++) {
            check_case((size_t)_i, channels, kind);
        }
    }
}
END_TEST

/* The threshold that messages are about. */
START_TEST(thresholds_are_known) {
    static const struct {
        const char *chain;
        int stage;
        bool beyond, below;
    } thresholds[] = {
        {"threshold:100", 0, false, false},
        {"gray,threshold:25%", 1, false, false},
        {"threshold:100,gaussian", -1, false, false},
        {"threshold:100,invert", -1, false, false},
        {"threshold:100,threshold:7", 1, false, false},
        {"gray", -1, false, false},
        {"gray,threshold:256", 1, true, false},
        {"threshold:256,box,threshold:7", 0, true, false},
        {"threshold:255", 0, false, false},
        {"sobel,threshold:1400", 1, false, false},
        {"sobel,threshold:1500", 1, true, false},
        {"threshold:0,gaussian", 0, false, true},
        {"laplacian,threshold:0", 1, false, false},
    };
    for (size_t i = 0; i < sizeof thresholds / sizeof thresholds[0]; i++) {
        ct_error err = {""};
        filter_chain *chain = filter_parse(thresholds[i].chain, NULL, &err);
        const filter_image image = {WIDTH, HEIGHT, 1, false, 255, 65535, false};
        filter_program p;
        ck_assert_msg(chain && filter_lower(chain, &(filter_settings){0}, &image, &p, &err), "%s",
                      err.text);
        ck_assert_msg(p.threshold.stage == thresholds[i].stage &&
                          p.threshold.beyond == thresholds[i].beyond &&
                          p.threshold.below == thresholds[i].below,
                      "%s: stage %d, beyond %d, below %d", thresholds[i].chain, p.threshold.stage,
                      p.threshold.beyond, p.threshold.below);
        filter_program_free(&p);
        filter_chain_free(chain);
    }
}
END_TEST

/* Floats are unbounded, so nothing is known of their range. */
START_TEST(floats_have_no_range) {
    ct_error err = {""};
    filter_chain *chain = filter_parse("threshold:7", NULL, &err);
    const filter_image image = {WIDTH, HEIGHT, 1, false, 1, 1, true};
    filter_program p;
    ck_assert(filter_lower(chain, &(filter_settings){0}, &image, &p, &err));
    ck_assert(!p.threshold.beyond);
    filter_program_free(&p);
    filter_chain_free(chain);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("range");
    TCase *t = tcase_create("range");
    tcase_add_loop_test(t, no_image_leaves_the_range, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, thresholds_are_known);
    tcase_add_test(t, floats_have_no_range);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
