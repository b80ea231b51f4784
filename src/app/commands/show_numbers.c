#include "app/commands/show_numbers.h"

#include <stdio.h>
#include <string.h>

const char *show_number(double number, char text[32]) {
    snprintf(text, 32, "%.6g", number == 0 ? 0.0 : number);
    return text;
}

/* The width of the widest number, for a column of the output. */
static int widest(const double *numbers, int count, double factor) {
    int width = 1;
    char text[32];
    for (int i = 0; i < count; i++) {
        int length = (int)strlen(show_number(numbers[i] * factor, text));
        width = length > width ? length : width;
    }
    return width;
}

void show_matrix(const double *weights, int width, int height, double divisor) {
    char text[32];
    int cell = widest(weights, width * height, divisor);
    int fits = (SHOW_WIDTH - 4) / (cell + 2);
    int columns = width <= fits ? width : fits;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < columns; x++) {
            printf("  %*s", cell, show_number(weights[y * width + x] * divisor, text));
        }
        puts(columns < width ? " …" : "");
    }
    if (divisor != 1) {
        printf("  all divided by %s\n", show_number(divisor, text));
    }
    if (columns < width) {
        printf("  (columns %d to %d aren't shown; --json shows them)\n", columns, width - 1);
    }
}
