/* Growable text, sizes in words, and names that nearly match. */
#ifndef CT_BASE_TEXT_H
#define CT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Growable bytes, NUL-terminated once anything was added. Start from `{0}`. */
typedef struct ct_text {
    char *bytes;
    size_t length, capacity;
} ct_text;

/* Both return false when out of memory, leaving the text unchanged. */
bool ct_text_add(ct_text *text, const void *bytes, size_t length);
bool ct_text_print(ct_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ct_text_free(ct_text *text);

/* A count and its noun. */
typedef struct ct_counted {
    char text[64];
} ct_counted;

/* "1 byte", "2 bytes", "0 bytes": the noun gets an s unless there is one. For messages:
 * `ct_count(size, "byte").text`. */
ct_counted ct_count(uint64_t count, const char *noun);

/* A size as a person would write it. */
typedef struct ct_size {
    char text[32];
} ct_size;

/* In the largest unit it reaches (in bytes below 10000, unless whole KiB): "1 byte", "2500 bytes",
 * "64 KiB", "2.50 GiB". A fraction has two decimals, so that a size just above a limit doesn't read
 * like the limit. For messages: `ct_size_of(limit).text`. */
ct_size ct_size_of(uint64_t bytes);

/* The extension of a file's name, behind its last dot; NULL where there is none, as in
 * "photos.d/.profile". */
const char *ct_extension(const char *path);

/* Whether it has that of a page of HTML. */
bool ct_is_html(const char *path);

/* Names for ct_nearest: returns the i-th name in `names`, NULL past the last. */
typedef const char *ct_name_at(const void *names, size_t i);

/* For `names` that are a NULL-terminated array of strings. */
const char *ct_listed_name_at(const void *names, size_t i);

/* The name that a person most probably meant by `text`: one edit away (a swap of two neighbours
 * counts as one), else one that begins with the text, else the fewest edits, at most about a third
 * of the length; NULL where none is near. */
const char *ct_nearest(const char *text, ct_name_at *name_at, const void *names);

#endif
