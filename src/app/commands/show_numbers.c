#include "app/commands/show_numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/screen.h"
#include "app/commands/show_picture.h"

enum { MOST_DIGITS = 6, LEAST_DIGITS = 3 };

const char *show_number(double number, char text[32]) {
    snprintf(text, 32, "%.6g", number == 0 ? 0.0 : number);
    return text;
}

static const char *digits_of(double number, int digits, char text[32]) {
    const int most = digits < MOST_DIGITS ? digits : MOST_DIGITS;
    snprintf(text, 32, "%.*g", most, number == 0 ? 0.0 : number);
    return text;
}

/* The width of the widest number, for a column of the output. */
static int widest(const double *numbers, int count, double factor, int digits) {
    int width = 1;
    char text[32];
    for (int i = 0; i < count; i++) {
        int length = (int)strlen(digits_of(numbers[i] * factor, digits, text));
        width = length > width ? length : width;
    }
    return width;
}

/* A cell of the colour that is nearest among the 256 that terminals have; the ink stands out. */
static void print_colored(double weight, double most, int cell, const char *text) {
    uint8_t rgb[3];
    int cube = 0;
    show_color(weight, most, rgb);
    for (int c = 0; c < 3; c++) { /* levels 0, 95, 135, 175, 215, 255 */
        cube = cube * 6 + (rgb[c] < 48 ? 0 : rgb[c] < 115 ? 1 : (rgb[c] - 35) / 40);
    }
    const bool dark = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 128;
    printf("\033[48;5;%d;38;5;%dm%*s \033[0m", 16 + cube, dark ? 231 : 16, cell + 1, text);
}

void show_matrix(const double *weights, int width, int height, double divisor) {
    char text[32];
    int digits = MOST_DIGITS + 1, cell, fits;
    do { /* fewer digits where that shows all columns */
        cell = widest(weights, width * height, divisor, --digits);
        fits = (app_text_columns(stdout) - 4) / (cell + 2);
    } while (fits < width && digits > LEAST_DIGITS);
    if (fits < width) {
        digits = MOST_DIGITS;
        cell = widest(weights, width * height, divisor, digits);
        fits = (app_text_columns(stdout) - 4) / (cell + 2);
    }
    const int columns = width <= fits ? width : fits;
    const bool color = app_color(stdout);
    double most = 0;
    for (int i = 0; i < width * height; i++) {
        most = fmax(most, fabs(weights[i]));
    }
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < columns; x++) {
            const double weight = weights[y * width + x];
            digits_of(weight * divisor, digits, text);
            if (color) {
                print_colored(weight, most, cell, text);
            } else {
                printf("  %*s", cell, text);
            }
        }
        puts(columns < width ? " …" : "");
    }
    if (divisor != 1) {
        printf("  all divided by %s\n", show_number(divisor, text));
    }
    if (digits < MOST_DIGITS) {
        printf("  (with %d digits; --json has all)\n", digits);
    }
    if (columns < width) {
        printf("  (columns %d to %d aren't shown; --json shows them)\n", columns, width - 1);
    }
}
