/* A kernel's numbers and what follows from them. */
#include "app/commands/show_kernel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/message.h"
#include "app/call/screen.h"
#include "app/commands/show_numbers.h"

typedef struct sums {
    double sum, positive, negative, absolute;
} sums;

static sums add_up(const filter_kernel *kernel) {
    sums s = {0};
    for (int i = 0; i < kernel->width * kernel->height; i++) {
        double w = kernel->weights[i];
        s.sum += w;
        s.absolute += fabs(w);
        *(w > 0 ? &s.positive : &s.negative) += w;
    }
    /* What rounding leaves of a sum of zero isn't worth showing. */
    if (fabs(s.sum) < 1e-12 * s.absolute) {
        s.sum = 0;
    }
    return s;
}

static void print_vector(const char *name, const double *numbers, int count, double times) {
    char text[32];
    printf("  %-7s", name);
    int used = 9;
    for (int i = 0; i < count; i++) {
        int length = (int)strlen(show_number(times * numbers[i], text)) + 1;
        if (used + length > app_text_columns(stdout)) {
            printf("\n%9s", "");
            used = 9;
        }
        printf(" %s", text);
        used += length;
    }
    putchar('\n');
}

/* How the engine would compute it on a large 8-bit gray image. */
static bool find_choice(const filter_kernel *kernel, conv_choice *choice, ct_error *err) {
    const int width = kernel->width, height = kernel->height;
    conv_stage stage = {.op = CONV_CORRELATE, .kernels = 1, .weights = kernel->weights};
    stage.window = (conv_window){.width = width,
                                 .height = height,
                                 .stride_x = 1,
                                 .stride_y = 1,
                                 .dilation_x = 1,
                                 .dilation_y = 1,
                                 .left = (width - 1) / 2,
                                 .right = width / 2,
                                 .top = (height - 1) / 2,
                                 .bottom = height / 2,
                                 .border = CONV_MIRROR,
                                 .alpha = -1};
    conv_plan *plan = conv_plan_new(&stage, 1, (conv_shape){4000, 3000, 1}, CONV_U8, CONV_U8, err);
    if (plan) {
        *choice = *conv_plan_choice(plan, 0);
    }
    conv_plan_free(plan);
    return plan != NULL;
}

/* Two digits are enough. */
static void print_choice(const conv_choice *choice) {
    printf("computed by: %s (%s)", choice->path, choice->why);
    if (choice->direct > 1.5 * choice->cost) {
        printf(",\n  %.2g times as fast as cell by cell", choice->direct / choice->cost);
    }
    putchar('\n');
}

static bool print_title(const filter_kernel *kernel, ct_error *err) {
    ct_text title = {0};
    bool ok = app_escape(&title, kernel->name) &&
              app_escape(&title, *kernel->summary ? ": " : "") &&
              app_escape(&title, kernel->summary);
    if (ok) {
        puts(title.bytes);
    }
    ct_text_free(&title);
    return ok || ct_fail(err, "out of memory");
}

/* Whole numbers stay as they are; other rows, as a Gaussian's, are written with the sum 1. */
static double row_unit(const filter_kernel *kernel) {
    double sum = 0;
    bool whole = true;
    for (int i = 0; i < kernel->width; i++) {
        whole = whole && fabs(kernel->row[i] - rint(kernel->row[i])) < 1e-9;
        sum += kernel->row[i];
    }
    return whole || fabs(sum) < 1e-9 ? 1 : 1 / sum;
}

/* With how it would be computed, unless that is NULL. */
static bool print_text(const filter_kernel *kernel, const conv_choice *choice, ct_error *err) {
    sums s = add_up(kernel);
    char a[32], b[32];
    if (!print_title(kernel, err)) {
        return false;
    }
    int x = kernel->anchor_x < 0 ? (kernel->width - 1) / 2 : kernel->anchor_x;
    int y = kernel->anchor_y < 0 ? (kernel->height - 1) / 2 : kernel->anchor_y;
    printf("%dx%d, anchor %d,%d\n\n", kernel->width, kernel->height, x, y);
    show_matrix(kernel->weights, kernel->width, kernel->height, kernel->divisor);
    const char *meaning = s.absolute == 0          ? "every image becomes 0"
                          : s.sum == 0             ? "a flat image becomes 0"
                          : fabs(s.sum - 1) < 1e-9 ? "a flat image is unchanged"
                                                   : "a flat image is multiplied by it";
    printf("\nsum (gain): %s (%s)\n", show_number(s.sum, a), meaning);
    printf("sum of absolute values: %s\n", show_number(s.absolute, a));
    printf("results for an 8-bit image: %s to %s\n", show_number(255 * s.negative, a),
           show_number(255 * s.positive, b));
    if (choice) {
        print_choice(choice);
    }
    if (s.absolute == 0) {
        puts("separable: zeros times zeros");
    } else if (kernel->row && kernel->column) {
        const int apart = kernel->width + kernel->height, whole = kernel->width * kernel->height;
        const int before = printf("separable: column times row");
        if (apart < whole) {
            char price[64];
            const int length =
                snprintf(price, sizeof price, "%d products per pixel instead of %d", apart, whole);
            const bool fits = before + 2 + length <= app_text_columns(stdout);
            printf(",%s%s", fits ? " " : "\n  ", price);
        }
        putchar('\n');
        const double unit = row_unit(kernel);
        print_vector("column", kernel->column, kernel->height, 1 / unit);
        print_vector("row", kernel->row, kernel->width, unit);
    } else {
        puts("not separable");
    }
    return true;
}

static void json_array(const char *name, const double *numbers, int count) {
    printf(",\"%s\":", name);
    if (!numbers) {
        fputs("null", stdout);
        return;
    }
    for (int i = 0; i < count; i++) {
        fputc(i ? ',' : '[', stdout);
        app_json_number(stdout, numbers[i] == 0 ? 0.0 : numbers[i]); /* without a sign */
    }
    fputc(']', stdout);
}

static void print_json(const filter_kernel *kernel, const conv_choice *choice) {
    sums s = add_up(kernel);
    fputs("{\"name\":", stdout);
    app_json_string(stdout, kernel->name);
    fputs(",\"summary\":", stdout);
    app_json_string(stdout, kernel->summary);
    printf(",\"width\":%d,\"height\":%d", kernel->width, kernel->height);
    printf(",\"anchor\":[%d,%d]", kernel->anchor_x < 0 ? (kernel->width - 1) / 2 : kernel->anchor_x,
           kernel->anchor_y < 0 ? (kernel->height - 1) / 2 : kernel->anchor_y);
    fputs(",\"weights\":", stdout);
    for (int i = 0; i < kernel->width * kernel->height; i++) {
        fputs(i == 0 ? "[[" : i % kernel->width == 0 ? "],\n[" : ",", stdout);
        app_json_number(stdout, kernel->weights[i] == 0 ? 0.0 : kernel->weights[i]);
    }
    fputs("]],\"sum\":", stdout);
    app_json_number(stdout, s.sum);
    fputs(",\"absolute\":", stdout);
    app_json_number(stdout, s.absolute);
    fputs(",\"range8\":[", stdout);
    app_json_number(stdout, s.negative == 0 ? 0.0 : 255 * s.negative);
    fputc(',', stdout);
    app_json_number(stdout, 255 * s.positive);
    printf("],\"separable\":%s", kernel->row && kernel->column ? "true" : "false");
    json_array("column", kernel->column, kernel->height);
    json_array("row", kernel->row, kernel->width);
    fputs(",\"path\":", stdout);
    app_json_string(stdout, choice->path);
    fputs(",\"why\":", stdout);
    app_json_string(stdout, choice->why);
    fputc('}', stdout);
}

bool show_kernel(const app_call *call, const filter_kernel *kernel, ct_error *err) {
    conv_choice choice;
    if (!find_choice(kernel, &choice, err)) {
        return false;
    }
    if (call->json) {
        print_json(kernel, &choice);
        return true;
    }
    return print_text(kernel, call->talk == APP_VERBOSE ? &choice : NULL, err);
}
