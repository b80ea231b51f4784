#include "app/commands/net_pictures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/call/model_file.h"
#include "app/call/options.h"
#include "app/call/parse.h"
#include "app/commands/net_classes.h"
#include "app/commands/net_stage.h"
#include "app/commands/net_tensors.h"
#include "app/run/batch.h"
#include "app/run/descriptor.h"
#include "app/run/network.h"
#include "app/run/source.h"
#include "app/run/warnings.h"

bool app_net_names_pictures(const app_call *call) {
    size_t name;
    return call->operand_count > 2 && !app_net_is_named(call->operands[2], &name);
}

/* ---- filtered ---- */

static int filter_pictures(const app_call *call, char *chain, const app_commands *commands) {
    char **operands = malloc(((size_t)call->operand_count + 1) * sizeof *operands);
    if (!operands) {
        app_say(NULL, "out of memory");
        return APP_FAILED;
    }
    memcpy(operands, call->operands + 1, (size_t)call->operand_count * sizeof *operands);
    operands[0] = chain;
    app_call own = *call;
    own.operands = operands;
    own.operand_count = call->operand_count - 1;
    const int status = app_batch_run(&own, commands);
    free(operands);
    return status;
}

/* ---- what they show ---- */

/* What the network makes, as one row of numbers for each answer. */
static bool read_numbers(codec_reader *reader, net_tensor *out, ct_error *err) {
    const codec_info *info = codec_reader_info(reader);
    const size_t width = (size_t)info->width * (size_t)info->channels;
    const bool row = info->channels == 1, pixel = info->width == 1 && info->height == 1;
    *out = (net_tensor){.type = NET_FLOAT,
                        .shape = {.rank = 2, .size = {info->height, (int64_t)width}}};
    if (!row && !pixel) {
        return ct_fail(err,
                       "what the network makes of it are maps of %dx%d, not classes; out=NAME "
                       "takes another value",
                       info->width, info->height);
    }
    float *numbers = malloc((size_t)info->height * width * sizeof *numbers);
    bool ok = numbers || ct_fail(err, "out of memory");
    for (int y = 0; ok && y < info->height; y++) {
        ok = codec_read_row(reader, numbers + (size_t)y * width, err);
    }
    out->data = numbers;
    return ok;
}

static bool tell(const app_call *call, const app_net_labels *labels, const char *path,
                 app_hand *hand, ct_error *err) {
    const app_source_of of = {.path = path,
                              .fd = app_descriptor(path, STDIN_FILENO),
                              .hand = hand,
                              .only = true,
                              .tells = call->talk == APP_VERBOSE};
    app_source source;
    net_tensor numbers = {.data = NULL};
    bool ok = app_source_open(&source, &of, call, err);
    if (ok) {
        app_say_lines(app_input_name(path), source.said.bytes);
        ok = read_numbers(source.reader, &numbers, err) &&
             app_net_classes(call, labels, path, app_network_output(call->network), &numbers, err);
    }
    if (ok && source.net_trace) {
        ok = app_net_trace_put(source.net_trace, call->json ? "input" : NULL, path, err);
    }
    if (ok && call->talk != APP_QUIET) {
        codec_warnings warnings = {0};
        app_warnings_gather(call, source.reader, NULL, &warnings);
        app_warnings_say(path, &warnings);
    }
    free(numbers.data);
    app_source_close(&source);
    return ok;
}

static int tell_pictures(const app_call *call, const char *text) {
    ct_error err;
    app_call own = *call;
    app_network *network = NULL;
    app_net_labels labels = {.count = 0};
    int status = APP_USAGE;
    filter_chain *chain = app_call_chain(call, text, &err);
    if (chain && filter_chain_length(chain) > 1) {
        ct_fail(&err, "%s: --labels and --top are for what the network itself makes", text);
    } else if (chain && app_net_labels_read(&labels, call, &err) &&
               app_network_open(call, chain, &network, &err)) {
        app_hand hand = app_hand_new();
        own.network = network;
        status = APP_OK;
        for (int i = 2; i < call->operand_count; i++) {
            if (!tell(&own, &labels, call->operands[i], &hand, &err)) {
                app_say(app_input_name(call->operands[i]), "%s", err.text);
                status = APP_FAILED;
            }
        }
        app_hand_free(&hand);
    }
    if (status == APP_USAGE) {
        app_say(NULL, "%s", err.text);
    }
    app_network_free(network);
    app_net_labels_free(&labels);
    filter_chain_free(chain);
    return status;
}

/* There is one operand behind the model, unless what is missing is the model. */
static bool fail_few(const app_call *call, ct_error *err) {
    const char *picture = call->operands[2];
    filter_network stage;
    filter_chain *chain = app_net_stage(call, call->operands[1], &stage, err);
    net_model *model = chain ? app_net_load(stage.model, call, err) : NULL;
    if (model) {
        const net_graph *graph = net_model_graph(model);
        ct_fail(err,
                "net: no OUTPUT after %s; or --top 5 prints the best classes, and %s=%s all "
                "numbers",
                picture, graph->input_count > 0 ? graph->values[graph->inputs[0]].name : "NAME",
                picture);
    } else if (chain) {
        ct_fail_at(err, "%s: ", app_input_name(stage.model));
    }
    net_free(model);
    filter_chain_free(chain);
    return false;
}

/* What one operand can't be, before anything is opened. */
static bool check(const app_call *call, ct_error *err) {
    const int pictures = call->operand_count - 2;
    if (app_net_wants_classes(call)) {
        return app_options_check(call, APP_FOR_NET | APP_FOR_EXPLAIN, "--labels and --top", err) &&
               (call->output_count == 0 ||
                ct_fail(err, "--output: --labels and --top print classes; leave it out"));
    }
    if (!app_options_check(call, APP_FOR_FILTER, "net with pictures", err)) {
        return false;
    }
    return pictures != 1 || call->output || call->showing || call->in_place || call->files_from ||
           fail_few(call, err);
}

int app_net_pictures(const app_call *call, const app_commands *commands) {
    ct_error err;
    ct_text chain = {0};
    int status = APP_USAGE;
    if (!check(call, &err)) {
        app_say(NULL, "%s", err.text);
    } else if (!app_net_chain(call->operands[1], &chain)) {
        app_say(NULL, "out of memory");
        status = APP_FAILED;
    } else {
        status = app_net_wants_classes(call) ? tell_pictures(call, chain.bytes)
                                             : filter_pictures(call, chain.bytes, commands);
    }
    ct_text_free(&chain);
    return status;
}
