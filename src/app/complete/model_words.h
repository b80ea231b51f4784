/* Names that a network has. */
#ifndef CT_APP_COMPLETE_MODEL_WORDS_H
#define CT_APP_COMPLETE_MODEL_WORDS_H

#include "app/complete/candidates.h"

/* The values that the model at `path` computes, and its inputs; `tail` goes behind each, as "=".
 * Nothing where it can't be read. Names that a shell or a chain would have to quote are left out.
 */
void complete_values(candidate_word word, const char *path, const char *tail);

/* Its inputs alone. */
void complete_inputs(candidate_word word, const char *path, const char *tail);

/* The file in a word that is a model, or the stage net with one: a copy, without backslashes, that
 * the caller frees; NULL: there is none. */
char *complete_model_of(const char *word);

#endif
