/* Cuts a chain where a stage needs its whole input, or where it is very long, and runs the parts
 * one after the other around images in memory. */
#include "flow/flow.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/text.h"
#include "flow/bands.h"

typedef struct flow_run_state {
    codec_reader *reader;
    codec_writer *writer;
    double white; /* of the writer's samples; 0: their type's own */
    flow_options options;
    flow_image image; /* what the last part made; rows is NULL before */
    bool *from_writer;
} flow_run_state;

conv_type flow_type_of(codec_sample sample) {
    return sample == CODEC_U8 ? CONV_U8 : sample == CODEC_U16 ? CONV_U16 : CONV_F32;
}

/* Stages of a part: rows are pulled through them by nested calls, a thread's stack may be as small
 * as 256 KiB, and each stage holds some rows. Longer chains are cut. */
enum { MOST_STAGES = 250 };

/* The end of the part that begins at stage `first`: the next barrier after it, the most that a part
 * may have, or the chain's end. */
static int part_end(const conv_stage *stages, int first, int count) {
    int end = first;
    do {
        end++;
    } while (end < count && end - first < MOST_STAGES && !conv_stage_is_barrier(&stages[end]));
    return end < count ? end : count;
}

/* `held` bytes of the budget are in use. */
static bool allocate_image(flow_image *image, uint64_t held, uint64_t budget, ct_error *err) {
    const conv_shape shape = image->shape;
    size_t bytes;
    image->stride = (size_t)shape.width * (size_t)shape.channels * conv_type_size(image->type);
    if (!ct_mul(image->stride, (size_t)shape.height, &bytes)) {
        bytes = SIZE_MAX;
    }
    if (held > budget || bytes > budget - held) {
        return ct_fail(err,
                       "%dx%d samples of %d channel%s must be held in memory, which takes %s%s; "
                       "the limit is %s (--max-memory)",
                       shape.width, shape.height, shape.channels, shape.channels == 1 ? "" : "s",
                       ct_size_of(bytes).text, held ? " besides the image they come from" : "",
                       ct_size_of(budget).text);
    }
    image->rows = malloc(bytes);
    return image->rows ? true : ct_fail(err, "out of memory");
}

/* The stage that stretches the range found to low..high; a flat image becomes low. */
static conv_stage stretch(const conv_stage *normalize, const conv_stats *stats) {
    conv_stage s = {.op = CONV_POINT, .point = CONV_SCALE, .window.alpha = normalize->window.alpha};
    const double low = normalize->a, high = normalize->b;
    const double range = (double)stats->max - (double)stats->min;
    const double factor = range > 0 && range <= FLT_MAX ? (high - low) / range : 0;
    s.a = (float)factor;
    s.b = (float)(low - (stats->max >= stats->min ? (double)stats->min * factor : 0));
    return s;
}

/* Adds the names of the plan's paths to the report; what doesn't fit is left out. */
static void report_paths(const conv_plan *plan, int count, flow_report *report) {
    for (int i = 0; i < count; i++) {
        const conv_choice *choice = conv_plan_choice(plan, i);
        const size_t used = strlen(report->paths);
        if (choice && used + strlen(choice->path) + 3 < sizeof report->paths) {
            snprintf(report->paths + used, sizeof report->paths - used, "%s%s", used ? ", " : "",
                     choice->path);
        }
    }
}

/* Runs one part. `image` is in the state's or the reader's shape; the part's result goes to the
 * writer if it's the last, else to a new image. */
static bool run_part(flow_run_state *state, const conv_stage *stages, int count, bool last,
                     conv_shape in, conv_type in_type, conv_type out_type, int alpha,
                     flow_report *report, ct_error *err) {
    conv_plan *plan = conv_plan_new(stages, count, in, in_type, out_type, err);
    if (!plan) {
        return false;
    }
    report_paths(plan, count, report);
    flow_image made = {.shape = conv_plan_out(plan), .type = out_type};
    flow_pass pass = {.plan = plan, .options = &state->options, .alpha = alpha};
    pass.reader = state->image.rows ? NULL : state->reader;
    pass.from = &state->image;
    pass.writer = last ? state->writer : NULL;
    pass.white = last ? state->white : 0;
    pass.to = last ? NULL : &made;
    /* The image that the last part made is kept until this part is done. */
    const uint64_t held =
        state->image.rows ? (uint64_t)state->image.stride * (uint64_t)state->image.shape.height : 0;
    bool ok = (last || allocate_image(&made, held, state->options.memory, err)) &&
              flow_run_pass(&pass, report, state->from_writer, err);
    conv_plan_free(plan);
    free(state->image.rows);
    state->image = made;
    return ok;
}

static bool run_parts(flow_run_state *state, conv_stage *stages, int count, conv_type out_type,
                      flow_report *report, ct_error *err) {
    const codec_info *info = codec_reader_info(state->reader);
    /* A barrier at the very front needs the unchanged image in memory. */
    int first = 0,
        end = count && conv_stage_is_barrier(&stages[0]) ? 0 : part_end(stages, 0, count);
    while (true) {
        const bool last = end >= count;
        const conv_stage *next = last ? NULL : &stages[end];
        const bool measured = next && next->op == CONV_NORMALIZE;
        const bool untouched = first == end && !measured;
        const conv_shape in = state->image.rows
                                  ? state->image.shape
                                  : (conv_shape){info->width, info->height, info->channels};
        const conv_type in_type =
            state->image.rows ? state->image.type : flow_type_of(info->sample);
        const conv_type made_type = last ? out_type : untouched ? in_type : CONV_F32;
        const int alpha = last ? state->options.alpha : measured ? next->window.alpha : -1;
        if (!run_part(state, stages + first, end - first, last, in, in_type, made_type, alpha,
                      report, err)) {
            return false;
        }
        if (last) {
            return true;
        }
        if (measured) {
            stages[end] = stretch(next, &report->stats);
        }
        first = end;
        end = part_end(stages, first, count);
    }
}

bool flow_run(codec_reader *in, const conv_stage *stages, int count, codec_writer *out,
              const codec_info *out_info, const flow_options *options, flow_report *report,
              bool *from_writer, ct_error *err) {
    bool unused;
    flow_run_state state = {.reader = in,
                            .writer = out,
                            .options = *options,
                            .from_writer = from_writer ? from_writer : &unused};
    *state.from_writer = false;
    if (out_info->sample != CODEC_F32 &&
        codec_info_white(out_info) < codec_white(out_info->sample)) {
        state.white = codec_info_white(out_info);
    }
    *report = (flow_report){0};
    if (!state.options.memory) {
        state.options.memory = (uint64_t)4 << 30;
    }
    conv_stage *copy = calloc((size_t)count + 1, sizeof *copy);
    if (!copy) {
        return ct_fail(err, "out of memory");
    }
    if (count > 0) {
        memcpy(copy, stages, (size_t)count * sizeof *copy);
    }
    bool ok = run_parts(&state, copy, count, flow_type_of(out_info->sample), report, err);
    if (ok && !codec_finish(out, err)) {
        *state.from_writer = true;
        ok = false;
    }
    free(state.image.rows);
    free(copy);
    return ok;
}
