#include "app/commands/shape.h"

#include <stdio.h>
#include <string.h>

#include "app/call/chain_warnings.h"
#include "app/call/json.h"
#include "app/call/message.h"
#include "app/call/parse.h"
#include "app/run/network.h"
#include "app/run/trace.h"
#include "base/number.h"

/* Reads a number up to the next x; *text is then behind that, or NULL. */
static bool read_side(const char **text, long most, int *side) {
    const char *end = *text ? strchr(*text, 'x') : NULL;
    long number;
    if (!*text ||
        !ct_parse_int(*text, end ? (size_t)(end - *text) : strlen(*text), 1, most, &number)) {
        return false;
    }
    *side = (int)number;
    *text = end ? end + 1 : NULL;
    return true;
}

/* WxH, WxHxC, either with +alpha. */
static bool read_shape(const char *text, filter_image *image, ct_error *err) {
    char sizes[64];
    const char *plus = strchr(text, '+'), *at = sizes;
    const size_t length = plus ? (size_t)(plus - text) : strlen(text);
    snprintf(sizes, sizeof sizes, "%.*s", length < sizeof sizes ? (int)length : 0, text);
    image->channels = 3;
    bool ok = (!plus || strcmp(plus, "+alpha") == 0) &&
              read_side(&at, CONV_MAX_SIDE, &image->width) &&
              read_side(&at, CONV_MAX_SIDE, &image->height) &&
              (!at || read_side(&at, CONV_MAX_CHANNELS - (plus != NULL), &image->channels)) && !at;
    image->alpha = plus != NULL;
    image->channels += image->alpha;
    return ok || ct_fail(err,
                         "shape: expected WxH or WxHxC, the image's width, height and channels, as "
                         "in 224x224x3 or 224x224x3+alpha, at most %d a side and %d channels, got "
                         "'%s'",
                         CONV_MAX_SIDE, CONV_MAX_CHANNELS, text);
}

static void print_json(const filter_chain *chain, const app_trace *trace) {
    ct_text text = {0};
    fputs("{\"chain\":", stdout);
    app_json_string(stdout, filter_chain_text(chain, &text) ? text.bytes : NULL);
    ct_text_free(&text);
    printf(",\"input\":[%d,%d,%d],\"stages\":", trace->in.width, trace->in.height,
           trace->in.channels);
    app_trace_json(trace);
    fputs("}\n", stdout);
}

static bool print(const app_call *call, const filter_chain *chain, const filter_image *image,
                  const filter_program *program, ct_error *err) {
    const conv_type type = call->depth == 16 ? CONV_U16 : CONV_U8;
    app_trace *trace = app_trace_new(chain, program, image, type, err);
    bool ok = trace != NULL;
    if (ok && call->json) {
        print_json(chain, trace);
    } else if (ok) {
        ct_text tables = {0};
        ok = app_trace_tables(trace, &tables) || ct_fail(err, "out of memory");
        fputs(ok ? tables.bytes : "", stdout);
        ct_text_free(&tables);
    }
    app_trace_free(trace);
    return ok;
}

/* The image that the chain's network makes of such a one. */
static bool through_network(const app_call *call, const filter_chain *chain, filter_image *image,
                            bool *loaded, ct_error *err) {
    app_network *network;
    codec_info info = {.width = image->width,
                       .height = image->height,
                       .channels = image->channels,
                       .alpha = image->alpha,
                       .sample = call->depth == 16 ? CODEC_U16 : CODEC_U8};
    *loaded = app_network_open(call, chain, &network, err);
    if (!*loaded || !network) {
        return *loaded;
    }
    const bool ok = app_network_makes(network, &info, call, &info, err);
    app_network_free(network);
    if (ok) {
        *image = (filter_image){.width = info.width,
                                .height = info.height,
                                .channels = info.channels,
                                .white = codec_info_white(&info),
                                .out_white = codec_info_white(&info),
                                .real = true};
    }
    return ok;
}

int app_shape(const app_call *call, const app_commands *commands) {
    (void)commands;
    ct_error err;
    filter_image image = {.white = call->depth == 16 ? 65535 : 255};
    image.out_white = image.white;
    filter_program program = {0};
    filter_chain *chain = app_call_chain(call, call->operands[1], &err);
    if (!chain || !read_shape(call->operands[2], &image, &err)) {
        app_say(NULL, "%s", err.text);
        filter_chain_free(chain);
        return APP_USAGE;
    }
    app_warn_chain(call, chain);
    int status = APP_USAGE;
    bool loaded;
    bool ok = through_network(call, chain, &image, &loaded, &err) &&
              filter_lower(chain, &call->settings, &image, &program, &err);
    if (ok) {
        ok = print(call, chain, &image, &program, &err);
        status = ok ? APP_OK : APP_FAILED;
    }
    if (!ok) {
        app_say(loaded ? call->operands[2] : NULL, "%s", err.text);
    }
    filter_program_free(&program);
    filter_chain_free(chain);
    return status;
}
