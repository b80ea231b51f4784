#include "filter/usage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void append(char out[FILTER_USAGE], const char *format,
                                                         ...) {
    const size_t used = strlen(out);
    va_list values;
    va_start(values, format);
    vsnprintf(out + used, FILTER_USAGE - used, format, values);
    va_end(values);
}

static void append_choices(char out[FILTER_USAGE], const argument_def *def) {
    append(out, "%s", def->fallback);
    for (const filter_choice *c = def->choices; c->name; c++) {
        if (strcmp(c->name, def->fallback) != 0) {
            append(out, "|%s", c->name);
        }
    }
}

void usage_of_choices(const argument_def *def, char out[FILTER_USAGE]) {
    *out = '\0';
    append_choices(out, def);
}

void usage_of_stage(const stage_def *stage, char out[FILTER_USAGE]) {
    *out = '\0';
    for (const argument_def *a = stage->arguments; a->kind; a++) {
        append(out, "%s%s=", *out ? " " : "", a->name);
        if (a->kind == ARGUMENT_CHOICE) {
            append_choices(out, a);
        } else if (a->kind == ARGUMENT_KERNEL) {
            append(out, "NAME|FILE|NUMBERS");
        } else if (a->kind == ARGUMENT_BANK) {
            append(out, "NAME|FILE");
        } else if (a->kind == ARGUMENT_FILE) {
            append(out, "FILE");
        } else {
            const bool sides = a->kind == ARGUMENT_EXTENT || a->kind == ARGUMENT_SIZE;
            append(out, "%s", a->fallback ? a->fallback : sides ? "WxH" : "N");
        }
    }
}

void usage_of_bank(const bank_def *bank, char out[FILTER_USAGE]) {
    const argument_def *arguments = stage_def_find("bank")->arguments;
    *out = '\0';
    for (int i = 0; i < BANK_ARGUMENTS; i++) {
        if (bank->takes & 1U << i) {
            append(out, "%s%s=%s", *out ? " " : "", arguments[i].name, arguments[i].fallback);
        }
    }
}

void usage_of_window(char out[FILTER_USAGE]) {
    *out = '\0';
    for (size_t i = 0; i < WINDOW_ARGUMENTS; i++) {
        append(out, "%s%s", i ? ", " : "", window_arguments[i].name);
    }
}

bool usage_has_range(const argument_def *def) {
    const bool number = def->kind == ARGUMENT_NUMBER || def->kind == ARGUMENT_LEVEL ||
                        def->kind == ARGUMENT_INTEGER || def->kind == ARGUMENT_SIZE ||
                        def->kind == ARGUMENT_POOL_SIZE || def->kind == ARGUMENT_ODD ||
                        def->kind == ARGUMENT_ODD_SIZE || def->kind == ARGUMENT_AUTO_SIZE;
    return number && (def->low > -1e9 || def->high < 1e9);
}

static void append_range(char out[FILTER_USAGE], const char *what, const argument_def *def) {
    append(out, "%s", what);
    if (usage_has_range(def) && def->high < 1e9) {
        append(out, " from %.10g to %.10g", def->low, def->high);
    } else if (usage_has_range(def)) {
        append(out, ", %.10g or more", def->low);
    }
}

void usage_of_values(const argument_def *def, char out[FILTER_USAGE]) {
    *out = '\0';
    switch (def->kind) {
    case ARGUMENT_NUMBER:
        append_range(out, "a number", def);
        break;
    case ARGUMENT_LEVEL:
        append_range(out, "a number or a percentage of white", def);
        for (const filter_choice *c = def->choices; c && c->name; c++) {
            append(out, ", or %s", c->name);
        }
        break;
    case ARGUMENT_INTEGER:
        append_range(out, "a whole number", def);
        break;
    case ARGUMENT_SIZE:
        append_range(out, "N or WxH, each", def);
        break;
    case ARGUMENT_POOL_SIZE:
        append_range(out, "all, or N or WxH, each", def);
        break;
    case ARGUMENT_ODD_SIZE:
        append_range(out, "odd numbers N or WxH, each", def);
        break;
    case ARGUMENT_ODD:
        append_range(out, "an odd number", def);
        break;
    case ARGUMENT_AUTO_SIZE:
        append_range(out, "auto, or odd N or WxH, each", def);
        break;
    case ARGUMENT_CHOICE:
        append_choices(out, def);
        break;
    case ARGUMENT_KERNEL:
        append(out, "a kernel's name, a file or numbers");
        break;
    case ARGUMENT_BANK:
        append(out, "a bank's name or a file");
        break;
    case ARGUMENT_NUMBERS:
        append(out, "a number or a file");
        break;
    case ARGUMENT_PADDING:
        append(out, "a mode such as zero or constant=V");
        break;
    case ARGUMENT_ANCHOR:
        append(out, "XxY, counted from 0x0 at the top left");
        break;
    case ARGUMENT_FILE:
        append(out, "a file");
        break;
    case ARGUMENT_TEXT:
        append(out, "text");
        break;
    case ARGUMENT_EXTENT:
        append(out, "WxH, Wx, xH or P%%");
        break;
    case ARGUMENT_NONE:
        break;
    }
}
