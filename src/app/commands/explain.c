/* convtool explain: how one output pixel is computed. */
#include "app/commands/explain.h"

#include <stdlib.h>
#include <unistd.h>

#include "app/call/chain_warnings.h"
#include "app/call/message.h"
#include "app/call/parse.h"
#include "app/commands/explain_json.h"
#include "app/commands/explain_network.h"
#include "app/commands/explain_report.h"
#include "app/commands/explain_steps.h"
#include "app/run/network.h"

/* The pixel that --at names, else the one in the middle. */
static bool choose_point(explain_session *s, const app_call *call, ct_error *err) {
    const conv_shape out = s->image.shapes[s->image.program.count];
    const int x = call->at_given ? call->at_x : (out.width - 1) / 2;
    const int y = call->at_given ? call->at_y : (out.height - 1) / 2;
    return explain_session_point(s, x, y, err);
}

static bool explain(explain_session *s, const app_call *call, ct_error *err) {
    if (call->steps) {
        return explain_steps(s, err);
    }
    if (call->json) {
        return explain_json(s, stdout, err);
    }
    const explain_style style = explain_style_for(stdout);
    return explain_report(s, &style, err);
}

/* With the network that the chain may begin with, which explanations begin behind. */
static int explain_chain(const app_call *call, const filter_chain *chain) {
    explain_session s;
    ct_error err;
    int status = APP_FAILED;
    bool ok = explain_session_open(&s, call, chain, &err);
    if (ok && !choose_point(&s, call, &err)) {
        ok = false;
        status = APP_USAGE;
    }
    ok = ok && explain(&s, call, &err);
    if (!ok) {
        app_say(app_input_name(s.path), "%s", err.text);
    }
    explain_session_close(&s);
    return !ok ? status : s.agrees ? APP_OK : APP_FAILED;
}

int app_explain(const app_call *given, const app_commands *commands) {
    (void)commands;
    ct_error err;
    app_call call = *given;
    app_network *network = NULL;
    if (call.steps && call.json) {
        app_say(NULL, "explain: --steps and --json don't go together");
        return APP_USAGE;
    }
    if (call.steps && !explain_steps_possible(&err)) {
        app_say(NULL, "%s", err.text);
        return APP_USAGE;
    }
    filter_chain *chain = app_call_chain(&call, call.operands[1], &err);
    if (!chain || !app_network_open(&call, chain, &network, &err)) {
        app_say(NULL, "%s", err.text);
        filter_chain_free(chain);
        return APP_USAGE;
    }
    call.network = network;
    if (network && filter_chain_length(chain) == 1) {
        if (call.json || call.steps) {
            app_say(NULL, "explain: %s isn't there for a network's layers",
                    call.json ? "--json" : "--steps");
            app_network_free(network);
            filter_chain_free(chain);
            return APP_USAGE;
        }
        const int explained = app_explain_network(&call, network, call.operands[2]);
        app_network_free(network);
        filter_chain_free(chain);
        return explained;
    }
    app_warn_chain(&call, chain);
    const int status = explain_chain(&call, chain);
    app_network_free(network);
    filter_chain_free(chain);
    return status;
}
