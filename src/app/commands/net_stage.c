#include "app/commands/net_stage.h"

#include <string.h>

#include "app/call/parse.h"

bool app_net_chain(const char *model, ct_text *chain) {
    if (strncmp(model, "net:", 4) == 0) {
        return ct_text_print(chain, "%s", model);
    }
    bool ok = ct_text_print(chain, "net:");
    for (const char *at = model; ok && *at; at++) {
        ok = (!strchr(",:\\", *at) || ct_text_add(chain, "\\", 1)) && ct_text_add(chain, at, 1);
    }
    return ok;
}

filter_chain *app_net_stage(const app_call *call, const char *model, filter_network *out,
                            ct_error *err) {
    ct_text text = {0};
    filter_chain *chain = NULL;
    if (!app_net_chain(model, &text)) {
        ct_fail(err, "out of memory");
    } else {
        chain = app_call_chain(call, text.bytes, err);
    }
    if (chain && (filter_chain_length(chain) > 1 || !filter_chain_network(chain, out))) {
        ct_fail(err,
                "net: %s: MODEL is a file, or the one stage net:FILE, unless a picture is filtered",
                model);
        filter_chain_free(chain);
        chain = NULL;
    }
    ct_text_free(&text);
    return chain;
}
