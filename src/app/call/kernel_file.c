#include "app/call/kernel_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static filter_found read_open(FILE *file, size_t most, char **bytes, size_t *size, ct_error *err) {
    struct stat info;
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        ct_fail(err, "is a directory; expected a kernel file");
        return FILTER_UNREADABLE;
    }
    char *text = malloc(most);
    if (!text) {
        ct_fail(err, "out of memory");
        return FILTER_UNREADABLE;
    }
    *size = fread(text, 1, most, file);
    if (ferror(file)) {
        ct_fail(err, "can't read: %s", strerror(errno));
        free(text);
        return FILTER_UNREADABLE;
    }
    *bytes = text;
    return FILTER_FOUND;
}

static filter_found read_file(void *unused, const char *path, size_t most, char **bytes,
                              size_t *size, ct_error *err) {
    (void)unused;
    struct stat info;
    if (stat(path, &info) != 0) {
        return FILTER_MISSING;
    }
    FILE *file = fopen(path, "rbe");
    if (!file) {
        ct_fail(err, "can't open: %s", strerror(errno));
        return FILTER_UNREADABLE;
    }
    const filter_found found = read_open(file, most, bytes, size, err);
    fclose(file); /* it was only read */
    return found;
}

const filter_loader app_kernel_files = {.read = read_file};
