/* Banks of filters: the numbers of those with a name, worked out by hand or from the formula;
 * files; how an image's channels come to the filters; names. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"

/* ---- programs ---- */

static const filter_settings plain = {0};

static filter_image image_of(int channels, bool alpha) {
    return (filter_image){.width = 400,
                          .height = 300,
                          .channels = channels,
                          .alpha = alpha,
                          .white = 255,
                          .out_white = 255};
}

/* A file "NAME" of a test: text, or if it begins with '!', an array: "!2,1,1,3 1 2 3 4 5 6". */
typedef struct test_file {
    const char *name, *text;
} test_file;

static filter_found read_file(void *context, const char *name, size_t most, char **bytes,
                              size_t *size, ct_error *err) {
    (void)most, (void)err;
    for (const test_file *file = context; file->name; file++) {
        if (strcmp(file->name, name) == 0) {
            *bytes = strdup(file->text);
            *size = strlen(file->text);
            return FILTER_FOUND;
        }
    }
    return FILTER_MISSING;
}

static filter_found read_array(void *context, const char *bytes, size_t size, size_t most,
                               filter_array *out, ct_error *err) {
    (void)context, (void)size, (void)most;
    if (bytes[0] != '!') {
        return FILTER_MISSING;
    }
    if (bytes[1] == '!') {
        ct_fail(err, "it's broken");
        return FILTER_UNREADABLE;
    }
    char *copy = strdup(bytes + 1), *at = copy;
    size_t count = 1;
    *out = (filter_array){0};
    do {
        out->side[out->dimensions] = (size_t)strtoul(at, &at, 10);
        count *= out->side[out->dimensions++];
    } while (*at++ == ',');
    out->numbers = malloc(count * sizeof *out->numbers);
    for (size_t i = 0; i < count; i++) {
        out->numbers[i] = strtod(at, &at);
    }
    free(copy);
    return FILTER_FOUND;
}

/* The program of a chain; false with the error. */
static bool lower(const char *text, const test_file *files, const filter_settings *settings,
                  filter_image image, filter_program *program, ct_error *err) {
    const filter_loader loader = {read_file, read_array, (void *)files};
    const filter_defaults defaults = {.loader = files ? &loader : NULL};
    filter_chain *chain = filter_parse(text, &defaults, err);
    const bool ok = chain && filter_lower(chain, settings, &image, program, err);
    filter_chain_free(chain);
    return ok;
}

/* The layer of a program that must be there. */
static const conv_stage *layer_of(const char *text, const test_file *files, filter_image image,
                                  filter_program *program) {
    ct_error err = {""};
    ck_assert_msg(lower(text, files, &plain, image, program, &err), "%s: %s", text, err.text);
    for (int i = 0; i < program->count; i++) {
        if (program->stages[i].op == CONV_LAYER) {
            return &program->stages[i];
        }
    }
    ck_abort_msg("%s: no layer", text);
    return NULL;
}

static const double *filter_named(const filter_program *program, const conv_stage *layer,
                                  const char *name) {
    for (int f = 0; f < layer->filters; f++) {
        if (strcmp(program->names[f], name) == 0) {
            return layer->weights +
                   (size_t)f * (size_t)(layer->window.width * layer->window.height);
        }
    }
    ck_abort_msg("no filter %s", name);
    return NULL;
}

static void check_weights(const double *got, const double *wanted, int count, const char *what) {
    for (int i = 0; i < count; i++) {
        ck_assert_msg(fabs(got[i] - wanted[i]) < 1e-12, "%s: number %d is %.17g, expected %.17g",
                      what, i, got[i], wanted[i]);
    }
}

/* ---- those with a name ---- */

static const struct {
    const char *chain, *filter;
    int filters, size;
    double weights[25];
} known[] = {
    {"bank:edges8", "n", 8, 3, {1, 2, 1, 0, 0, 0, -1, -2, -1}},
    {"bank:edges8", "ne", 8, 3, {0, 1, 2, -1, 0, 1, -2, -1, 0}},
    {"bank:edges8", "w", 8, 3, {1, 0, -1, 2, 0, -2, 1, 0, -1}},
    {"bank:edges8:flip", "w", 8, 3, {-1, 0, 1, -2, 0, 2, -1, 0, 1}},
    {"bank:sobel2", "x", 2, 3, {-1, 0, 1, -2, 0, 2, -1, 0, 1}},
    {"bank:sobel2", "y", 2, 3, {-1, -2, -1, 0, 0, 0, 1, 2, 1}},
    {"bank:haar", "average", 4, 2, {0.5, 0.5, 0.5, 0.5}},
    {"bank:haar", "horizontal", 4, 2, {0.5, 0.5, -0.5, -0.5}},
    {"bank:haar", "vertical", 4, 2, {0.5, -0.5, 0.5, -0.5}},
    {"bank:haar", "diagonal", 4, 2, {0.5, -0.5, -0.5, 0.5}},
    {"bank:laws", "l5e5", 25, 5, {-1, -2, 0,  2,  1, -4, -8, 0,  8,  4, -6, -12, 0,
                                  12, 6,  -4, -8, 0, 8,  4,  -1, -2, 0, 2,  1}},
    {"bank:laws", "r5s5", 25, 5, {-1, 0,  2, 0, -1, 4, 0, -8, 0, 4, -6, 0, 12,
                                  0,  -6, 4, 0, -8, 0, 4, -1, 0, 2, 0,  -1}},
    {"bank:laws", "w5w5", 25, 5, {1, -2, 0, 2,  -1, -2, 4,  0,  -4, 2, 0,  0, 0,
                                  0, 0,  2, -4, 0,  4,  -2, -1, 2,  0, -2, 1}},
};

START_TEST(numbers_of_banks) {
    filter_program program;
    const conv_stage *layer = layer_of(known[_i].chain, NULL, image_of(1, false), &program);
    const int size = known[_i].size;
    ck_assert_int_eq(layer->filters, known[_i].filters);
    ck_assert_int_eq(program.out.channels, known[_i].filters);
    ck_assert_int_eq(layer->window.width, size);
    ck_assert_int_eq(layer->window.height, size);
    check_weights(filter_named(&program, layer, known[_i].filter), known[_i].weights, size * size,
                  known[_i].filter);
    filter_program_free(&program);
}
END_TEST

/* The formula of scikit-image's gabor_kernel(frequency, theta), whose bandwidth is one octave. */
START_TEST(gabors_follow_their_formula) {
    filter_program program;
    const conv_stage *layer =
        layer_of("bank:gabor:orientations=4:scales=2", NULL, image_of(1, false), &program);
    static const struct {
        const char *name;
        double frequency, degrees;
    } cases[] = {{"gabor 0 0", 0.25, 0},
                 {"gabor 0 45", 0.25, 45},
                 {"gabor 0 135", 0.25, 135},
                 {"gabor 1 0", 0.125, 0},
                 {"gabor 1 90", 0.125, 90}};
    ck_assert_int_eq(layer->filters, 8);
    ck_assert_int_eq(layer->window.width, 29); /* ceil(3 * 4.486) = 14 on each side */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double wanted[29 * 29] = {0};
        const double pi = 3.14159265358979323846, angle = cases[i].degrees * pi / 180;
        const double sigma = 3 / pi * sqrt(log(2) / 2) / cases[i].frequency;
        const int reach = (int)ceil(3 * sigma);
        for (int y = -reach; y <= reach; y++) {
            for (int x = -reach; x <= reach; x++) {
                const double along = x * cos(angle) + y * sin(angle);
                const double across = -x * sin(angle) + y * cos(angle);
                wanted[(y + 14) * 29 + x + 14] =
                    exp(-0.5 * (along * along + across * across) / (sigma * sigma)) /
                    (2 * pi * sigma * sigma) * cos(2 * pi * cases[i].frequency * along);
            }
        }
        check_weights(filter_named(&program, layer, cases[i].name), wanted, 29 * 29, cases[i].name);
    }
    filter_program_free(&program);
}
END_TEST

/* Each is the kernel of the stage dog, in the middle of zeros. */
START_TEST(dogs_are_those_of_the_stage) {
    static const char *const names[] = {"dog 1", "dog 2", "dog 4"};
    filter_program program;
    const conv_stage *layer = layer_of("bank:dog:scales=3", NULL, image_of(1, false), &program);
    const int size = layer->window.width;
    ck_assert_int_eq(layer->filters, 3);
    ck_assert_int_eq(size, 39); /* floor(3 * 6.4 + 0.5) = 19 on each side */
    for (int f = 0; f < 3; f++) {
        char text[32];
        filter_program one;
        ct_error err = {""};
        snprintf(text, sizeof text, "dog:%d", 1 << f);
        ck_assert_msg(lower(text, NULL, &plain, image_of(1, false), &one, &err), "%s", err.text);
        const conv_stage *stage = &one.stages[0];
        const int own = stage->window.width, gap = (size - own) / 2;
        double wanted[39 * 39] = {0};
        for (int i = 0; i < own * own; i++) {
            wanted[(i / own + gap) * size + i % own + gap] = stage->weights[i];
        }
        check_weights(filter_named(&program, layer, names[f]), wanted, size * size, names[f]);
        filter_program_free(&one);
    }
    filter_program_free(&program);
}
END_TEST

/* Mean and variance of He's rule for all channels of the image; the seed decides, nothing else. */
START_TEST(random_filters_follow_hes_rule) {
    filter_program a, b, c;
    const conv_stage *first = layer_of("bank:random:7:4096", NULL, image_of(3, false), &a);
    const conv_stage *same = layer_of("bank:random:7:4096", NULL, image_of(3, false), &b);
    const conv_stage *other = layer_of("bank:random:8:4096", NULL, image_of(3, false), &c);
    const size_t count = 4096 * 3 * 9;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        sum += first->weights[i];
        squares += first->weights[i] * first->weights[i];
    }
    const double variance = 2.0 / 27, error = sqrt(variance / (double)count);
    ck_assert_double_le(fabs(sum / (double)count), 4 * error);
    ck_assert_double_eq_tol(squares / (double)count, variance, 0.02 * variance);
    ck_assert_mem_eq(first->weights, same->weights, count * sizeof(double));
    ck_assert(memcmp(first->weights, other->weights, count * sizeof(double)) != 0);
    filter_program_free(&a);
    filter_program_free(&b);
    filter_program_free(&c);
}
END_TEST

START_TEST(every_bank_has_names_and_words) {
    filter_entry entry;
    size_t i = 0;
    for (; filter_entry_at(FILTER_BANKS, i, &entry); i++) {
        char text[64];
        filter_program program;
        snprintf(text, sizeof text, "bank:%s", entry.name);
        const conv_stage *layer = layer_of(text, NULL, image_of(1, false), &program);
        ck_assert_ptr_nonnull(program.names);
        for (int f = 0; f < layer->filters; f++) {
            ck_assert_uint_gt(strlen(program.names[f]), 0);
            for (int k = 0; k < f; k++) {
                ck_assert_str_ne(program.names[f], program.names[k]);
            }
        }
        ck_assert_uint_gt(strlen(entry.summary), 5);
        ck_assert_uint_gt(strlen(entry.formula), 5);
        filter_program_free(&program);
    }
    ck_assert_uint_eq(i, 7);
}
END_TEST

/* ---- files ---- */

static const test_file files[] = {
    {"two", "1 2\n\n# a comment\n3 4\ndivide 2\n"},
    {"named",
     "\xEF\xBB\xBF# comment\nplus:\n1 1\r\n\r\n2 2\n minus sign : # words\n-1 -1\n\n\n-2, -2\n"},
    {"anchored", "a:\nanchor 0,0\n1 2 3\nb:\nanchor 0,0\n4 5 6"},
    {"gray array", "!2,1,3 1 2 3 4 5 6"},
    {"array", "!2,3,1,1 1 2 3 4 5 6"},
    {"biases", "10\n20\n"},
    {"bias array", "!2 10 20"},
    {"empty", "# nothing\n"},
    {"ragged", "1 2\n\n3 4\n5\n"},
    {"sizes", "1 2\n\n3 4 5\n"},
    {"late name", "1 2\n\nb:\n3 4\n"},
    {"no name", ":\n1\n"},
    {"no numbers", "a:\nb:\n1\n"},
    {"uneven", "a:\n1\n\n2\n\n3\nb:\n1\n"},
    {"anchors", "anchor 0,0\n1 2 3\n\n4 5 6\n"},
    {"word", "a:\n1 x\n"},
    {"numbers first", "1 2\nb:\n3 4\n"},
    {"long name", "a name of more than thirty-one bytes:\n1\n"},
    {"flat array", "!2,3 1 2 3 4 5 6"},
    {"wide array", "!1,1,1,256"},
    {"broken", "!!"},
    {NULL, NULL},
};

START_TEST(banks_from_files) {
    static const struct {
        const char *chain;
        int channels; /* of the image */
        int filters, per_filter, width, height, groups;
        double weights[8];
        const char *last_name; /* NULL: none has a name */
    } cases[] = {
        {"bank:two", 1, 2, 1, 2, 1, 1, {1, 2, 1.5, 2}, NULL},
        {"bank:two", 3, 2, 1, 2, 1, 1, {1, 2, 1.5, 2}, NULL}, /* gray */
        {"bank:two:groups=2", 2, 2, 1, 2, 1, 2, {1, 2, 1.5, 2}, NULL},
        {"bank:named", 2, 2, 2, 2, 1, 1, {1, 1, 2, 2, -1, -1, -2, -2}, "minus sign"},
        {"bank:named:groups=2", 4, 2, 2, 2, 1, 2, {1, 1, 2, 2, -1, -1, -2, -2}, "minus sign"},
        {"bank:named:flip,relu,maxpool",
         2,
         2,
         2,
         2,
         1,
         1,
         {1, 1, 2, 2, -1, -1, -2, -2},
         "minus sign"},
        {"bank:gray array", 3, 2, 1, 3, 1, 1, {1, 2, 3, 4, 5, 6}, NULL},
        {"bank:gray array:flip", 1, 2, 1, 3, 1, 1, {3, 2, 1, 6, 5, 4}, NULL},
        {"bank:array", 3, 2, 3, 1, 1, 1, {1, 2, 3, 4, 5, 6}, NULL},
        {"bank:array:flip", 3, 2, 3, 1, 1, 1, {1, 2, 3, 4, 5, 6}, NULL},
        {"bank:array:groups=2", 6, 2, 3, 1, 1, 2, {1, 2, 3, 4, 5, 6}, NULL},
        {"bank:array:bias=bias array", 3, 2, 3, 1, 1, 1, {1, 2, 3, 4, 5, 6}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        filter_program program;
        const conv_stage *layer =
            layer_of(cases[i].chain, files, image_of(cases[i].channels, false), &program);
        ck_assert_int_eq(layer->filters, cases[i].filters);
        ck_assert_int_eq(conv_stage_groups(layer), cases[i].groups);
        ck_assert_int_eq(layer->window.width, cases[i].width);
        ck_assert_int_eq(layer->window.height, cases[i].height);
        check_weights(layer->weights, cases[i].weights,
                      cases[i].filters * cases[i].per_filter * cases[i].width * cases[i].height,
                      cases[i].chain);
        ck_assert(!cases[i].last_name == !program.names);
        if (program.names) {
            ck_assert_str_eq(program.names[cases[i].filters - 1], cases[i].last_name);
        }
        filter_program_free(&program);
    }
}
END_TEST

START_TEST(anchors_and_biases) {
    filter_program program;
    const conv_stage *layer =
        layer_of("bank:anchored:bias=biases", files, image_of(1, false), &program);
    ck_assert_int_eq(layer->window.anchor_x, 0);
    ck_assert_int_eq(layer->window.right, 2);
    ck_assert_double_eq(layer->bias[0], 10);
    ck_assert_double_eq(layer->bias[1], 20);
    filter_program_free(&program);
    layer = layer_of("bank:haar:bias=-1/2", files, image_of(1, false), &program);
    for (int f = 0; f < 4; f++) {
        ck_assert_double_eq(layer->bias[f], -0.5);
    }
    filter_program_free(&program);
}
END_TEST

/* ---- channels ---- */

/* What comes before the layer, a letter for each stage: gray, drop alpha. */
static const char *before_layer(const filter_program *program) {
    static char word[16];
    size_t n = 0;
    for (int i = 0; program->stages[i].op != CONV_LAYER; i++) {
        word[n++] = program->stages[i].point == CONV_GRAY         ? 'g'
                    : program->stages[i].point == CONV_DROP_ALPHA ? 'd'
                                                                  : '?';
    }
    word[n] = '\0';
    return word;
}

START_TEST(how_channels_come_to_filters) {
    static const struct {
        const char *chain;
        filter_color color;
        int channels;
        bool alpha;
        const char *before;
        int groups, out;
    } cases[] = {
        {"bank:sobel2", FILTER_COLOR_AUTO, 1, false, "", 1, 2},
        {"bank:sobel2", FILTER_COLOR_AUTO, 3, false, "g", 1, 2},
        {"bank:sobel2", FILTER_COLOR_AUTO, 2, true, "d", 1, 2},
        {"bank:sobel2", FILTER_COLOR_AUTO, 4, true, "gd", 1, 2},
        {"bank:sobel2", FILTER_COLOR_EACH, 3, false, "", 3, 6},
        {"bank:sobel2", FILTER_COLOR_EACH, 4, true, "d", 3, 6},
        {"bank:sobel2", FILTER_COLOR_EACH, 7, false, "", 7, 14},
        {"bank:sobel2", FILTER_COLOR_GRAY, 3, false, "g", 1, 2},
        {"bank:random:filters=6", FILTER_COLOR_AUTO, 3, false, "", 1, 6},
        {"bank:random:filters=6", FILTER_COLOR_AUTO, 4, true, "d", 1, 6},
        {"bank:random:filters=6:groups=3", FILTER_COLOR_AUTO, 3, false, "", 3, 6},
        {"bank:array", FILTER_COLOR_AUTO, 4, true, "d", 1, 2},
        {"bank:named", FILTER_COLOR_AUTO, 2, true, "", 1, 2}, /* one for alpha */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const filter_settings settings = {.color = cases[i].color};
        filter_program program;
        ct_error err = {""};
        ck_assert_msg(lower(cases[i].chain, files, &settings,
                            image_of(cases[i].channels, cases[i].alpha), &program, &err),
                      "%s: %s", cases[i].chain, err.text);
        const conv_stage *layer = &program.stages[program.count - 1];
        ck_assert_str_eq(before_layer(&program), cases[i].before);
        ck_assert_int_eq(conv_stage_groups(layer), cases[i].groups);
        ck_assert_int_eq(program.out.channels, cases[i].out);
        ck_assert(!program.out_alpha);
        filter_program_free(&program);
    }
}
END_TEST

START_TEST(each_channel_gets_all_filters) {
    const filter_settings settings = {.color = FILTER_COLOR_EACH};
    static const char *const names[] = {"x, channel 0", "y, channel 0", "x, channel 1",
                                        "y, channel 1", "x, channel 2", "y, channel 2"};
    filter_program program;
    ct_error err = {""};
    ck_assert_msg(
        lower("bank:sobel2:bias=biases", files, &settings, image_of(3, false), &program, &err),
        "%s", err.text);
    const conv_stage *layer = &program.stages[0];
    for (int f = 0; f < 6; f++) {
        ck_assert_str_eq(program.names[f], names[f]);
        ck_assert_double_eq(layer->weights[9 * f + 5], f % 2 ? 0 : 2);
        ck_assert_double_eq(layer->bias[f], f % 2 ? 20 : 10);
    }
    filter_program_free(&program);
}
END_TEST

/* Names stay with the channels, and go with them. */
START_TEST(names_of_channels) {
    static const struct {
        const char *chain, *first; /* NULL: no names */
    } cases[] = {
        {"bank:sobel2", "x"},
        {"bank:sobel2,abs,maxpool,box", "x"},
        {"sobel", NULL},
        {"sobel,bank:haar", "average"},
        {"bank:array,abs", NULL},
        {"bank:gabor:orientations=3:scales=1,gray", NULL},
        {"bank:haar,bank:random", "random 0"},
        {"bank:named,bank:named", "plus"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        filter_program program;
        ct_error err = {""};
        const int channels = strstr(cases[i].chain, "array")   ? 3
                             : strstr(cases[i].chain, "named") ? 2
                                                               : 1;
        ck_assert_msg(
            lower(cases[i].chain, files, &plain, image_of(channels, false), &program, &err), "%s",
            err.text);
        ck_assert_msg(!program.names == !cases[i].first, "%s", cases[i].chain);
        if (program.names) {
            ck_assert_str_eq(program.names[0], cases[i].first);
        }
        filter_program_free(&program);
    }
}
END_TEST

/* ---- mistakes ---- */

static const struct {
    const char *chain;
    int channels;
    const char *error;
} mistakes[] = {
    {"bank", 1, "bank: needs a bank: bank:NAME or bank:FILE, as in bank:edges8"},
    {"bank:edges9", 1, "unknown bank 'edges9', and no such file; did you mean 'edges8'?"},
    {"bank:weights.npy", 1,
     "unknown bank 'weights.npy', and no such file; see 'convtool list "
     "banks'"},
    {"bank:edges8:scales=2", 1, "edges8 takes no 'scales'"},
    {"bank:two:seed=2", 1, "a file takes no 'seed'"},
    {"bank:sobel2:bias=biased", 1,
     "bias: expected a number, or a file with one for each filter; "
     "there is no file 'biased'"},
    {"bank:haar:bias=biases", 1, "bias: 2 numbers; expected one for all, or one for each of the 4"},
    {"bank:sobel2:bias=ragged", 1, "bias: ragged:4:2: row 3 has 1 number; expected 2"},
    {"bank:empty", 1, "empty: no numbers; expected kernels"},
    {"bank:ragged", 1, "ragged:4:2: row 2 has 1 number; expected 2, as in row 1"},
    {"bank:sizes", 1, "sizes:3: a kernel of 3x1; expected 2x1, as the first one is"},
    {"bank:late name", 1, "late name:3: a name behind filters without one"},
    {"bank:numbers first", 1, "numbers first:2: a name behind filters without one"},
    {"bank:no name", 1, "no name:1: an empty name before the colon"},
    {"bank:no numbers", 1, "no numbers: filter 'a' has no numbers"},
    {"bank:uneven", 1, "uneven: filter 'a' has 3 kernels; expected as many for each filter"},
    {"bank:anchors", 1, "anchors:4: another anchor than the first kernel's; all have the same"},
    {"bank:word", 1, "word:2:3: 'x' isn't a number"},
    {"bank:long name", 1, "long name:1: a name of 36 bytes; expected at most 31"},
    {"bank:flat array", 1, "flat array: an array of 2 dimensions; expected weights of shape"},
    {"bank:wide array", 1,
     "wide array: 1 filters of 1 channels and 256x1 cells; expected at most "
     "4096 filters, 4096 channels, and 255 cells a side"},
    {"bank:broken", 1, "broken: it's broken"},
    {"bank:array", 1, "its weights are for 3 channels, and the image has 1 here"},
    {"bank:array:groups=2", 3,
     "its weights are for 6 channels (3 in each of 2 groups), and the "
     "image has 3 here"},
    {"bank:array:groups=4", 12, "2 filters can't be parted into 4 groups of equal size"},
    {"bank:edges8", 5, "its filters are for one channel, and 5 have no gray; pick one with"},
    {"bank:random:groups=2", 3, "2 groups don't divide the image's 3 channels"},
    {"bank:edges8:anchor=3x3", 1, "anchor 3,3 lies outside the 3x3 window"},
};

START_TEST(mistakes_are_pointed_at) {
    filter_program program;
    ct_error err = {""};
    ck_assert_msg(!lower(mistakes[_i].chain, files, &plain, image_of(mistakes[_i].channels, false),
                         &program, &err),
                  "%s", mistakes[_i].chain);
    ck_assert_msg(strstr(err.text, mistakes[_i].error) != NULL, "%s: %s", mistakes[_i].chain,
                  err.text);
}
END_TEST

/* The text that stands for the chain has a fingerprint of what is in files. */
START_TEST(what_is_in_files_is_told_apart) {
    static test_file changed[] = {{"two", "1 2\n\n3 4\n"}, {NULL, NULL}};
    static const test_file *const kinds[] = {files, changed, NULL};
    char seen[2][64];
    for (int i = 0; kinds[i]; i++) {
        const filter_loader loader = {read_file, read_array, (void *)kinds[i]};
        const filter_defaults defaults = {.loader = &loader};
        ct_text text = {0};
        filter_chain *chain = filter_parse("bank:two", &defaults, NULL);
        ck_assert(chain && filter_chain_text(chain, &text));
        snprintf(seen[i], sizeof seen[i], "%s", text.bytes);
        ck_assert_int_eq(strncmp(text.bytes, "bank:two#", 9), 0);
        ct_text_free(&text);
        filter_chain_free(chain);
    }
    ck_assert_str_ne(seen[0], seen[1]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bank");
    TCase *t = tcase_create("banks");
    tcase_add_loop_test(t, numbers_of_banks, 0, sizeof known / sizeof known[0]);
    tcase_add_test(t, gabors_follow_their_formula);
    tcase_add_test(t, dogs_are_those_of_the_stage);
    tcase_add_test(t, random_filters_follow_hes_rule);
    tcase_add_test(t, every_bank_has_names_and_words);
    tcase_add_test(t, banks_from_files);
    tcase_add_test(t, anchors_and_biases);
    tcase_add_test(t, how_channels_come_to_filters);
    tcase_add_test(t, each_channel_gets_all_filters);
    tcase_add_test(t, names_of_channels);
    tcase_add_loop_test(t, mistakes_are_pointed_at, 0, sizeof mistakes / sizeof mistakes[0]);
    tcase_add_test(t, what_is_in_files_is_told_apart);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
