/* An exercise: which kernel made this picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands/explain_table.h"
#include "app/commands/stage_kernels.h"
#include "app/commands/worksheet_makers.h"

enum { CHOICES = 4, CELLS = SHEET_WHICH_CELLS, SIDE = 34 };

/* A kernel that may have made the picture, of at most 5x5 cells. */
typedef struct choice {
    int width, height;
    double weights[CELLS], divisor;
} choice;

/* What a class knows; each looks different on a picture. */
static const char *const known[] = {"box3",       "sobel-x",  "sobel-y", "sharpen",
                                    "laplacian4", "identity", "emboss",  "gaussian3"};

enum { KNOWN = sizeof known / sizeof *known };

static bool same(const choice *a, const choice *b) {
    bool equal = a->width == b->width && a->height == b->height;
    for (int i = 0; equal && i < a->width * a->height; i++) {
        equal = fabs(a->weights[i] - b->weights[i]) < 1e-9;
    }
    return equal;
}

/* Blurs look alike on a small picture. */
static bool is_blur(const choice *c) {
    int used = 0;
    bool blur = true;
    for (int i = 0; i < c->width * c->height; i++) {
        blur = blur && c->weights[i] >= 0;
        used += c->weights[i] != 0;
    }
    return blur && used > 1;
}

static bool alike(const choice *a, const choice *b) {
    return same(a, b) || (is_blur(a) && is_blur(b));
}

static bool load_known(choice *c, const char *name, ct_error *err) {
    filter_kernel *kernel = filter_kernel_load(name, NULL, err);
    if (!kernel) {
        return false;
    }
    c->width = kernel->width;
    c->height = kernel->height;
    memcpy(c->weights, kernel->weights, (size_t)(c->width * c->height) * sizeof *kernel->weights);
    c->divisor = explain_divisor(c->weights, c->width * c->height);
    filter_kernel_free(kernel);
    return true;
}

/* The chain's own kernel, then others. */
static bool choose(const sheet_lesson *l, choice choices[CHOICES]) {
    const conv_stage *stage = &l->program->stages[sheet_lesson_kernel(l)];
    int first = sheet_draw(l->random, 0, KNOWN - 1);
    if (stage->window.width * stage->window.height > CELLS) {
        return ct_fail(l->err, "which: a kernel of %dx%d cells is too much; at most 5x5",
                       stage->window.width, stage->window.height);
    }
    choices[0].width = stage->window.width;
    choices[0].height = stage->window.height;
    stage_kernel(stage, stage->op == CONV_GRADIENT && stage->gradient == CONV_Y,
                 choices[0].weights);
    choices[0].divisor = explain_divisor(choices[0].weights, choices[0].width * choices[0].height);
    for (int i = 1; i < CHOICES; first++) {
        if (!load_known(&choices[i], known[first % KNOWN], l->err)) {
            return false;
        }
        bool fresh = true;
        for (int k = 0; k < i; k++) {
            fresh = fresh && !alike(&choices[k], &choices[i]);
        }
        i += fresh;
    }
    return true;
}

/* A disc and a bar on gray: edges in all directions. */
static void draw_picture(const sheet_lesson *l, float *gray, int width, int height) {
    const double cx = sheet_draw(l->random, 10, 13), cy = sheet_draw(l->random, 10, 14);
    const int bar = sheet_draw(l->random, 24, 27);
    for (int i = 0; i < width * height; i++) {
        const int x = i % width, y = i / width;
        const bool disc = hypot(x - cx, y - cy) < 7.5;
        const bool beam = x >= bar && x < bar + 4 && y > 4 && y < 30;
        const bool floor = y >= 27 && y < 30 && x > 3;
        gray[i] = disc ? 230 : beam || floor ? 30 : (float)(110 + x);
    }
}

static bool apply(const choice *c, const float *gray, int width, int height, float **made,
                  ct_error *err) {
    const conv_stage stage = {.op = CONV_CORRELATE,
                              .kernels = 1,
                              .weights = c->weights,
                              .window = sheet_centred_window(c->width, c->height)};
    conv_shape out;
    *made = sheet_run(&stage, 1, (conv_shape){width, height, 1}, gray, &out, err);
    return *made != NULL;
}

/* Zero is mid-gray where the kernel has no gain of its own, as with --map signed. */
static void show_picture_of(sheet_grid *grid, const float *values, const choice *c) {
    double sum = 0;
    for (int i = 0; c && i < c->width * c->height; i++) {
        sum += c->weights[i];
    }
    const bool is_signed = c && fabs(sum) < 1e-9;
    for (int i = 0; grid && i < grid->width * grid->height; i++) {
        const double v = is_signed ? 128 + (double)values[i] / 2 : (double)values[i];
        grid->gray[i] = (uint8_t)lrint(fmin(fmax(v, 0), 255));
    }
}

static void draw_choices(const sheet_lesson *l, const choice choices[CHOICES],
                         const int order[CHOICES]) {
    sheet_row(l->sheet);
    for (int i = 0; i < CHOICES; i++) {
        const choice *c = &choices[order[i]];
        char caption[32];
        snprintf(caption, sizeof caption, c->divisor != 1 ? "%c  ( / %.0f)" : "%c", 'A' + i,
                 c->divisor);
        sheet_grid *grid = sheet_add_grid(l->sheet, "", caption, c->width, c->height);
        for (int k = 0; k < c->width * c->height; k++) {
            sheet_number(sheet_at(grid, k % c->width, k / c->width), c->weights[k] * c->divisor);
        }
    }
}

static bool make_pictures(const sheet_lesson *l, const choice *answer) {
    const int width = l->picture ? l->picture_width : SIDE;
    const int height = l->picture ? l->picture_height : SIDE;
    float *gray = malloc((size_t)width * (size_t)height * sizeof *gray), *made = NULL;
    if (!gray) {
        return ct_fail(l->err, "out of memory");
    }
    for (int i = 0; l->picture && i < width * height; i++) {
        gray[i] = l->picture[i];
    }
    if (!l->picture) {
        draw_picture(l, gray, width, height);
    }
    const bool ok = apply(answer, gray, width, height, &made, l->err);
    if (ok) {
        sheet_row(l->sheet);
        show_picture_of(sheet_add_picture(l->sheet, "", "before", width, height), gray, NULL);
        show_picture_of(sheet_add_picture(l->sheet, "→", "after", width, height), made, answer);
    }
    free(gray);
    free(made);
    return ok;
}

/* Whether each weight is `times` that of the cell across: mirrored left to right, top to bottom, or
 * both. */
static bool is_mirrored(const choice *c, bool across, bool down, double times) {
    bool same = true;
    for (int i = 0; i < c->width * c->height; i++) {
        const int x = i % c->width, y = i / c->width;
        const int other =
            (down ? c->height - 1 - y : y) * c->width + (across ? c->width - 1 - x : x);
        same = same && fabs(c->weights[i] - times * c->weights[other]) < 1e-9;
    }
    return same;
}

/* How one can tell. */
static const char *reason_of(const choice *c) {
    double sum = 0;
    int used = 0, negative = 0;
    for (int i = 0; i < c->width * c->height; i++) {
        sum += c->weights[i];
        used += c->weights[i] != 0;
        negative += c->weights[i] < 0;
    }
    return used == 1       ? "its shapes are as before: there is one weight only"
           : negative == 0 ? "it is blurred: no weight is negative, each number is made of several"
           : fabs(sum) >= 1e-9 && is_mirrored(c, true, true, 1)
               ? "edges stand out more, and flat parts stay: neighbours are taken off"
           : fabs(sum) >= 1e-9 ? "it looks lit from one side: weights across differ"
           : is_mirrored(c, true, false, -1)
               ? "only edges that run up and down: left and right have opposite signs"
           : is_mirrored(c, false, true, -1)
               ? "only edges that run across: above and below have opposite signs"
               : "only edges are left, in all directions: the weights add up to 0";
}

/* Any of the four may have made the picture: the sheet's title, or an exercise before, names the
 * chain's own. */
bool sheet_make_which(const sheet_lesson *l) {
    choice choices[CHOICES] = {0};
    int order[CHOICES] = {0, 1, 2, 3};
    if (sheet_lesson_kernel(l) < 0) {
        return ct_fail(l->err, "which: no stage of the chain has a kernel; try conv:sharpen");
    }
    if (!choose(l, choices)) {
        return false;
    }
    for (int i = CHOICES - 1; i > 0; i--) {
        const int k = sheet_draw(l->random, 0, i), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
    const int answer = sheet_draw(l->random, 0, CHOICES - 1);
    sheet_begin(l->sheet, "Which kernel made this picture?");
    sheet_say(l->sheet, "Where the numbers of a kernel add up to 0, mid-gray stands for 0.");
    if (!make_pictures(l, &choices[order[answer]])) {
        return false;
    }
    draw_choices(l, choices, order);
    sheet_say(l->sheet, "Kernel: " SHEET_BLANK("%c") "   How can you tell? " SHEET_BLANK("%s"),
              'A' + answer, reason_of(&choices[order[answer]]));
    return true;
}
