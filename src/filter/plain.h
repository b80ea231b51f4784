/* Text as a word processor or a web page leaves it, made plain. Internal to src/filter. */
#ifndef CT_FILTER_PLAIN_H
#define CT_FILTER_PLAIN_H

#include <stddef.h>

/* A copy in which a typographic minus (U+2212, and the dashes used for it) is '-', a space of any
 * width is ' ', and a quotation mark at the very beginning or end is ' ' too; all other bytes stay.
 * NUL-terminated; the caller frees it. NULL when out of memory. */
char *plain_text(const char *text, size_t size, size_t *length);

#endif
