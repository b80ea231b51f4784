#include "app/call/chain_warnings.h"

#include <string.h>

#include "app/call/message.h"

/* An option without effect was meant to have one. */
static void warn_unused(const char *option) {
    const bool kernel = strcmp(option, "kernel") == 0;
    app_warn(NULL, "--%s: has no effect here; it is only for %s", option,
             kernel ? "'conv' without a kernel of its own"
                    : "convolution stages (pooling has its own: maxpool:SIZE:STRIDE:PADDING)");
}

void app_warn_chain(const app_call *call, const filter_chain *chain) {
    const char *unused = filter_chain_unused(chain);
    if (call->talk == APP_QUIET) {
        return;
    }
    if (unused) {
        warn_unused(unused);
    }
    for (size_t i = 0; i < filter_chain_length(chain); i++) {
        const char *warning = filter_chain_warning(chain, i);
        if (warning) {
            app_warn(filter_chain_stage_text(chain, i), "%s", warning);
        }
    }
}
