#include "app/run/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a part of a stage, or an inserted stage, is for, in few words. */
static const char *part_name(const conv_stage *stage) {
    static const char *const points[] = {
        [CONV_GRAY] = "gray",
        [CONV_DROP_ALPHA] = "drop alpha",
        [CONV_ABS] = "absolute value",
        [CONV_SCALE] = "scale",
        [CONV_RELU] = "relu",
        [CONV_THRESHOLD] = "threshold",
        [CONV_SRGB_DECODE] = "decode sRGB",
        [CONV_SRGB_ENCODE] = "encode sRGB",
        [CONV_PREMULTIPLY] = "colour times alpha",
        [CONV_UNPREMULTIPLY] = "colour by alpha",
        [CONV_WEIGH] = "weigh by alpha",
        [CONV_ROOT] = "square root",
        [CONV_MARK] = "two thresholds",
        [CONV_STORE] = "round",
    };
    static const char *const ops[] = {
        [CONV_CORRELATE] = "blur",        [CONV_GRADIENT] = "gradient",
        [CONV_NORMALIZE] = "normalize",   [CONV_SUPPRESS] = "thinned gradient",
        [CONV_OTSU] = "Otsu's threshold",
    };
    if (stage->op == CONV_RESIZE) {
        return stage->axis == CONV_ALONG_X ? "resize along x" : "resize along y";
    }
    const bool point = stage->op == CONV_POINT;
    const size_t i = point ? (size_t)stage->point : (size_t)stage->op;
    const size_t known = point ? sizeof points / sizeof *points : sizeof ops / sizeof *ops;
    const char *name = i < known ? (point ? points : ops)[i] : NULL;
    return name ? name : "inserted";
}

/* Of the engine's stages first..end-1, which all come from one of the chain's, the one that does
 * what that says: with a window, or the last. */
static int main_stage(const filter_program *program, int first, int end) {
    int main = end - 1;
    for (int i = first; i < end; i++) {
        const conv_stage *stage = &program->stages[i];
        main = conv_stage_has_window(stage) || conv_stage_is_whole(stage) ? i : main;
    }
    return main;
}

/* Where channel alpha is after the stage; -1: nowhere. */
static int alpha_after(const conv_stage *stage, int alpha, conv_shape in, conv_shape out) {
    const bool weighted = stage->op == CONV_CORRELATE && (stage->combine == CONV_WEIGHTED ||
                                                          stage->combine == CONV_WEIGHTED_UNSHARP);
    if (alpha < 0 || (stage->op == CONV_POINT && stage->point == CONV_DROP_ALPHA)) {
        return -1;
    }
    if (stage->op == CONV_POINT && stage->point == CONV_WEIGH) {
        return in.channels - 1;
    }
    return weighted || in.channels != out.channels ? out.channels - 1 : alpha;
}

/* The row that comes next, with what it has from the one before. */
static app_trace_row *next_row(app_trace *trace, int alpha) {
    app_trace_row *row = &trace->rows[trace->count++];
    *row = (app_trace_row){.in = trace->in, .alpha = alpha, .field = conv_field_start()};
    if (trace->count > 1) {
        row->in = row[-1].out;
        row->field = row[-1].field;
        row->alpha = row[-1].alpha;
    }
    row->out = row->in;
    return row;
}

/* For engine stage `at`, or -1. */
static bool add_row(app_trace *trace, const filter_program *program, int at, int number,
                    const char *name, int alpha, ct_error *err) {
    app_trace_row *row = next_row(trace, alpha);
    row->number = number;
    row->at = at;
    row->name = strdup(name);
    if (!row->name) {
        return ct_fail(err, "out of memory");
    }
    if (at < 0) {
        return true;
    }
    const conv_stage *stage = &program->stages[at];
    row->stage = *stage;
    if (!conv_stage_shape(stage, row->in, &row->out, err)) {
        return false;
    }
    conv_field_add(&row->field, stage, row->in);
    row->alpha = alpha_after(stage, row->alpha, row->in, row->out);
    row->parameters = conv_stage_parameters(stage, row->in);
    row->products = conv_stage_products(stage, row->in, row->out);
    return true;
}

/* The rows of the chain's stage `origin`, or of what is inserted before and after the chain (-1),
 * from engine stage *at on. */
static bool add_rows(app_trace *trace, const filter_chain *chain, const filter_program *program,
                     int origin, int *at, int alpha, ct_error *err) {
    const int first = *at;
    while (*at < program->count && program->origin[*at] == origin) {
        ++*at;
    }
    const char *typed = origin >= 0 ? filter_chain_stage_text(chain, (size_t)origin) : NULL;
    if (typed && first == *at) {
        return add_row(trace, program, -1, origin + 1, typed, alpha, err);
    }
    const int main = typed ? main_stage(program, first, *at) : -1;
    for (int i = first; i < *at; i++) {
        const char *name = i == main ? typed : part_name(&program->stages[i]);
        if (!add_row(trace, program, i, i == main ? origin + 1 : 0, name, alpha, err)) {
            return false;
        }
    }
    return true;
}

static bool add_all(app_trace *trace, const filter_chain *chain, const filter_program *program,
                    int alpha, ct_error *err) {
    const int stages = (int)filter_chain_length(chain);
    int at = 0;
    bool ok = add_rows(trace, chain, program, -1, &at, alpha, err);
    for (int i = 0; ok && i < stages; i++) {
        ok = add_rows(trace, chain, program, i, &at, alpha, err);
    }
    return ok && add_rows(trace, chain, program, -1, &at, alpha, err);
}

static bool add_choices(app_trace *trace, const filter_program *program, conv_type type,
                        ct_error *err) {
    conv_choice *choices = calloc((size_t)program->count + 1, sizeof *choices);
    const bool ok =
        choices ? flow_choices(program->stages, program->count, trace->in, type, choices, err)
                : ct_fail(err, "out of memory");
    for (int i = 0; ok && i < trace->count; i++) {
        app_trace_row *row = &trace->rows[i];
        row->choice = row->at >= 0 ? choices[row->at] : (conv_choice){0};
    }
    free(choices);
    return ok;
}

app_trace *app_trace_new(const filter_chain *chain, const filter_program *program,
                         const filter_image *image, conv_type type, ct_error *err) {
    const size_t most = (size_t)program->count + filter_chain_length(chain);
    app_trace *trace = calloc(1, sizeof *trace);
    if (trace) {
        trace->in = (conv_shape){image->width, image->height, image->channels};
        trace->alpha = image->alpha;
        trace->rows = calloc(most, sizeof *trace->rows);
    }
    const int alpha = image->alpha ? image->channels - 1 : -1;
    if (trace && trace->rows && add_all(trace, chain, program, alpha, err) &&
        add_choices(trace, program, type, err)) {
        return trace;
    }
    if (!trace || !trace->rows) {
        ct_fail(err, "out of memory");
    }
    app_trace_free(trace);
    return NULL;
}

/* What a stage behind the network sees of the image. */
static conv_field behind(const net_field *f, const conv_field *of) {
    if (f->input < 0 || of->whole) {
        return (conv_field){.jump_x = of->jump_x, .jump_y = of->jump_y, .whole = true};
    }
    return (conv_field){.width = f->width + (of->width - 1) * f->jump_x,
                        .height = f->height + (of->height - 1) * f->jump_y,
                        .jump_x = of->jump_x * f->jump_x,
                        .jump_y = of->jump_y * f->jump_y};
}

void app_trace_add_network(app_trace *trace, app_net_trace *network, const filter_image *in) {
    app_trace_row *row = &trace->rows[0];
    trace->network = network;
    trace->in = row->in = (conv_shape){in->width, in->height, in->channels};
    trace->alpha = in->alpha;
    for (int i = 0; i < network->count; i++) {
        row->parameters += (double)network->nodes[i].parameters;
        row->products += (double)network->nodes[i].products;
    }
    for (int i = 0; i < trace->count; i++) {
        trace->rows[i].field = behind(&network->field, &trace->rows[i].field);
    }
}

bool app_trace_watch(app_trace *trace, ct_error *err) {
    trace->values = calloc((size_t)trace->count, sizeof *trace->values);
    trace->watches = calloc((size_t)trace->count, sizeof *trace->watches);
    if (!trace->values || !trace->watches) {
        return ct_fail(err, "out of memory");
    }
    int after = 0;
    for (int i = 0; i < trace->count; i++) {
        const app_trace_row *row = &trace->rows[i];
        after += row->at >= 0;
        trace->values[i] = flow_summary_start(row->out, row->alpha);
        trace->watches[i] = (flow_watch){after, flow_summary_see, &trace->values[i]};
    }
    return true;
}

void app_trace_free(app_trace *trace) {
    if (!trace) {
        return;
    }
    for (int i = 0; trace->rows && i < trace->count; i++) {
        free(trace->rows[i].name);
    }
    free(trace->rows);
    free(trace->values);
    free(trace->watches);
    app_net_trace_free(trace->network);
    ct_text_free(&trace->said);
    free(trace);
}

/* ---- words ---- */

static const char *border_name(const conv_window *w) {
    static const char *const names[] = {[CONV_MIRROR] = "mirror",
                                        [CONV_SYMMETRIC] = "symmetric",
                                        [CONV_REPLICATE] = "replicate",
                                        [CONV_WRAP] = "wrap",
                                        [CONV_CONSTANT] = "constant"};
    return w->border == CONV_CONSTANT && w->fill == 0 ? "zero" : names[w->border];
}

bool app_trace_has_window(const app_trace_row *row) {
    return row->at >= 0 && conv_stage_has_window(&row->stage) && row->stage.op != CONV_CROP &&
           row->stage.op != CONV_RESIZE;
}

app_trace_text app_trace_padding(const conv_stage *stage) {
    const conv_window *w = &stage->window;
    const bool pool = stage->op == CONV_POOL;
    const char *name = pool ? "" : border_name(w), *blank = pool ? "" : " ";
    app_trace_text to = {"valid"};
    char value[32] = "";
    if (!pool && w->border == CONV_CONSTANT && w->fill != 0) {
        snprintf(value, sizeof value, "=%g", (double)w->fill);
    }
    if (w->left != w->right || w->top != w->bottom) {
        snprintf(to.text, sizeof to.text, "%s%s%s%d,%d,%d,%d", name, value, blank, w->left,
                 w->right, w->top, w->bottom);
    } else if (w->left != w->top) {
        snprintf(to.text, sizeof to.text, "%s%s%s%dx%d", name, value, blank, w->left, w->top);
    } else if (w->left > 0) {
        snprintf(to.text, sizeof to.text, "%s%s%s%d", name, value, blank, w->left);
    }
    return to;
}
