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

/* How the cells are written. */
typedef struct look {
    int digits;  /* that count, unless `unit` is set */
    double unit; /* cells are whole multiples of it, rounded; 0: no */
    int cell;    /* characters of the widest */
    int gap;     /* blanks in front of each */
    int fits;    /* so many columns have room */
} look;

/* A cell of the colour that is nearest among the 256 that terminals have; the ink stands out. */
static void print_colored(const look *l, double weight, double most, const char *text) {
    uint8_t rgb[3];
    int cube = 0;
    show_color(weight, most, rgb);
    for (int c = 0; c < 3; c++) { /* levels 0, 95, 135, 175, 215, 255 */
        cube = cube * 6 + (rgb[c] < 48 ? 0 : rgb[c] < 115 ? 1 : (rgb[c] - 35) / 40);
    }
    const bool dark = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 128;
    printf("\033[48;5;%d;38;5;%dm%*s%s\033[0m", 16 + cube, dark ? 231 : 16, l->cell + 1, text,
           l->gap > 1 ? " " : "");
}

static void write_cell(const look *l, double number, char text[32]) {
    if (l->unit > 0) {
        const double times = rint(number / l->unit);
        snprintf(text, 32, "%.0f", times == 0 ? 0.0 : times);
    } else {
        digits_of(number, l->digits, text);
    }
}

/* Numbers of so many digits, or rounded to multiples of a unit (0: no). */
static look try_look(const double *weights, int count, double divisor, int digits, double unit,
                     int gap) {
    look l = {.digits = digits, .unit = unit, .cell = 1, .gap = gap};
    char text[32];
    for (int i = 0; i < count; i++) {
        write_cell(&l, weights[i] * divisor, text);
        const int length = (int)strlen(text);
        l.cell = length > l.cell ? length : l.cell;
    }
    l.fits = (app_text_columns(stdout) - 4) / (l.cell + gap);
    return l;
}

/* Fewer digits where that shows all columns; then multiples of a power of ten, of which the
 * greatest number has three digits, or two. */
static look choose_look(const double *weights, int width, int height, double divisor, double most) {
    const int count = width * height;
    look l;
    for (int digits = MOST_DIGITS; digits >= LEAST_DIGITS; digits--) {
        l = try_look(weights, count, divisor, digits, 0, 2);
        if (width <= l.fits) {
            return l;
        }
    }
    for (int gap = 2; gap >= 1 && most > 0 && divisor == 1; gap--) {
        for (int digits = 3; digits >= 2; digits--) {
            const double unit = pow(10, floor(log10(most)) - digits + 1);
            l = try_look(weights, count, divisor, MOST_DIGITS, unit, gap);
            if (width <= l.fits || (digits == 2 && gap == 1)) { /* as many as can be */
                return l;
            }
        }
    }
    return try_look(weights, count, divisor, MOST_DIGITS, 0, 2);
}

static void print_notes(const look *l, int width, int first, int columns, double divisor) {
    char text[32];
    if (divisor != 1) {
        printf("  all divided by %s\n", show_number(divisor, text));
    }
    if (l->unit > 0) {
        printf("  all times %s, and rounded (--json has all digits)\n", show_number(l->unit, text));
    }
    if (l->digits < MOST_DIGITS) {
        printf("  (with %d digits; --json has all)\n", l->digits);
    }
    if (columns < width) {
        printf("  (columns %d to %d of 0 to %d are shown; --json shows all)\n", first,
               first + columns - 1, width - 1);
    }
}

void show_matrix(const double *weights, int width, int height, double divisor) {
    char text[32];
    const bool color = app_color(stdout);
    double most = 0;
    for (int i = 0; i < width * height; i++) {
        most = fmax(most, fabs(weights[i]));
    }
    const look l = choose_look(weights, width, height, divisor, most);
    const int columns = width <= l.fits ? width : l.fits;
    const int first = (width - columns) / 2; /* the middle is what matters */
    for (int y = 0; y < height; y++) {
        fputs(columns < width ? " …" : "", stdout);
        for (int x = first; x < first + columns; x++) {
            const double weight = weights[y * width + x];
            write_cell(&l, weight * divisor, text);
            if (color) {
                print_colored(&l, weight, most, text);
            } else {
                printf("%*s", l.gap + l.cell, text);
            }
        }
        puts(columns < width ? " …" : "");
    }
    print_notes(&l, width, first, columns, divisor);
}
