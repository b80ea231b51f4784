#include "app/complete/candidates.h"

#include <stdio.h>
#include <string.h>

void candidates_begin(candidate_word word, candidate_files files) {
    static const char *const names[] = {"none", "file", "image", "model"};
    printf("%s\n%.*s\n", names[files], (int)word.fixed, word.text);
}

void candidate_offer(candidate_word word, const char *candidate, const char *meaning) {
    const char *typed = word.text + word.fixed;
    const size_t length = strlen(candidate);
    if (length == 0 || strncmp(candidate, typed, strlen(typed)) != 0) {
        return;
    }
    const bool open = word.open || strchr(":=", candidate[length - 1]);
    printf("%s%s\t%s\n", candidate, open ? "" : " ", meaning ? meaning : "");
}

static void offer_padding(candidate_word word, const filter_entry *padding) {
    char name[64], meaning[128];
    snprintf(name, sizeof name, "%s%s", padding->name, padding->takes_value ? "=" : "");
    snprintf(meaning, sizeof meaning, "%s  %s", padding->pattern, padding->summary);
    candidate_offer(word, name, meaning);
    for (size_t i = 0; word.text[word.fixed] && padding->aliases[i]; i++) {
        candidate_offer(word, padding->aliases[i], meaning);
    }
}

void candidates_offer_list(candidate_word word, filter_list list) {
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(list, i, &entry); i++) {
        if (list == FILTER_PADDINGS) {
            offer_padding(word, &entry);
        } else {
            candidate_offer(word, entry.name, entry.summary);
        }
    }
}
