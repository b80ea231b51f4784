/* The chains of `compare`: braces spelled out. */
#ifndef CT_APP_COMMANDS_COMPARE_CHAINS_H
#define CT_APP_COMMANDS_COMPARE_CHAINS_H

#include "app/call/call.h"

typedef struct compare_chain {
    char *text; /* as it would be typed without braces */
    filter_chain *chain;
    app_network *network; /* that it begins with; NULL: none */
} compare_chain;

typedef struct compare_chains {
    compare_chain *list;
    int count;
} compare_chains;

enum { COMPARE_MOST_CHAINS = 1024 };

/* Appends the chains that the text stands for: "sobel:stride={1,2}" is two; several braces
 * multiply, and the last one's values change first. Each chain is checked. */
bool compare_chains_add(compare_chains *chains, const app_call *call, const char *text,
                        ct_error *err);
void compare_chains_free(compare_chains *chains);

#endif
