#include "app/call/layout.h"

#include <stdio.h>
#include <string.h>

enum { LINE_WIDTH = 80 };

void app_print_wrapped(const char *text, int indent, int column) {
    while (*text) {
        const int word = (int)strcspn(text, " \n");
        const int gap = column > indent;
        if (gap && column + 1 + word > LINE_WIDTH) {
            putchar('\n');
            column = 0;
            continue;
        }
        if (word > 0) {
            const int blanks = column < indent ? indent - column : gap;
            column += printf("%*s%.*s", blanks, "", word, text);
        }
        text += word;
        if (*text == '\n') {
            putchar('\n');
            column = 0;
        }
        text += *text != '\0';
    }
    putchar('\n');
}

void app_print_row(const char *left, int width, const char *right) {
    int column = printf("  %-*s", width, left);
    if (column > width + 2) {
        putchar('\n');
        column = 0;
    }
    app_print_wrapped(right, width + 4, column);
}
