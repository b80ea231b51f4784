/* The catalogue, your own kernels, chains and their lowering. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"

/* ---- kernels ---- */

static filter_kernel *parse(const char *text, ct_error *err) {
    return filter_kernel_parse("k", text, strlen(text), err);
}

START_TEST(kernels_are_read_in_every_form) {
    static const char *const same[] = {
        "0 -1 0; -1 5 -1; 0 -1 0",
        "0,-1,0;-1,5,-1;0,-1,0",
        "0 -1 0\n-1 5 -1\n0 -1 0\n",
        "# sharpen\r\n0 -1 0\r\n\r\n-1 5 -1 # the middle\r\n0, -1, 0\r\n",
        ("\xEF\xBB\xBF"
         "0 -1 0\n-1 10/2 -1\n0 -1.0 0e5;"),
        "divide 2\n0 -2 0; -2 10 -2; 0 -2 0",
        "0,-1,0,\n-1,5,-1,\n0,-1,0,\n",
        "divide 1,,\n0,-1,0\n-1,5,-1\n0,-1,0\n",
        " '0 -1 0; -1 5 -1; 0 -1 0'\n",
        ("\xE2\x80\x9C"
         "0 \xE2\x88\x92"
         "1\xC2\xA0"
         "0; \xE2\x80\x93"
         "1\xE2\x80\xAF"
         "5 \xE2\x88\x92"
         "1; 0 \xE2\x88\x92"
         "1 0\xE2\x80\x9D"),
    };
    static const double expected[9] = {0, -1, 0, -1, 5, -1, 0, -1, 0};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        ct_error err = {""};
        filter_kernel *k = parse(same[i], &err);
        ck_assert_msg(k != NULL, "case %zu: %s", i, err.text);
        ck_assert_int_eq(k->width, 3);
        ck_assert_int_eq(k->height, 3);
        for (int c = 0; c < 9; c++) {
            ck_assert_double_eq(k->weights[c], expected[c]);
        }
        filter_kernel_free(k);
    }
}
END_TEST

START_TEST(settings_of_a_kernel) {
    ct_error err;
    filter_kernel *k = parse("anchor 2,0 # cell\ndivide 1/2\n1 2 3\n", &err);
    ck_assert_ptr_nonnull(k);
    ck_assert_int_eq(k->anchor_x, 2);
    ck_assert_int_eq(k->anchor_y, 0);
    ck_assert_double_eq(k->divisor, 0.5);
    ck_assert_double_eq(k->weights[2], 6);
    filter_kernel_free(k);
}
END_TEST

static const struct {
    const char *text, *error;
} refused[] = {
    {"1 2\n3\n", "k:2:2: row 2 has 1 number; expected 2, as in row 1"},
    {"1 nan", "k:1:3: 'nan' isn't a number"},
    {"1 inf", "k:1:3: 'inf' isn't a number"},
    {"1 1e999", "k:1:3: '1e999' isn't a number"},
    {"1 1e39", "k:1:3: the number is too large"},
    {"1 2;3 1/0", "k:1:7: '1/0' isn't a number"},
    {"", "k: no numbers"},
    {"# only words\n", "k: no numbers"},
    {"divide 0\n1", "k:1:8: division by zero"},
    {"divide 2\ndivide 2\n1", "k:2:1: a second 'divide'"},
    {"anchor 1\n1 2", "k:1:9: expected 'anchor X,Y'"},
    {"anchor 0,0\nanchor 0,0\n1 2", "k:2:1: a second 'anchor'"},
    {"1 2\nanchor 2,0\n", "k:2:1: anchor 2,0 lies outside the 2x1 kernel"},
    {"divide 2 3\n1", "k:1:10: expected the end of the line"},
    {"1e30 1\ndivide 1e-30\n", "k: 1e+30 divided by 1e-30 is too large"},
    {"3e38 -3e38",
     "k: the weights are too large: without their signs they sum to 6e+38; expected at "
     "most 5.19e+33"},
    {"-3e33 1 3e33",
     "k: the weights are too large: without their signs they sum to 6e+33; expected "
     "at most 5.19e+33"},
    {"1 two 3", "k:1:3: 'two' isn't a number"},
    {"1,,3", "k:1:3: an empty cell; write 0 for a cell without weight"},
    {"1, ,3", "k:1:4: an empty cell"},
    {"1 2\n,3", "k:2:1: an empty cell"},
    {"1,2\n,,\n", "k:2:1: an empty cell"},
    {"1 \xE2\x88\x92", "k:1:3: '-' isn't a number"},
    {"\xC3\xA9\xC3\xA9 1", "k:1:1: '\xC3\xA9\xC3\xA9' isn't a number"},
    {"\xE2\x88\x92"
     "1 \xC3\xA9 1",
     "k:1:4: '\xC3\xA9' isn't a number"},
    {"1 \"2\" 3", "k:1:3: '\"2\"' isn't a number"},
};

START_TEST(bad_kernels_are_refused) {
    ct_error err = {""};
    filter_kernel *k = parse(refused[_i].text, &err);
    ck_assert_ptr_null(k);
    ck_assert_msg(strncmp(err.text, refused[_i].error, strlen(refused[_i].error)) == 0,
                  "'%s' said: %s", refused[_i].text, err.text);
}
END_TEST

/* Kernels of a size that may not be what was meant. */
START_TEST(kernels_that_look_like_others) {
    static const char row[] =
        "9 numbers in one row; rows end with ';' or a new line, not with a comma";
    static const char column[] = "';' ends a row, so the kernel is 1x9; separate numbers with ','";
    static const struct {
        const char *origin, *text, *warning;
    } cases[] = {
        {"k", "0 -1 0, -1 5 -1, 0 -1 0", row},
        {"k", "0,-1,0,-1,5,-1,0,-1,0", row},
        {"k", "0 -1 0 -1 5 -1 0 -1 0", ""},
        {"k", "1,2,3,4", ""},
        {"k", "1,2,3,4,5,6,7,8", ""},
        {"k", "1,2,3;4,5,6;7,8,9", ""},
        {"k", "1;2;1\n2;4;2\n1;2;1\n", column},
        {"k", "1;2;1;2;4;2;1;2;1", ""},
        {"k", "1\n2\n1\n2\n4\n2\n1\n2\n1\n", ""},
        {"k", "1;2;1", ""},
        {"k.csv", "1,2,1\n", ""},
        {"K.CSV", "1;2;1;2;4;2;1;2;1", column},
        {"k.csv", "1\n2;\n", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ct_error err = {""};
        filter_kernel *k =
            filter_kernel_parse(cases[i].origin, cases[i].text, strlen(cases[i].text), &err);
        ck_assert_msg(k != NULL, "%s: %s", cases[i].text, err.text);
        ck_assert_msg(strcmp(k->warning, cases[i].warning) == 0, "'%s' said: %s", cases[i].text,
                      k->warning);
        filter_kernel_free(k);
    }
}
END_TEST

START_TEST(a_nul_in_a_kernel_is_refused) {
    ct_error err = {""};
    ck_assert_ptr_null(filter_kernel_parse("k", "1 2\n\0 3", 7, &err));
    ck_assert_str_eq(err.text, "k:2:1: a NUL byte; a kernel is plain text");
}
END_TEST

START_TEST(kernels_are_at_most_255_a_side) {
    char text[4 * 300 + 1];
    for (int side = 255; side <= 256; side++) {
        for (int down = 0; down < 2; down++) {
            text[0] = '\0';
            for (int i = 0; i < side; i++) {
                strcat(text, down ? "1\n" : "1 ");
            }
            ct_error err = {""};
            filter_kernel *k = parse(text, &err);
            ck_assert_msg((k != NULL) == (side == 255), "%d: %s", side, err.text);
            filter_kernel_free(k);
        }
    }
}
END_TEST

/* Files of this test: their names say what is in them. */
static filter_found read_file(void *calls, const char *name, size_t most, char **bytes,
                              size_t *size, ct_error *err) {
    ++*(int *)calls;
    if (strcmp(name, "secret") == 0) {
        ct_fail(err, "can't open: it is secret");
        return FILTER_UNREADABLE;
    }
    const bool large = strcmp(name, "large") == 0;
    if (!large && strcmp(name, "four") != 0 && strcmp(name, "box3") != 0) {
        return FILTER_MISSING;
    }
    const size_t length = large ? (1 << 20) + 1 : 8;
    *size = length < most ? length : most;
    *bytes = malloc(*size);
    memset(*bytes, '#', *size);
    if (!large) {
        memcpy(*bytes, "1 2\n3 4\n", *size);
    }
    return FILTER_FOUND;
}

START_TEST(kernel_files) {
    int calls = 0;
    const filter_loader loader = {.read = read_file, .context = &calls};
    ct_error err = {""};
    filter_kernel *k = filter_kernel_load("four", &loader, &err);
    ck_assert_msg(k && k->weights[3] == 4, "%s", err.text);
    ck_assert_str_eq(k->name, "four");
    filter_kernel_free(k);
    ck_assert_int_eq(calls, 1);
    k = filter_kernel_load("box3", &loader, &err); /* the catalogue comes first */
    ck_assert_msg(k && k->width == 3 && calls == 1, "%s", err.text);
    filter_kernel_free(k);
    static const char *const errors[][2] = {
        {"large", "large: larger than 1 MiB; a kernel file holds at most 255x255 numbers"},
        {"secret", "secret: can't open: it is secret"},
        {"sobelx", "unknown kernel 'sobelx', and no such file; did you mean 'sobel-x'?"},
    };
    for (size_t i = 0; i < 3; i++) {
        ck_assert_ptr_null(filter_kernel_load(errors[i][0], &loader, &err));
        ck_assert_str_eq(err.text, errors[i][1]);
    }
    const filter_defaults defaults = {.loader = &loader};
    filter_chain *chain = filter_parse("conv:four", &defaults, &err);
    ck_assert_msg(chain != NULL, "%s", err.text);
    filter_chain_free(chain);
}
END_TEST

START_TEST(without_a_loader_there_are_no_kernel_files) {
    ct_error err = {""};
    ck_assert_ptr_null(filter_kernel_load("/etc/passwd", NULL, &err));
    ck_assert_str_eq(err.text, "unknown kernel '/etc/passwd'; see 'convtool list kernels'");
    filter_kernel *k = filter_kernel_load("1 2;3 4", NULL, &err);
    ck_assert_msg(k && k->weights[2] == 3, "%s", err.text);
    filter_kernel_free(k);
}
END_TEST

START_TEST(rank_one_is_found) {
    ct_error err;
    filter_kernel *k = parse("1 2 1;2 4 2;1 2 1", &err);
    ck_assert(filter_kernel_separate(k, &err));
    ck_assert(k->row && k->column);
    for (int i = 0; i < 9; i++) {
        ck_assert_double_eq_tol(k->column[i / 3] * k->row[i % 3], k->weights[i], 1e-12);
    }
    ck_assert_double_eq(k->row[1], 2);
    filter_kernel_free(k);
    static const char *const not_separable[] = {"0 1 0;1 -4 1;0 1 0", "1 0;0 1"};
    for (size_t i = 0; i < 2; i++) {
        k = parse(not_separable[i], &err);
        ck_assert(filter_kernel_separate(k, &err));
        ck_assert(!k->row && !k->column);
        filter_kernel_free(k);
    }
    k = parse("0 0;0 0", &err); /* a column of zeros times a row of zeros */
    ck_assert(filter_kernel_separate(k, &err));
    ck_assert(k->row && k->column);
    ck_assert_double_eq(k->row[0] + k->row[1] + k->column[0] + k->column[1], 0);
    filter_kernel_free(k);
}
END_TEST

/* Sums and shapes of everything in the catalogue: smoothing kernels sum to 1, edge kernels to 0. */
START_TEST(catalogue_kernels_sum_to_what_they_should) {
    static const char *const ones[] = {"identity", "box3",    "gaussian3", "gaussian5",
                                       "motion5",  "sharpen", "sharpen8",  "emboss"};
    filter_entry entry;
    size_t seen = 0;
    for (size_t i = 0; filter_entry_at(FILTER_KERNELS, i, &entry); i++, seen++) {
        ct_error err = {""};
        filter_kernel *k = filter_kernel_load(entry.name, NULL, &err);
        ck_assert_msg(k != NULL, "%s", err.text);
        double sum = 0, expected = 0;
        for (int c = 0; c < k->width * k->height; c++) {
            sum += k->weights[c];
        }
        for (size_t o = 0; o < sizeof ones / sizeof ones[0]; o++) {
            expected = strcmp(ones[o], entry.name) == 0 ? 1 : expected;
        }
        ck_assert_msg(fabs(sum - expected) < 1e-12, "%s sums to %g", entry.name, sum);
        ck_assert_uint_gt(strlen(entry.summary), 5);
        filter_kernel_free(k);
    }
    ck_assert_uint_gt(seen, 30);
}
END_TEST

/* The ring of a 3x3 kernel's cells, clockwise from the top left. */
static const int ring[8] = {0, 1, 2, 5, 8, 7, 6, 3};

START_TEST(compass_kernels_are_turns_of_each_other) {
    static const char *const names[] = {"kirsch", "robinson"};
    static const char *const winds[] = {"n", "ne", "e", "se", "s", "sw", "w", "nw"};
    for (size_t f = 0; f < 2; f++) {
        for (int d = 0; d < 8; d++) {
            char here[32], north[32];
            ct_error err;
            snprintf(here, sizeof here, "%s-%s", names[f], winds[d]);
            snprintf(north, sizeof north, "%s-n", names[f]);
            filter_kernel *a = filter_kernel_load(north, NULL, &err);
            filter_kernel *b = filter_kernel_load(here, NULL, &err);
            for (int i = 0; i < 8; i++) {
                ck_assert_msg(a->weights[ring[i]] == b->weights[ring[(i + d) % 8]], "%s", here);
            }
            filter_kernel_free(a);
            filter_kernel_free(b);
        }
    }
}
END_TEST

/* ---- chains ---- */

static const char *const chains[] = {
    "conv:sharpen",
    "conv:kernel=box3:padding=zero",
    "sobel",
    "sobel:x",
    "scharr:out=y",
    "prewitt:l1",
    "roberts:angle",
    "kirsch",
    "robinson:stride=2",
    "laplacian",
    "laplacian:8",
    "laplacian:neighbours=4",
    "log:1.5",
    "log:sigma=2",
    "dog",
    "dog:1:2",
    "sharpen",
    "emboss",
    "outline",
    "identity",
    "unsharp",
    "unsharp:2:0.5:3",
    "unsharp:sigma=1:amount=2:threshold=0",
    "box",
    "box:5",
    "box:3x7",
    "box:size=3",
    "gaussian",
    "gaussian:1.4",
    "gaussian:1:size=5",
    "gaussian:1:auto",
    "median",
    "median:5x3:stride=2",
    "sobel:x:7",
    "bank:gabor:orientations=3:scales=1:stride=2:flip",
    "bank:random:7:5:3x1:bias=1/2",
    "maxpool",
    "maxpool:3:2",
    "avgpool:3x2:1:1:yes:no",
    "avgpool:2:count_include_pad=no",
    "minpool:size=3:ceil=yes",
    "maxpool:all",
    "avgpool:size=all,normalize,minpool:all,avgpool:2:padding=1",
    "nearestpool:4",
    "gray",
    "flatten",
    "flatten:25%",
    "abs",
    "invert",
    "relu",
    "leaky",
    "leaky:slope=0.2",
    "sigmoid",
    "tanh",
    "softmax",
    "argmax",
    "norm",
    "norm:linf",
    "norm:kind=l1",
    "store",
    "store:down:1/3",
    "gaussian:2:9x5:fixed",
    "unsharp:2:1:0:7x1",
    "box:5x1:edge=0.25",
    "conv:sharpen:bias=20",
    "conv:emboss:bias=20:padding=keep",
    "median:padding=keep",
    "scale:2",
    "scale:2:-3",
    "scale:factor=1/2:bias=1",
    "threshold:128",
    "threshold:value=1",
    "resize:9x20",
    "resize:size=7x:filter=area",
    "resize:x31:bilinear",
    "resize:37.5%:filter=bicubic",
    "resize:200%:nearest",
    "crop:7",
    "crop:7x5:13:10",
    "crop:size=20x15:x=0:y=0",
    "rotate",
    "rotate:180",
    "rotate:angle=270",
    "resize:50%,sobel,rotate:90,crop:4,resize:8x",
    "threshold:otsu",
    "canny",
    "canny:auto",
    "canny:20:auto:0",
    "canny:auto:50%",
    "canny:high=90:padding=zero:stride=2",
    "zerocross",
    "dog,zerocross:threshold=2%",
    "normalize",
    "normalize:10:20",
    "gray,gaussian:1.4,sobel,maxpool:2",
    "sobel:padding=constant=7:stride=2x1:dilation=2:flip:anchor=0x0",
    "box:3:pad=2",
    "box:3:padding=wrap\\:4",
    "sobel:flip=yes",
    "sobel:flip=no",
    /* What runs the network puts its result at the chain's start. */
    "net:model.onnx:range=-1..1:order=bgr,sobel",
};

/* Every chain above parses, and works on every kind of image. */
START_TEST(chains_work_on_every_image) {
    ct_error err = {""};
    filter_chain *chain = filter_parse(chains[_i], NULL, &err);
    ck_assert_msg(chain != NULL, "%s", err.text);
    for (int channels = 1; channels <= 4; channels++) {
        for (int mode = 0; mode < 24; mode++) {
            const filter_settings settings = {(filter_color)(mode % 3), (filter_map)(mode / 3 % 4),
                                              mode >= 12};
            const filter_image image = {20, 15, channels, channels % 2 == 0, 255, 65535, false};
            filter_program program;
            ck_assert_msg(filter_lower(chain, &settings, &image, &program, &err), "%s: %s",
                          chains[_i], err.text);
            conv_shape shape = {20, 15, channels}, next;
            for (int i = 0; i < program.count; i++) {
                ck_assert(conv_stage_shape(&program.stages[i], shape, &next, &err));
                shape = next;
            }
            ck_assert_int_eq(shape.width, program.out.width);
            ck_assert_int_eq(shape.channels, program.out.channels);
            ck_assert_int_eq(program.out_alpha, shape.channels % 2 == 0);
            filter_program_free(&program);
        }
    }
    filter_chain_free(chain);
}
END_TEST

START_TEST(every_stage_is_swept) {
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &entry); i++) {
        bool found = false;
        for (size_t c = 0; c < sizeof chains / sizeof chains[0]; c++) {
            const size_t n = strlen(entry.name);
            found = found || (strncmp(chains[c], entry.name, n) == 0 &&
                              (chains[c][n] == ':' || chains[c][n] == '\0'));
        }
        ck_assert_msg(found, "%s is in no chain of this test", entry.name);
    }
}
END_TEST

static const struct {
    const char *chain, *error;
} mistakes[] = {
    {"resize", "resize: needs a size, as in resize:400x"},
    {"resize:800", "resize:800: size: '800' is one number; write 800x for a width, x800 for a "
                   "height, 800x800 for both"},
    {"resize:0x5",
     "resize:0x5: size: expected WxH, Wx, xH, each from 1 to 16777216, or P%, got '0x5'"},
    {"resize:x", "resize:x: size: expected WxH, Wx, xH, each from 1 to 16777216, or P%, got 'x'"},
    {"resize:0%", "resize:0%: size: expected a percentage from 0.01% to 10000%, got '0%'"},
    {"resize:5x:stride=2", "resize:5x:stride=2: unknown argument 'stride'; resize takes size=WxH "
                           "filter=lanczos|area|bilinear|bicubic|nearest"},
    {"crop", "crop: needs a size, as in crop:64x48:10:20"},
    {"crop:5:-1", "crop:5:-1: x: expected a whole number from 0 to 16777216, got '-1'"},
    {"crop:10,20,64x48", "unknown filter '20'; a crop is written crop:WxH:X:Y, as in "
                         "crop:64x48:10:20"},
    {"rotate:45", "rotate:45: angle: expected 90|180|270, got '45'"},
    {"thumbnail", "unknown filter 'thumbnail'; did you mean 'resize'?"},
    {"sobel:padding=mirorr",
     "sobel:padding=mirorr: unknown padding 'mirorr'; did you mean 'mirror'?"},
    {"sharr", "unknown filter 'sharr'; did you mean 'scharr'?"},
    {"gausian3", "unknown filter 'gausian3'; did you mean 'conv:gaussian3'?"},
    {"kirsch-n", "unknown filter 'kirsch-n', which is a kernel; did you mean 'conv:kirsch-n'?"},
    {"gray,scharr-y:flip",
     "unknown filter 'scharr-y', which is a kernel; did you mean 'conv:scharr-y' or 'scharr:y'?"},
    {"gaussian:1,5",
     "unknown filter '5'; decimal numbers take a point: did you mean 'gaussian:1.5'?"},
    {"scale:0,5:-3,gray",
     "unknown filter '5'; decimal numbers take a point: did you mean 'scale:0.5:-3'?"},
    {"maxpool:2,3", "unknown filter '3'; sizes are written with an x: did you mean 'maxpool:2x3'?"},
    {"conv:1,2,1", "unknown filter '2'; a comma ends a stage, so give a kernel's numbers with -k"},
    {"gaussian:1,5x", "unknown filter '5x'; see 'convtool list'"},
    {"sobel,padding=zero:stride=2", "unknown filter 'padding=zero'; arguments follow a colon: did "
                                    "you mean 'sobel:padding=zero:stride=2'?"},
    {"sobel gray", "unknown filter 'sobel gray'; separate filters with commas, and put a colon "
                   "before each argument"},
    {"gray,box=3", "unknown filter 'box=3'; arguments follow a colon: did you mean 'box:3'?"},
    {"gray,5", "unknown filter '5'; see 'convtool list'"},
    {"5", "unknown filter '5'; see 'convtool list'"},
    {"frobnicate", "unknown filter 'frobnicate'; see 'convtool list'"},
    {"", "the chain is empty; see 'convtool list'"},
    {"sobel,", "the chain has an empty stage; remove the extra comma"},
    {"sobel,,gray", "the chain has an empty stage; remove the extra comma"},
    {"sobel:", "sobel: an empty argument; expected a value after each ':'"},
    {":2", "no filter's name before a ':'; see 'convtool list'"},
    {"sobel:out=z", "sobel:out=z: out: expected magnitude|x|y|l1|angle, got 'z'"},
    {"sobel:x:out=y", "sobel:x:out=y: 'out' is given twice"},
    {"box:padding=wrap:9", "box:padding=wrap:9: '9' comes after a KEY=VALUE; a padding's size is "
                           "written pad=9, and values without a key come first"},
    {"box:padding=valid:9",
     "box:padding=valid:9: '9' comes after a KEY=VALUE; put values without a "
     "key first"},
    {"sobel:out=x:y", "sobel:out=x:y: 'y' comes after a KEY=VALUE; put values without a key first"},
    {"sobel:stirde=2", "sobel:stirde=2: unknown argument 'stirde'; did you mean 'stride'?"},
    {"sobel:stride=0", "sobel:stride=0: stride: expected N or WxH, each from 1 to 65535, got '0'"},
    {"gray:1", "gray:1: takes no arguments, got '1'"},
    {"kirsch:1", "kirsch:1: '1' needs a key, as in stride=2; kirsch takes padding, pad, stride, "
                 "dilation, anchor, flip"},
    {"box:3:padding=zero\\:2:pad=1", "box:3:padding=zero\\:2:pad=1: the padding's size is given "
                                     "twice, by 'pad' and by padding=MODE:N"},
    {"box:padding=valid\\:2", "box:padding=valid\\:2: valid takes no size, as it adds nothing"},
    {"gray:x=1", "gray:x=1: unknown argument 'x'; gray takes none"},
    {"gaussian:abc", "gaussian:abc: sigma: expected a number, got 'abc'"},
    {"gaussian:0", "gaussian:0: sigma: expected a number from 0.01 to 1000, got '0'"},
    {"gaussian:1:4",
     "gaussian:1:4: size: expected auto or odd numbers N or WxH up to 16383, got '4'"},
    {"gaussian:1:5:exact:7",
     "gaussian:1:5:exact:7: takes at most 3 values without a key; '7' is one too many"},
    {"conv", "conv: needs a kernel: conv:NAME, conv:FILE, or -k"},
    {"conv:kernel=", "conv:kernel=: 'kernel' has no value"},
    {"threshold", "threshold: needs a value, as in threshold:128, threshold:50% or threshold:otsu"},
    {"threshold:otso",
     "threshold:otso: value: expected a number, a percentage of white, as in 25%, "
     "or otsu, got 'otso'"},
    {"canny:50:20", "canny:50:20: low, which is 50, must not be above high, which is 20"},
    {"canny:10%:20", "canny:10%:20: low, which is 25.5, must not be above high, which is 20"},
    {"canny:-1", "canny:-1: low: expected a number from 0 to 1000000000, got '-1'"},
    {"prewitt:size=5", "prewitt:size=5: unknown argument 'size'; prewitt takes "
                       "out=magnitude|x|y|l1|angle, padding, pad, stride, dilation, anchor, flip"},
    {"box:padding=constant",
     "box:padding=constant: constant needs a value, as in padding=constant=128"},
    {"box:constant=9",
     "box:constant=9: unknown argument 'constant'; did you mean 'padding=constant'?"},
    {"box:padding=zero=1", "box:padding=zero=1: zero takes no value"},
    {"box:padding=valid:pad=2",
     "box:padding=valid:pad=2: 'pad' contradicts padding=valid; leave out one of them"},
    {"box:4096", "box:4096: size: expected N or WxH, each from 1 to 4095, got '4096'"},
    {"gaussian:1001", "gaussian:1001: sigma: expected a number from 0.01 to 1000, got '1001'"},
    {"dog:2:1", "dog:2:1: sigma2 must be greater than sigma (2), got 1"},
    {"sobel:anchor=3x0", "sobel:anchor=3x0: anchor 3,0 lies outside the 3x3 window"},
    {"maxpool:2:2:2", "maxpool:2:2:2: padding is more than half the 2x2 pooling window"},
};

START_TEST(mistakes_are_pointed_at) {
    ct_error err = {""};
    ck_assert_ptr_null(filter_parse(mistakes[_i].chain, NULL, &err));
    ck_assert_str_eq(err.text, mistakes[_i].error);
}
END_TEST

START_TEST(mistakes_that_need_the_image) {
    static const struct {
        const char *chain, *error;
    } late[] = {
        {"crop:5", "crop:5: the image is 4x4 here, smaller than the crop of 5x5"},
        {"crop:3x2:1:3", "crop:3x2:1:3: the image is 4x4 here; a crop of 3x2 from column 1 and row "
                         "3 reaches beyond it"},
        {"resize:2x,crop:3", "crop:3: the image is 2x2 here, smaller than the crop of 3x3"},
        {"maxpool:9", "maxpool:9: the image is 4x4 here, smaller than the 9x9 window"},
        {"box:5:padding=valid",
         "box:5:padding=valid: the image is 4x4 here, smaller than the 5x5 window"},
    };
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        ct_error err = {""};
        filter_chain *chain = filter_parse(late[i].chain, NULL, &err);
        ck_assert_msg(chain != NULL, "%s", err.text);
        const filter_settings settings = {FILTER_COLOR_AUTO, FILTER_CLAMP, false};
        const filter_image image = {4, 4, 1, false, 255, 255, false};
        filter_program program;
        ck_assert(!filter_lower(chain, &settings, &image, &program, &err));
        ck_assert_msg(strncmp(err.text, late[i].error, strlen(late[i].error)) == 0, "%s", err.text);
        filter_chain_free(chain);
    }
}
END_TEST

START_TEST(options_set_the_defaults) {
    ct_error err = {""};
    const filter_defaults defaults = {.padding = "constant=9:2x3",
                                      .stride = "2",
                                      .dilation = "1x2",
                                      .anchor = "0,0",
                                      .kernel = "1 2;3 4",
                                      .flip = true};
    filter_chain *chain = filter_parse("conv,box:3:stride=1:padding=wrap", &defaults, &err);
    ck_assert_msg(chain != NULL, "%s", err.text);
    const filter_settings settings = {FILTER_COLOR_AUTO, FILTER_CLAMP, false};
    const filter_image image = {30, 30, 1, false, 255, 255, false};
    filter_program p;
    ck_assert_msg(filter_lower(chain, &settings, &image, &p, &err), "%s", err.text);
    ck_assert_int_eq(p.count, 2);
    const conv_window *a = &p.stages[0].window, *b = &p.stages[1].window;
    ck_assert_double_eq(p.stages[0].weights[0], 4);
    ck_assert_double_eq(a->fill, 9);
    ck_assert_int_eq(a->left, 2);
    ck_assert_int_eq(a->bottom, 3);
    ck_assert_int_eq(a->stride_y, 2);
    ck_assert_int_eq(a->dilation_y, 2);
    ck_assert_int_eq(b->stride_x, 1);
    ck_assert_int_eq(b->border, CONV_WRAP);
    ck_assert_int_eq(b->left, 0);
    ck_assert_int_eq(b->right, 2);
    filter_program_free(&p);
    filter_chain_free(chain);
    const filter_defaults bad = {.padding = "mirorr"};
    ck_assert_ptr_null(filter_parse("sobel", &bad, &err));
    ck_assert_str_eq(err.text, "--padding: unknown padding 'mirorr'; did you mean 'mirror'?");
}
END_TEST

/* The pointwise operations around a stage, as a word of letters. */
static void spell(const filter_program *p, char *out) {
    for (int i = 0; i < p->count; i++) {
        const conv_stage *s = &p->stages[i];
        *out++ = s->op == CONV_POINT ? "gdasrtKDEPUWlezSAnR"[s->point] : "CXMLmkzQ0pPNGto+"[s->op];
    }
    *out = '\0';
}

START_TEST(alpha_and_gray_are_put_in) {
    static const struct {
        const char *chain;
        int channels;
        const char *stages;
    } cases[] = {
        {"sobel", 1, "X"},           {"sobel", 2, "dX"},
        {"sobel", 3, "gX"},          {"sobel", 4, "gdX"},
        {"gaussian", 3, "C"},        {"gaussian", 4, "PCU"},
        {"gaussian,box", 4, "PCCU"}, {"sharpen", 2, "WC"},
        {"maxpool", 4, "PpU"},       {"nearestpool", 4, "p"},
        {"gray,abs", 4, "ga"},       {"unsharp", 4, "WC"},
        {"conv:box3", 4, "PCU"},     {"conv:sharpen", 4, "WC"},
        {"median:5", 4, "PmU"},      {"softmax,argmax", 4, "SA"},
        {"avgpool:all", 4, "PGU"},   {"norm,avgpool:all", 3, "nG"},
        {"resize:5x4", 4, "PzzU"},   {"resize:5x9", 3, "z"},
        {"resize:9x9", 4, ""},       {"resize:5x4:nearest", 4, "zz"},
        {"crop:3", 4, "k"},          {"rotate,gray", 4, "tg"},
        {"canny", 4, "gdCQK+"},      {"canny:auto:sigma=0", 1, "Qo+"},
        {"zerocross", 2, "d0"},      {"threshold:otsu", 4, "o"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ct_error err = {""};
        filter_chain *chain = filter_parse(cases[i].chain, NULL, &err);
        const filter_settings settings = {FILTER_COLOR_AUTO, FILTER_CLAMP, false};
        const filter_image image = {9,   9,    cases[i].channels, cases[i].channels % 2 == 0, 255,
                                    255, false};
        filter_program p;
        char word[32];
        ck_assert_msg(filter_lower(chain, &settings, &image, &p, &err), "%s", err.text);
        /* 'P' is premultiply among the pointwise ones; pooling is 'p' among the others. */
        spell(&p, word);
        ck_assert_msg(strcmp(word, cases[i].stages) == 0, "%s on %d channels: %s", cases[i].chain,
                      cases[i].channels, word);
        filter_program_free(&p);
        filter_chain_free(chain);
    }
}
END_TEST

/* The stage, with a value where it needs one. */
static const char *with_its_value(const char *stage) {
    static const char *const texts[][2] = {
        {"threshold", "threshold:1"}, {"resize", "resize:5x4"},  {"crop", "crop:5"},
        {"bank", "bank:edges8"},      {"net", "net:model.onnx"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i][0], stage) == 0) {
            return texts[i][1];
        }
    }
    return stage;
}

/* Whatever the chain and the settings: it tells what the stages begin with. */
START_TEST(gray_at_the_start_is_foreseen) {
    static const filter_color colors[] = {FILTER_COLOR_AUTO, FILTER_COLOR_GRAY, FILTER_COLOR_EACH};
    const filter_image image = {
        .width = 9, .height = 9, .channels = 3, .white = 255, .out_white = 255};
    const filter_defaults defaults = {.kernel = "sharpen"};
    filter_entry entry;
    int gray = 0;
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &entry); i++) {
        for (int k = 0; k < 6; k++) {
            const filter_settings settings = {.color = colors[k % 3], .linear = k >= 3};
            ct_error err;
            filter_chain *chain = filter_parse(with_its_value(entry.name), &defaults, &err);
            filter_program program;
            ck_assert_msg(chain && filter_lower(chain, &settings, &image, &program, &err), "%s",
                          err.text);
            const bool starts = program.count > 0 && program.stages[0].op == CONV_POINT &&
                                program.stages[0].point == CONV_GRAY;
            ck_assert_msg(filter_starts_gray(chain, &settings) == starts, "%s, case %d", entry.name,
                          k);
            gray += starts;
            filter_program_free(&program);
            filter_chain_free(chain);
        }
    }
    ck_assert_int_gt(gray, 20);
}
END_TEST

START_TEST(plain_channels_are_kept) {
    static const char *const made[] = {"gaussian", "sobel", "maxpool", "invert"};
    static const char *const no_gray[] = {"gray", "box,gray"};
    const filter_settings settings = {FILTER_COLOR_AUTO, FILTER_CLAMP, false};
    for (int channels = 2; channels <= 4; channels += 2) {
        const filter_image image = {9, 9, channels, false, 255, 255, false};
        filter_program p;
        ct_error err = {""};
        for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
            filter_chain *chain = filter_parse(made[i], NULL, &err);
            ck_assert_msg(filter_lower(chain, &settings, &image, &p, &err), "%s", err.text);
            ck_assert_int_eq(p.count, 1);
            ck_assert_int_eq(p.out.channels, channels);
            ck_assert(!p.out_alpha);
            filter_program_free(&p);
            filter_chain_free(chain);
        }
        for (size_t i = 0; i < sizeof no_gray / sizeof no_gray[0]; i++) {
            filter_chain *chain = filter_parse(no_gray[i], NULL, &err);
            ck_assert(!filter_lower(chain, &settings, &image, &p, &err));
            ck_assert_ptr_nonnull(strstr(err.text, "gray: gray needs 3 channels"));
            filter_chain_free(chain);
        }
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("filter");
    TCase *t = tcase_create("kernels");
    tcase_add_test(t, kernels_are_read_in_every_form);
    tcase_add_test(t, settings_of_a_kernel);
    tcase_add_loop_test(t, bad_kernels_are_refused, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(t, kernels_that_look_like_others);
    tcase_add_test(t, a_nul_in_a_kernel_is_refused);
    tcase_add_test(t, kernels_are_at_most_255_a_side);
    tcase_add_test(t, kernel_files);
    tcase_add_test(t, without_a_loader_there_are_no_kernel_files);
    tcase_add_test(t, rank_one_is_found);
    tcase_add_test(t, catalogue_kernels_sum_to_what_they_should);
    tcase_add_test(t, compass_kernels_are_turns_of_each_other);
    suite_add_tcase(suite, t);
    t = tcase_create("chains");
    tcase_add_loop_test(t, chains_work_on_every_image, 0, sizeof chains / sizeof chains[0]);
    tcase_add_test(t, every_stage_is_swept);
    tcase_add_loop_test(t, mistakes_are_pointed_at, 0, sizeof mistakes / sizeof mistakes[0]);
    tcase_add_test(t, mistakes_that_need_the_image);
    tcase_add_test(t, options_set_the_defaults);
    tcase_add_test(t, alpha_and_gray_are_put_in);
    tcase_add_test(t, gray_at_the_start_is_foreseen);
    tcase_add_test(t, plain_channels_are_kept);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
