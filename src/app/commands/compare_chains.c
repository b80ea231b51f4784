#include "app/commands/compare_chains.h"

#include <stdlib.h>
#include <string.h>

#include "app/call/parse.h"
#include "app/run/network.h"

static bool append(compare_chains *chains, const app_call *call, const char *text, ct_error *err) {
    if (chains->count == COMPARE_MOST_CHAINS) {
        return ct_fail(err, "more than %d chains", COMPARE_MOST_CHAINS);
    }
    compare_chain *list = realloc(chains->list, (size_t)(chains->count + 1) * sizeof *chains->list);
    if (!list) {
        return ct_fail(err, "out of memory");
    }
    chains->list = list;
    compare_chain *chain = &list[chains->count];
    *chain = (compare_chain){.text = strdup(text)};
    if (!chain->text) {
        return ct_fail(err, "out of memory");
    }
    chains->count++;
    chain->chain = app_call_chain(call, text, err);
    return chain->chain && app_network_open(call, chain->chain, &chain->network, err);
}

bool compare_chains_add(compare_chains *chains, const app_call *call, const char *text,
                        ct_error *err) {
    const char *open = strchr(text, '{');
    const char *close = strchr(text, '}');
    if (!open && !close) {
        return append(chains, call, text, err);
    }
    if (!open || !close || close < open) {
        return ct_fail(err, "%s: a '%c' without a '%c'; values are listed as in stride={1,2,4}",
                       text, open ? '{' : '}', open ? '}' : '{');
    }
    bool ok = true;
    for (const char *value = open + 1; ok && value <= close;) {
        const size_t length = strcspn(value, ",}");
        ct_text one = {0};
        ok = (ct_text_add(&one, text, (size_t)(open - text)) && ct_text_add(&one, value, length) &&
              ct_text_print(&one, "%s", close + 1))
                 ? compare_chains_add(chains, call, one.bytes, err)
                 : ct_fail(err, "out of memory");
        ct_text_free(&one);
        value += length + 1;
    }
    return ok;
}

void compare_chains_free(compare_chains *chains) {
    for (int i = 0; i < chains->count; i++) {
        free(chains->list[i].text);
        app_network_free(chains->list[i].network);
        if (chains->list[i].chain) {
            filter_chain_free(chains->list[i].chain);
        }
    }
    free(chains->list);
    *chains = (compare_chains){0};
}
