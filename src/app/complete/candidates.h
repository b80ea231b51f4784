/* What `completion words` prints for the scripts of the shells:
 *
 *   none | file | image | model
 *                           which files fit, besides the words
 *   PREFIX                  what the word begins with whatever is chosen ("gray,sobel:")
 *   WORD<tab>meaning        what may follow the prefix, one per line; WORD ends in a blank if the
 *   ...                     word is then complete, so that the shell may put one there */
#ifndef CT_APP_COMPLETE_CANDIDATES_H
#define CT_APP_COMPLETE_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "filter/filter.h"

typedef enum candidate_files { FILES_NONE, FILES_ANY, FILES_IMAGES, FILES_MODELS } candidate_files;

/* A word being typed, and how much of it stays. */
typedef struct candidate_word {
    const char *text;
    size_t fixed;
    bool open; /* more can follow whatever is chosen: a chain */
} candidate_word;

/* Prints the first two lines; once for each word. */
void candidates_begin(candidate_word word, candidate_files files);

/* Prints a candidate, if it begins with what is typed after the prefix. One that ends in ':' or '='
 * is never complete. `meaning` may be NULL. */
void candidate_offer(candidate_word word, const char *candidate, const char *meaning);

/* The entries of a list; the other names of paddings once something is typed. */
void candidates_offer_list(candidate_word word, filter_list list);

#endif
