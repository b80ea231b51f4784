/* What the page calls. Each function returns 1, or 0 after a failure; what it has to say is on
 * standard output, which the page reads: JSON, or the error's text. Nothing here computes. */
#include <stdio.h>
#include <string.h>

#include "app/call/call.h"
#include "app/call/json.h"
#include "app/commands/list.h"
#include "app/run/trace.h"
#include "lesson/kernels.h"
#include "lesson/network.h"
#include "lesson/print.h"
#include "lesson/session.h"
#include "lesson/window.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

enum { TEXT_ROOM = 1 << 16 };

static lesson_session session;
static char text_room[TEXT_ROOM];

/* Ends a call. */
static int finish(bool ok, const ct_error *err) {
    if (!ok) {
        printf("\f%s", err->text); /* whatever stands before it isn't an answer */
    }
    fflush(stdout);
    return ok;
}

/* Where the page puts the text that a call takes, with a NUL behind it. */
char *EXPORT(lesson_text)(void) {
    return text_room;
}

int EXPORT(lesson_text_room)(void) {
    return TEXT_ROOM;
}

/* Where the page puts an image's samples; NULL: out of memory. */
void *EXPORT(lesson_pixels)(size_t bytes) {
    return lesson_room(&session, bytes);
}

/* The image whose samples are there: floats or bytes. */
int EXPORT(lesson_image)(int width, int height, int channels, int alpha, int floats, double white) {
    ct_error err;
    const codec_info info = {.width = width,
                             .height = height,
                             .channels = channels,
                             .alpha = alpha != 0,
                             .sample = floats ? CODEC_F32 : CODEC_U8,
                             .white = white,
                             .meta = {.srgb_intent = -1}};
    return finish(lesson_take_image(&session, &info, &err), &err);
}

static void print_warnings(void) {
    for (size_t i = 0; i < filter_chain_length(session.chain); i++) {
        const char *warning = filter_chain_warning(session.chain, i);
        if (warning) {
            lesson_print_text("warning", warning);
        }
    }
}

/* For each engine stage: what it does, and which of the chain's stages it comes from (-1: it was
 * inserted). */
static void print_engine_stages(void) {
    fputs(",\"engine\":[", stdout);
    for (int i = 0; i < session.program.count; i++) {
        const conv_stage *stage = &session.program.stages[i];
        printf("%s{\"origin\":%d,\"windowed\":%d,\"kernels\":%d", i ? "," : "",
               session.program.origin[i], conv_stage_has_window(stage), stage->kernels);
        const int origin = session.program.origin[i];
        lesson_print_text("rule", lesson_rule(stage));
        lesson_print_text("text", origin < 0
                                      ? lesson_rule(stage)
                                      : filter_chain_stage_text(session.chain, (size_t)origin));
        lesson_print_pair("stride", stage->window.stride_x, stage->window.stride_y);
        lesson_print_pair("anchor", stage->window.anchor_x, stage->window.anchor_y);
        const conv_shape in = session.shapes[i], out = session.shapes[i + 1];
        const double shapes[] = {in.width, in.height, in.channels};
        const double after[] = {out.width, out.height, out.channels};
        lesson_print_numbers("in", shapes, 3);
        lesson_print_numbers("out", after, 3);
        putchar('}');
    }
    putchar(']');
}

static bool print_chain(ct_error *err) {
    const filter_image image = {.width = session.info.width,
                                .height = session.info.height,
                                .channels = session.info.channels,
                                .alpha = session.info.alpha};
    app_trace *trace = app_trace_new(session.chain, &session.program, &image,
                                     flow_type_of(session.info.sample), err);
    if (!trace) {
        return false;
    }
    const conv_shape out = session.program.out;
    printf("{\"width\":%d,\"height\":%d,\"channels\":%d,\"alpha\":%d", out.width, out.height,
           out.channels, session.program.out_alpha);
    print_warnings();
    print_engine_stages();
    if (session.program.names) {
        fputs(",\"names\":[", stdout);
        for (int c = 0; c < out.channels; c++) {
            putchar(c ? ',' : ' ');
            app_json_string(stdout, session.program.names[c]);
        }
        putchar(']');
    }
    fputs(",\"trace\":", stdout);
    app_trace_json(trace);
    putchar('}');
    app_trace_free(trace);
    return true;
}

/* Takes the chain and options in the text, see lesson_take_chain, and prints its stages. */
int EXPORT(lesson_chain)(void) {
    ct_error err;
    return finish(lesson_take_chain(&session, text_room, &err) && print_chain(&err), &err);
}

/* Runs it; `keep` as in lesson_run_chain. Prints the result's range, and what was clamped. */
int EXPORT(lesson_run)(int keep) {
    ct_error err;
    const bool ok = lesson_run_chain(&session, keep != 0, &err);
    if (ok) {
        const conv_stats *stats = &session.report.stats;
        printf("{\"samples\":%.0f", (double)stats->samples);
        lesson_print_number("negative", (double)stats->negative);
        lesson_print_number("above", (double)stats->above);
        lesson_print_number("min", (double)stats->min);
        lesson_print_number("max", (double)stats->max);
        lesson_print_text("paths", session.report.paths);
        putchar('}');
    }
    return finish(ok, &err);
}

/* The result's samples, as the image's; NULL before a run. */
const void *EXPORT(lesson_result)(void) {
    return session.result;
}

/* The image after `count` of the engine's stages, as floats; NULL where it wasn't kept. */
const float *EXPORT(lesson_values)(int count) {
    return session.values && count >= 0 && count <= session.program.count ? session.values[count]
                                                                          : NULL;
}

int EXPORT(lesson_explained)(int stage, int x, int y, int channel) {
    ct_error err;
    return finish(lesson_explain(&session, stage, x, y, channel, &err), &err);
}

/* The kernel that the text names or spells out. */
int EXPORT(lesson_kernel)(void) {
    ct_error err;
    return finish(lesson_print_kernel(text_room, &err), &err);
}

int EXPORT(lesson_stage_kernel)(int stage, int k) {
    ct_error err;
    return finish(lesson_print_stage_kernel(&session, stage, k, &err), &err);
}

/* The model of `size` bytes that stands where an image's samples do; the text: see
 * lesson_load_network. */
int EXPORT(lesson_network)(int size) {
    ct_error err;
    return finish(lesson_load_network(session.pixels, (size_t)size, text_room, &err), &err);
}

/* Its input's floats stand there likewise. */
int EXPORT(lesson_network_run)(int count) {
    ct_error err;
    return finish(lesson_run_network(session.pixels, (size_t)count, &err), &err);
}

/* Of the node that makes the tensor which the text names. */
int EXPORT(lesson_weights)(void) {
    ct_error err;
    return finish(lesson_print_weights(text_room, &err), &err);
}

/* Of the LSTM that makes that tensor, after a run. */
int EXPORT(lesson_lstm)(void) {
    ct_error err;
    return finish(lesson_print_lstm(text_room, &err), &err);
}

/* The catalogue, as `convtool list --json` prints it. */
int EXPORT(lesson_list)(void) {
    ct_error err = {"the catalogue can't be printed"};
    static char *operands[] = {"list", NULL};
    app_call call = {.json = true, .operands = operands, .operand_count = 1};
    return finish(app_list(&call, NULL) == APP_OK, &err);
}
