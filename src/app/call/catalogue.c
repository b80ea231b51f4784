#include "app/call/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "app/call/layout.h"

enum { NAME_WIDTH = 12 };

static void print_aliases(const filter_entry *padding) {
    for (size_t i = 0; padding->aliases[i]; i++) {
        printf("%s%s", i ? ", " : "", padding->aliases[i]);
    }
}

static void print_padding_row(const filter_entry *padding) {
    printf("  %-*s %-13s %s\n", NAME_WIDTH, padding->name, padding->pattern, padding->summary);
    if (padding->aliases[0]) {
        printf("  %-*s %-13s also: ", NAME_WIDTH, "", "");
        print_aliases(padding);
        putchar('\n');
    }
}

void app_print_list(filter_list list) {
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(list, i, &entry); i++) {
        if (list == FILTER_PADDINGS) {
            print_padding_row(&entry);
            continue;
        }
        printf("  %-*s %s\n", NAME_WIDTH, entry.name, entry.summary);
        if (*entry.usage) {
            app_print_wrapped(entry.usage, NAME_WIDTH + 3, 0);
        }
    }
}

/* ---- arguments ---- */

enum { ARGUMENT_WIDTH = 9, MEANING = ARGUMENT_WIDTH + 4, CHOICE_WIDTH = 9 };

static void print_choices(const filter_choice *choices) {
    for (; choices->name; choices++) {
        if (choices->meaning) {
            const int column = printf("%*s%-*s", MEANING, "", CHOICE_WIDTH, choices->name);
            app_print_wrapped(choices->meaning, MEANING + 2 + CHOICE_WIDTH, column);
        }
    }
}

static void print_argument(const filter_argument *argument) {
    char values[2 * FILTER_USAGE];
    snprintf(values, sizeof values, "%s (%s%s)", argument->values,
             argument->fallback ? "default: " : "no default",
             argument->fallback ? argument->fallback : "");
    app_print_row(argument->name, ARGUMENT_WIDTH, values);
    app_print_wrapped(argument->meaning, MEANING, 0);
    if (argument->choices) {
        print_choices(argument->choices);
    }
}

static void print_arguments(const char *stage) {
    filter_argument argument;
    for (size_t i = 0; filter_argument_at(stage, i, &argument); i++) {
        print_argument(&argument);
    }
}

void app_print_window_arguments(void) {
    app_print_wrapped(
        "Besides its own arguments, every convolution stage takes these by name, as in "
        "sobel:padding=zero:stride=2. The options of the same names set them for "
        "all convolution stages of a chain.\n",
        0, 0);
    print_arguments(NULL);
}

static void print_window_names(void) {
    char names[2 * FILTER_USAGE] = "Like every convolution stage, it also takes ";
    filter_argument argument;
    for (size_t i = 0; filter_argument_at(NULL, i, &argument); i++) {
        strcat(strcat(names, i ? ", " : ""), argument.name);
    }
    app_print_wrapped(strcat(names, "; see convtool help window."), 0, 0);
}

/* ---- a word that is an argument's name or value ---- */

static bool is_about(const filter_argument *argument, const char *word) {
    bool about = strcmp(argument->name, word) == 0;
    for (const filter_choice *c = argument->choices; c && c->name; c++) {
        about = about || (c->meaning && strcmp(c->name, word) == 0);
    }
    return about;
}

bool app_shared_argument(const filter_entry *stage, const filter_argument *argument,
                         filter_argument *out) {
    for (size_t i = 0; filter_argument_at(stage->name, i, out); i++) {
        if (strcmp(out->name, argument->name) == 0 &&
            strcmp(out->meaning, argument->meaning) == 0 &&
            strcmp(out->values, argument->values) == 0) {
            return true;
        }
    }
    return false;
}

/* Prints the argument under the names of all stages that share it; false if one before `first`
 * does. */
static bool print_users(size_t first, const filter_argument *argument) {
    filter_entry stage;
    filter_argument same;
    for (size_t i = 0; i < first && filter_entry_at(FILTER_STAGES, i, &stage); i++) {
        if (app_shared_argument(&stage, argument, &same)) {
            return false;
        }
    }
    const char *comma = "";
    for (size_t i = first; filter_entry_at(FILTER_STAGES, i, &stage); i++) {
        if (app_shared_argument(&stage, argument, &same)) {
            printf("%s%s", comma, stage.name);
            comma = ", ";
        }
    }
    puts(":");
    print_argument(argument);
    return true;
}

bool app_print_argument_users(const char *word) {
    bool any = false;
    filter_argument argument;
    for (size_t i = 0; filter_argument_at(NULL, i, &argument); i++) {
        if (is_about(&argument, word)) {
            puts("Every convolution stage:");
            print_argument(&argument);
            any = true;
        }
    }
    filter_entry stage;
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &stage); i++) {
        for (size_t k = 0; filter_argument_at(stage.name, k, &argument); k++) {
            any = (is_about(&argument, word) && print_users(i, &argument)) || any;
        }
    }
    return any;
}

/* ---- pages ---- */

static void print_indented(const char *lines) {
    for (const char *end; *lines; lines = end + (*end == '\n')) {
        end = lines + strcspn(lines, "\n");
        printf("  %.*s\n", (int)(end - lines), lines);
    }
}

void app_print_stage(const filter_entry *stage) {
    const int column = printf("%s%s", stage->name, *stage->usage ? "  " : "");
    app_print_wrapped(stage->usage, column, column);
    printf("\n%s\n\n", stage->summary);
    print_indented(stage->formula);
    if (*stage->usage) {
        filter_argument first;
        filter_argument_at(stage->name, 0, &first);
        printf("\nArguments, in this order or by name (%s:%s=...):\n", stage->name, first.name);
        print_arguments(stage->name);
    }
    if (stage->windowed) {
        putchar('\n');
        print_window_names();
    }
    if (stage->edge) {
        puts("It works on gray, unless you give --color each, and drops alpha.");
    }
    printf("\nExample:\n  convtool %s in.png out.png\n", stage->example);
}

void app_print_kernel(const filter_entry *kernel) {
    printf("%s  a %dx%d kernel\n\n%s\n\n", kernel->name, kernel->width, kernel->height,
           kernel->summary);
    printf("convtool show %s prints its numbers.\n", kernel->name);
    printf("\nExample:\n  convtool conv:%s in.png out.png\n", kernel->name);
}

void app_print_bank(const filter_entry *bank) {
    printf("%s  a bank of filters%s%s\n\n%s\n\n", bank->name, *bank->usage ? "; it takes " : "",
           bank->usage, bank->summary);
    print_indented(bank->formula);
    printf("\nconvtool show %s prints its numbers; convtool help bank tells more.\n", bank->name);
    printf("\nExample:\n  convtool bank:%s in.png out.npy\n", bank->name);
}

void app_print_padding(const filter_entry *padding) {
    printf("%s%s  a padding: %s\n\n", padding->name, padding->takes_value ? "=V" : "",
           padding->pattern);
    printf("%s\n", padding->summary);
    if (padding->aliases[0]) {
        fputs("other names: ", stdout);
        print_aliases(padding);
        putchar('\n');
    }
    puts("\nconvtool help paddings lists them all.");
    printf("\nExample:\n  convtool sobel:padding=%s%s in.png out.png\n", padding->name,
           padding->takes_value ? "=128" : "");
}
