/* A kernel by name, from a file, or from the numbers themselves. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "filter/kernel.h"
#include "filter/kernels.h"

enum { MAX_FILE = 1 << 20 };

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
