/* Completion of the last of some words of a command line. The shells' scripts, in this folder, call
 * `convtool completion words` and pass on what it prints: see candidates.h. */
#ifndef CT_APP_COMPLETE_WORDS_H
#define CT_APP_COMPLETE_WORDS_H

#include "app/call/command.h"

/* `words` follow the program's name; the last one is being typed. */
void complete_words(const app_commands *commands, char **words, int count);

#endif
