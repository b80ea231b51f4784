#include "filter/kernel_hint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* 9, 16, 25, ...: as many cells as square kernels have. */
static bool is_square(int cells) {
    int side = 3;
    while (side * side < cells) {
        side++;
    }
    return side * side == cells;
}

static bool is_csv(const char *name) {
    const size_t length = strlen(name);
    return length >= 4 && strcasecmp(name + length - 4, ".csv") == 0;
}

void kernel_hint(filter_kernel *kernel, const char *origin, const kernel_layout *layout) {
    const int width = kernel->width, height = kernel->height;
    const bool square = is_square(width * height);
    if (height == 1 && square && layout->commas) { /* 0 -1 0, -1 5 -1, 0 -1 0 */
        snprintf(kernel->warning, sizeof kernel->warning,
                 "%d numbers in one row; rows end with ';' or a new line, not with a comma", width);
    } else if (layout->split > 0 &&
               (is_csv(origin) || (width == 1 && square && layout->lines > 1))) {
        /* 1;2;1 as a spreadsheet writes it where the comma is the decimal point */
        snprintf(kernel->warning, sizeof kernel->warning,
                 "';' ends a row, so the kernel is %dx%d; separate numbers with ','", width,
                 height);
    }
}

bool kernel_fail_setting(const char *word, size_t length, ct_error *err) {
    static const char *const settings[] = {"anchor", "divide", NULL};
    char typed[41], meant[40] = "";
    snprintf(typed, sizeof typed, "%.*s", (int)(length < sizeof typed ? length : 40), word);
    const char *near = ct_nearest(typed, ct_listed_name_at, settings);
    if (near) {
        snprintf(meant, sizeof meant, "; did you mean '%s'?", near);
    }
    return ct_fail(err, "'%s' isn't a number; expected numbers, 'anchor X,Y' or 'divide N'%s",
                   typed, meant);
}
