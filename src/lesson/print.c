#include "lesson/print.h"

#include <stdio.h>

#include "app/call/json.h"

static void begin(const char *name, char bracket) {
    printf(",\"%s\":", name);
    if (bracket) {
        putchar(bracket);
    }
}

void lesson_print_text(const char *name, const char *text) {
    begin(name, 0);
    app_json_string(stdout, text);
}

void lesson_print_number(const char *name, double number) {
    begin(name, 0);
    app_json_number(stdout, number);
}

void lesson_print_numbers(const char *name, const double *numbers, size_t count) {
    begin(name, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            putchar(',');
        }
        app_json_number(stdout, numbers[i]);
    }
    putchar(']');
}

void lesson_print_floats(const char *name, const float *numbers, size_t count) {
    begin(name, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            putchar(',');
        }
        app_json_number(stdout, (double)numbers[i]);
    }
    putchar(']');
}

void lesson_print_pair(const char *name, double x, double y) {
    const double both[] = {x, y};
    lesson_print_numbers(name, both, 2);
}
