#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"

static bool reserve(ct_text *text, size_t more) {
    size_t need;
    if (!ct_add(text->length, more, &need) || !ct_add(need, 1, &need)) {
        return false;
    }
    if (need <= text->capacity) {
        return true;
    }
    size_t capacity = text->capacity ? text->capacity : 64;
    while (capacity < need) {
        if (!ct_mul(capacity, 2, &capacity)) {
            return false;
        }
    }
    char *bytes = realloc(text->bytes, capacity);
    if (!bytes) {
        return false;
    }
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

bool ct_text_add(ct_text *text, const void *bytes, size_t length) {
    if (!reserve(text, length)) {
        return false;
    }
    if (length) {
        memcpy(text->bytes + text->length, bytes, length);
    }
    text->length += length;
    text->bytes[text->length] = '\0';
    return true;
}

bool ct_text_print(ct_text *text, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const size_t room = text->capacity - text->length;
    const int length = vsnprintf(room ? text->bytes + text->length : NULL, room, format, args);
    va_end(args);
    bool ok = length >= 0;
    if (ok && (size_t)length >= room) {
        ok = reserve(text, (size_t)length);
        if (ok) {
            vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        }
    }
    va_end(again);
    if (ok) {
        text->length += (size_t)length;
    } else if (room) {
        text->bytes[text->length] = '\0';
    }
    return ok;
}

void ct_text_free(ct_text *text) {
    free(text->bytes);
    *text = (ct_text){0};
}

ct_counted ct_count(uint64_t count, const char *noun) {
    ct_counted counted;
    snprintf(counted.text, sizeof counted.text, "%llu %s%s", (unsigned long long)count, noun,
             count == 1 ? "" : "s");
    return counted;
}

ct_size ct_size_of(uint64_t bytes) {
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    ct_size size;
    if (bytes < 1024 || (bytes < 10000 && bytes % 1024)) {
        snprintf(size.text, sizeof size.text, "%llu byte%s", (unsigned long long)bytes,
                 bytes == 1 ? "" : "s");
        return size;
    }
    int unit = 0;
    double count = (double)bytes / 1024;
    for (; unit < 5 && count >= 1023.995; unit++) { /* else it would read 1024.00 */
        count /= 1024;
    }
    const bool whole = bytes % (UINT64_C(1) << 10 * (unit + 1)) == 0;
    snprintf(size.text, sizeof size.text, "%.*f %s", whole ? 0 : 2, count, units[unit]);
    return size;
}

const char *ct_extension(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot > name ? dot + 1 : NULL;
}

bool ct_is_html(const char *path) {
    const char *extension = ct_extension(path);
    return extension && (strcmp(extension, "html") == 0 || strcmp(extension, "htm") == 0);
}

const char *ct_listed_name_at(const void *names, size_t i) {
    return ((const char *const *)names)[i];
}

/* The edit distance with swaps of neighbours ("optimal string alignment"), by dynamic programming
 * over three rows. */
enum { LONGEST_NAME = 63 };

static size_t smallest(size_t a, size_t b, size_t c) {
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

static size_t distance(const char *a, size_t m, const char *b, size_t n) {
    size_t rows[3][LONGEST_NAME + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= n; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= m; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            const size_t change = a[i - 1] != b[j - 1];
            now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < now[j]) {
                now[j] = before[j - 2] + 1;
            }
        }
        size_t *const spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[n];
}

const char *ct_nearest(const char *typed, ct_name_at *name_at, const void *names) {
    const size_t length = strlen(typed);
    const size_t most = length < 3 ? 1 : (length + 2) / 3;
    const char *nearest = NULL;
    size_t best = most + 1;
    if (length == 0 || length > LONGEST_NAME) {
        return NULL;
    }
    /* Names are lower case; capitals don't count as mistakes. */
    char text[LONGEST_NAME + 1];
    for (size_t i = 0; i <= length; i++) {
        text[i] = (char)(typed[i] >= 'A' && typed[i] <= 'Z' ? typed[i] - 'A' + 'a' : typed[i]);
    }
    for (size_t i = 0; name_at(names, i); i++) {
        const char *name = name_at(names, i);
        const size_t n = strlen(name);
        const size_t d = n <= LONGEST_NAME ? distance(text, length, name, n) : best;
        if (d < best) {
            best = d;
            nearest = name;
        }
    }
    /* A name that begins with the text (gauss, gaussian) is nearer than one two edits away. */
    for (size_t i = 0; best > 1 && length >= 3 && name_at(names, i); i++) {
        if (strncmp(name_at(names, i), text, length) == 0) {
            return name_at(names, i);
        }
    }
    return nearest;
}
