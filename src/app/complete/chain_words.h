/* Completion within a chain. */
#ifndef CT_APP_COMPLETE_CHAIN_WORDS_H
#define CT_APP_COMPLETE_CHAIN_WORDS_H

#include "app/complete/candidates.h"

/* Prints the candidates for the end of a chain: stages at its start and after a comma, arguments
 * and their values after a colon, values after an equals sign. */
void complete_chain(const char *text);

/* Whether the text is beyond the first stage's name. */
bool complete_is_chain(const char *text);

#endif
