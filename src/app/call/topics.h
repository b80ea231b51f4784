/* Words that help explains and that no table has. */
#ifndef CT_APP_CALL_TOPICS_H
#define CT_APP_CALL_TOPICS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct app_topic {
    const char *word;
    const char *summary; /* for the completions; NULL: another word for the same is offered */
    const char *option;  /* whose page comes first; NULL: none */
    void (*print)(void); /* the rest of the page; NULL: none */
} app_topic;

/* The i-th topic; NULL past the last. */
const app_topic *app_topic_at(size_t i);

/* The topic of that word; NULL where there is none. */
const app_topic *app_topic_find(const char *word);

/* What a chain is, for the help's first page too. */
extern const char app_chain_text[];

/* How a kernel is written, sentences, one per line; the man page has the same. */
extern const char app_kernel_text[];

/* The same for the file of a bank. */
extern const char app_bank_text[];

#endif
