/* A kernel by name, from a file, or from the numbers themselves; and whether it's of rank 1. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "filter/kernels.h"

enum { MAX_FILE = 1 << 20 };

void filter_kernel_free(filter_kernel *kernel) {
    if (kernel) {
        free(kernel->weights);
        free(kernel->row);
        free(kernel->column);
        free(kernel);
    }
}

/* weights = column x row, with the column scaled so that the factors stay whole numbers where they
 * can. The row is that of the largest weight. */
bool filter_kernel_separate(filter_kernel *kernel) {
    const int width = kernel->width, height = kernel->height;
    const double *w = kernel->weights;
    int peak = 0;
    for (int i = 1; i < width * height; i++) {
        peak = fabs(w[i]) > fabs(w[peak]) ? i : peak;
    }
    if (w[peak] == 0 || kernel->row) {
        return kernel->row != NULL;
    }
    const int peak_x = peak % width, peak_y = peak / width;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const double product = w[y * width + peak_x] * w[peak_y * width + x] / w[peak];
            if (fabs(product - w[y * width + x]) > 1e-12 * fabs(w[peak])) {
                return false;
            }
        }
    }
    /* The smallest entry of the peak's row, as the unit: [1 2 1] rather than [0.5 1 0.5]. */
    double unit = fabs(w[peak]);
    for (int x = 0; x < width; x++) {
        const double v = fabs(w[peak_y * width + x]);
        unit = v > 1e-12 * fabs(w[peak]) && v < unit ? v : unit;
    }
    kernel->row = malloc((size_t)width * sizeof *kernel->row);
    kernel->column = malloc((size_t)height * sizeof *kernel->column);
    if (!kernel->row || !kernel->column) {
        free(kernel->row);
        free(kernel->column);
        kernel->row = kernel->column = NULL;
        return false;
    }
    for (int x = 0; x < width; x++) {
        kernel->row[x] = w[peak_y * width + x] / unit;
    }
    for (int y = 0; y < height; y++) {
        kernel->column[y] = w[y * width + peak_x] * unit / w[peak];
    }
    return true;
}

static filter_kernel *from_catalogue(const named_kernel *named, ct_error *err) {
    filter_kernel *kernel = filter_kernel_new(named->name, named->width, named->height);
    if (!kernel) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    strncpy(kernel->summary, named->summary, sizeof kernel->summary - 1);
    kernel->divisor = named->divisor;
    for (int i = 0; i < named->width * named->height; i++) {
        kernel->weights[i] = named->numbers[i] / named->divisor;
    }
    return kernel;
}

static filter_kernel *from_file(const char *path, ct_error *err) {
    filter_kernel *kernel = NULL;
    char *text = NULL;
    struct stat info;
    FILE *file = fopen(path, "rbe");
    if (!file) {
        ct_fail(err, "%s: cannot open: %s", path, strerror(errno));
        return NULL;
    }
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        ct_fail(err, "%s: is a directory, expected a kernel file", path);
    } else if (!(text = malloc(MAX_FILE + 1))) {
        ct_fail(err, "out of memory");
    } else {
        const size_t size = fread(text, 1, MAX_FILE + 1, file);
        if (ferror(file)) {
            ct_fail(err, "%s: cannot read: %s", path, strerror(errno));
        } else if (size > MAX_FILE) {
            ct_fail(err, "%s: larger than 1 MiB; a kernel file holds at most 255x255 numbers",
                    path);
        } else {
            kernel = filter_kernel_parse(path, text, size, err);
        }
    }
    free(text);
    fclose(file); /* it was only read */
    return kernel;
}

static const char *kernel_name_at(const void *unused, size_t i) {
    (void)unused;
    const named_kernel *named = named_kernel_at(i);
    return named ? named->name : NULL;
}

/* Letters other than those of settings and exponents: a name, not numbers. */
static bool looks_like_numbers(const char *spec) {
    return spec[strspn(spec, "0123456789+-./eE,; \t\r\n#")] == '\0' || strpbrk(spec, ";\n ");
}

filter_kernel *filter_kernel_load(const char *spec, ct_error *err) {
    const named_kernel *named = named_kernel_find(spec);
    struct stat info;
    filter_kernel *kernel = NULL;
    if (named) {
        kernel = from_catalogue(named, err);
    } else if (spec[0] && stat(spec, &info) == 0) {
        kernel = from_file(spec, err);
    } else if (looks_like_numbers(spec)) {
        kernel = filter_kernel_parse("kernel", spec, strlen(spec), err);
    } else {
        const char *near = ct_nearest(spec, kernel_name_at, NULL);
        if (near) {
            ct_fail(err, "unknown kernel '%s', and no such file; did you mean '%s'?", spec, near);
        } else {
            ct_fail(err, "unknown kernel '%s', and no such file; see 'convtool list kernels'",
                    spec);
        }
    }
    if (kernel) {
        filter_kernel_separate(kernel);
    }
    return kernel;
}
