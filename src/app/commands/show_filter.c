#include "app/commands/show_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/kernel_file.h"
#include "app/call/message.h"
#include "app/commands/explain_table.h"
#include "app/commands/show_kernel.h"
#include "app/commands/show_picture.h"
#include "app/commands/stage_kernels.h"

/* What is shown, and how far it is. */
typedef struct shown {
    const app_call *call;
    const filter_chain *chain;
    const filter_program *program;
    int channels;    /* of the chain's input */
    int before;      /* kernels and stages printed so far */
    double *weights; /* for -o: all kernels of one size, behind each other */
    show_kernels cells;
    ct_error *err;
} shown;

static filter_chain *parse(const char *spec, ct_error *err) {
    const filter_defaults defaults = {.loader = &app_kernel_files};
    const bool bank = !filter_begins_chain(spec);
    ct_text text = {0};
    filter_chain *chain = NULL;
    if (!ct_text_print(&text, "%s%s", bank ? "bank:" : "", spec)) {
        ct_fail(err, "out of memory");
    } else {
        chain = filter_parse(text.bytes, &defaults, err);
    }
    ct_text_free(&text);
    filter_network network;
    if (chain && filter_chain_network(chain, &network)) {
        ct_fail(err, "%s: is a network; 'convtool net %s' shows what is in it", spec,
                network.model);
        filter_chain_free(chain);
        chain = NULL;
    }
    return chain;
}

/* As "sobel, y": the stage as typed, and which of its kernels. */
static void name_kernel(filter_kernel *kernel, const char *stage, const conv_stage *s, int k,
                        int count) {
    const char *own = stage_kernel_name(s, k);
    if (own && (s->op != CONV_GRADIENT || (s->gradient != CONV_X && s->gradient != CONV_Y))) {
        snprintf(kernel->name, sizeof kernel->name, "%.50s, %s", stage, own);
    } else if (count > 1 && !own) {
        snprintf(kernel->name, sizeof kernel->name, "%.50s, %d", stage, k);
    } else {
        snprintf(kernel->name, sizeof kernel->name, "%.60s", stage);
    }
    if (s->op == CONV_CORRELATE && s->combine != CONV_PLAIN) {
        snprintf(kernel->summary, sizeof kernel->summary, "the blur that is taken off");
    }
}

static bool begin(shown *s) {
    const bool first = s->before++ == 0;
    fputs(s->call->json ? first ? "" : ",\n" : first ? "" : "\n", stdout);
    return true;
}

/* Whether stage i is the first part of canny. */
static bool gradient_follows(const filter_program *program, int i) {
    const int origin = program->origin[i];
    for (i++; i < program->count && program->origin[i] == origin; i++) {
        if (program->stages[i].op == CONV_SUPPRESS) {
            return true;
        }
    }
    return false;
}

/* The k-th kernel of stage i. */
static bool print_kernel(shown *s, int i, int k, int count) {
    const conv_stage *stage = &s->program->stages[i];
    const int origin = s->program->origin[i];
    filter_kernel kernel = {.width = stage->window.width,
                            .height = stage->window.height,
                            .anchor_x = stage->window.anchor_x,
                            .anchor_y = stage->window.anchor_y};
    const int cells = kernel.width * kernel.height;
    kernel.weights = calloc((size_t)cells, sizeof *kernel.weights);
    if (!kernel.weights) {
        return ct_fail(s->err, "out of memory");
    }
    stage_kernel(stage, k, kernel.weights);
    kernel.divisor = explain_divisor(kernel.weights, cells);
    name_kernel(&kernel, filter_chain_stage_text(s->chain, (size_t)(origin < 0 ? 0 : origin)),
                stage, k, count);
    if (gradient_follows(s->program, i)) {
        snprintf(kernel.summary, sizeof kernel.summary,
                 "the blur before the gradient, whose kernels are sobel's");
    }
    const bool ok = filter_kernel_separate(&kernel, s->err) && begin(s) &&
                    show_kernel(s->call, &kernel, s->err);
    free(kernel.row);
    free(kernel.column);
    free(kernel.weights);
    return ok;
}

/* Whether the k-th kernel is asked for: of sobel:x only one. */
static bool is_wanted(const conv_stage *stage, int k) {
    return stage->op != CONV_GRADIENT || stage->gradient != (k ? CONV_X : CONV_Y);
}

/* For stage `origin` of the chain; *any: whether it has kernels. */
static bool print_kernels(shown *s, int origin, bool *any) {
    bool ok = true;
    conv_shape shape = {4096, 4096, s->channels};
    for (int i = 0; ok && i < s->program->count; i++) {
        const conv_stage *stage = &s->program->stages[i];
        const int count = stage_kernels(stage, shape.channels);
        if (s->program->origin[i] == origin) {
            for (int k = 0; ok && k < count; k++) {
                *any = true;
                ok = !is_wanted(stage, k) || print_kernel(s, i, k, count);
            }
        }
        ok = ok && conv_stage_shape(stage, shape, &shape, s->err);
    }
    return ok;
}

/* Of a stage without kernels: what it computes. */
static bool print_words(shown *s, int origin) {
    const char *text = filter_chain_stage_text(s->chain, (size_t)origin);
    char name[64];
    filter_entry entry;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ":"), text);
    if (!filter_entry_find(FILTER_STAGES, name, &entry)) {
        return true;
    }
    begin(s);
    if (s->call->json) {
        fputs("{\"name\":", stdout);
        app_json_string(stdout, text);
        fputs(",\"summary\":", stdout);
        app_json_string(stdout, entry.summary);
        fputs(",\"weights\":null}", stdout);
        return true;
    }
    ct_text typed = {0};
    const bool ok = app_escape(&typed, text);
    printf("%s: %s\n", ok ? typed.bytes : name, entry.summary);
    ct_text_free(&typed);
    if (entry.formula) {
        for (const char *at = entry.formula; *at;) {
            const size_t length = strcspn(at, "\n");
            printf("  %.*s\n", (int)length, at);
            at += length + (at[length] == '\n');
        }
    }
    puts("no kernel: its window is not weighted, or it has none");
    return ok || ct_fail(s->err, "out of memory");
}

static bool print_all(shown *s) {
    bool ok = true;
    fputs(s->call->json ? "{\"kernels\":[\n" : "", stdout);
    for (size_t i = 0; ok && i < filter_chain_length(s->chain); i++) {
        bool any = false;
        ok = print_kernels(s, (int)i, &any) && (any || print_words(s, (int)i));
    }
    fputs(ok && s->call->json ? "]}\n" : "", stdout);
    return ok;
}

/* ---- the picture ---- */

/* The kernels of the first stage that has some. */
static bool collect(shown *s) {
    conv_shape shape = {4096, 4096, s->channels};
    for (int i = 0; i < s->program->count; i++) {
        const conv_stage *stage = &s->program->stages[i];
        const int count = stage_kernels(stage, shape.channels);
        const int cells = stage->window.width * stage->window.height;
        if (count > 0) {
            if (!(s->weights = calloc((size_t)count * (size_t)cells, sizeof *s->weights))) {
                return ct_fail(s->err, "out of memory");
            }
            s->cells = (show_kernels){s->weights, 0, stage->window.width, stage->window.height};
            for (int k = 0; k < count; k++) {
                if (is_wanted(stage, k)) {
                    stage_kernel(stage, k, s->weights + (size_t)s->cells.count++ * (size_t)cells);
                }
            }
            return true;
        }
        if (!conv_stage_shape(stage, shape, &shape, s->err)) {
            return false;
        }
    }
    return ct_fail(s->err, "%s: has no kernel to make a picture of", s->call->operands[1]);
}

int show_filter(const app_call *call) {
    ct_error err;
    filter_program program = {0};
    const filter_settings settings = {0};
    filter_chain *chain = parse(call->operands[1], &err);
    const int wanted = chain ? filter_chain_channels(chain) : 0;
    const filter_image image = {.width = 4096,
                                .height = 4096,
                                .channels = wanted ? wanted : 1,
                                .white = 255,
                                .out_white = 255};
    shown s = {.call = call, .chain = chain, .channels = image.channels, .err = &err};
    s.program = &program;
    int status =
        chain && filter_lower(chain, &settings, &image, &program, &err) ? APP_OK : APP_USAGE;
    if (status == APP_OK) {
        const bool picture =
            !call->output || (collect(&s) && show_picture(call, call->operands[1], &s.cells, &err));
        const bool ok = picture && ((call->output && !call->json) || print_all(&s));
        status = ok ? APP_OK : APP_FAILED;
    }
    if (status != APP_OK) {
        app_say(NULL, "show: %s", err.text);
    }
    free(s.weights);
    filter_program_free(&program);
    filter_chain_free(chain);
    return status;
}
