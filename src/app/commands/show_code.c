#include "app/commands/show_code.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "filter/filter.h"

void show_put(show_code *code, const char *format, ...) {
    char text[512];
    va_list values;
    va_start(values, format);
    const int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    code->failed = code->failed || length < 0 || (size_t)length >= sizeof text ||
                   !ct_text_add(&code->text, text, (size_t)length);
}

void show_digits(show_code *code, double number) {
    char text[32];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number == 0 ? 0.0 : number);
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    show_put(code, "%s", text);
}

bool show_cannot(show_code *code, const char *format, ...) {
    char text[256];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return ct_fail(code->err, "--as %s: %s", code->language, text);
}

bool show_unwritten(show_code *code) {
    code->unwritten = true;
    return show_cannot(code, "it isn't written for this stage");
}

int show_width(const conv_window *w) {
    return w->dilation_x * (w->width - 1) + 1;
}

int show_height(const conv_window *w) {
    return w->dilation_y * (w->height - 1) + 1;
}

double show_weight(const conv_stage *stage, int k, int x, int y) {
    const conv_window *w = &stage->window;
    if (x % w->dilation_x || y % w->dilation_y) {
        return 0;
    }
    x /= w->dilation_x;
    y /= w->dilation_y;
    if (stage->weights) {
        return stage->weights[(k * w->height + y) * w->width + x];
    }
    double sum = 0;
    for (int term = 0; term < conv_stage_terms(stage); term++) {
        sum += stage->column[term * w->height + y] * stage->row[term * w->width + x];
    }
    return sum;
}

bool show_same(const conv_window *w) {
    return w->left == w->anchor_x * w->dilation_x && w->top == w->anchor_y * w->dilation_y &&
           w->right == (w->width - 1 - w->anchor_x) * w->dilation_x &&
           w->bottom == (w->height - 1 - w->anchor_y) * w->dilation_y;
}

bool show_valid(const conv_window *w) {
    return w->left == 0 && w->right == 0 && w->top == 0 && w->bottom == 0;
}

double show_sigma(const double *numbers, int count) {
    const int centre = count / 2;
    if (count < 3 || count % 2 == 0 || !(numbers[centre + 1] > 0) ||
        !(numbers[centre + 1] < numbers[centre])) {
        return 0;
    }
    const double sigma = sqrt(-0.5 / log(numbers[centre + 1] / numbers[centre]));
    for (int i = 0; i < count; i++) {
        const double x = i - centre, wanted = numbers[centre] * exp(-x * x / (2 * sigma * sigma));
        if (fabs(numbers[i] - wanted) > 1e-9 * numbers[centre]) {
            return 0;
        }
    }
    return rint(sigma * 1e9) / 1e9;
}

static bool is_centred(const conv_window *w) {
    return w->dilation_x == 1 && w->dilation_y == 1 && w->anchor_x == (w->width - 1) / 2 &&
           w->anchor_y == (w->height - 1) / 2;
}

bool show_is_named(const conv_stage *stage, int k, const char *name) {
    const conv_window *w = &stage->window;
    ct_error err;
    filter_kernel *kernel = filter_kernel_load(name, NULL, &err);
    bool same = kernel && stage->weights && is_centred(w) && kernel->width == w->width &&
                kernel->height == w->height;
    for (int i = 0; same && i < w->width * w->height; i++) {
        same = fabs(stage->weights[k * w->width * w->height + i] - kernel->weights[i]) < 1e-12;
    }
    filter_kernel_free(kernel);
    return same;
}
