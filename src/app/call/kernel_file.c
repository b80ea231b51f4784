#include "app/call/kernel_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "codec/array.h"

enum { FIRST_ROOM = 1 << 16 };

static filter_found read_open(FILE *file, size_t most, char **bytes, size_t *size, ct_error *err) {
    struct stat info;
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        ct_fail(err, "is a directory; expected a kernel file");
        return FILTER_UNREADABLE;
    }
    char *text = NULL;
    size_t room = 0;
    for (*size = 0; *size == room && room < most;
         *size += fread(text + *size, 1, room - *size, file)) {
        const size_t wanted = room ? 2 * room : FIRST_ROOM;
        room = wanted < most ? wanted : most;
        char *grown = realloc(text, room);
        if (!grown) {
            free(text);
            ct_fail(err, "out of memory");
            return FILTER_UNREADABLE;
        }
        text = grown;
    }
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

_Static_assert((int)FILTER_DIMENSIONS == (int)CODEC_ARRAY_DIMENSIONS, "the arrays are alike");

static filter_found read_array(void *unused, const char *bytes, size_t size, size_t most,
                               filter_array *out, ct_error *err) {
    (void)unused;
    codec_array array;
    if (!codec_is_array(bytes, size)) {
        return FILTER_MISSING;
    }
    if (!codec_array_read(bytes, size, most, &array, err)) {
        return FILTER_UNREADABLE;
    }
    *out = (filter_array){.dimensions = array.dimensions, .numbers = array.numbers};
    memcpy(out->side, array.side, sizeof out->side);
    return FILTER_FOUND;
}

const filter_loader app_kernel_files = {.read = read_file, .array = read_array};
