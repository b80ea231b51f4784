#include "app/run/watching.h"

#include <stdlib.h>

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/existing.h"
#include "app/run/frames.h"
#include "app/run/record.h"
#include "app/run/samples.h"
#include "app/run/terminal.h"

/* ---- what will be looked at ---- */

static bool plan_trace(app_watching *w, const filter_chain *chain, app_source *source,
                       ct_error *err) {
    const codec_info *info = codec_reader_info(source->reader);
    w->trace =
        app_trace_new(chain, &source->program, &source->image, flow_type_of(info->sample), err);
    if (w->trace && source->net_trace) {
        const filter_image in = {.width = source->read.width,
                                 .height = source->read.height,
                                 .channels = source->read.channels,
                                 .alpha = source->read.alpha};
        app_trace_add_network(w->trace, source->net_trace, &in);
        source->net_trace = NULL;
    }
    return w->trace && app_trace_watch(w->trace, err);
}

/* How many of the image's stages come from the chain's up to `stage`. */
static int stages_before(const filter_program *program, size_t stage) {
    int count = 0;
    bool begun = false;
    while (count < program->count && program->origin[count] <= (int)stage &&
           !(begun && program->origin[count] < 0)) {
        begun |= program->origin[count++] >= 0;
    }
    return count;
}

/* Describes the file: what the shorter chain would write there by itself. */
static bool describe(app_tapped *t, const app_call *call, const app_source *source, ct_error *err) {
    const codec_format *format = t->job->format;
    const codec_info depth = app_source_depth(source, format), *in = &depth;
    const double out_white = app_output_white(call, format, in);
    filter_image image = source->image;
    const bool scaled = !in->plain && !codec_format_plain(format);
    image.out_white = scaled ? out_white : image.white;
    if (!filter_lower(t->job->tap->chain, &call->settings, &image, &t->program, err)) {
        return false;
    }
    const codec_sample sample = app_output_sample(call->depth, format, in);
    t->info = app_source_result(source, &t->program, sample, out_white);
    if (!app_frame_fits(&t->info, &call->limits, err)) {
        return false;
    }
    t->refused = !codec_format_check(format, &t->info, err);
    return !t->refused && app_source_carry_meta(source, call, &t->program, &t->info, err);
}

/* The stages that are only the shorter chain's: colour by alpha where the next stage would multiply
 * it again, and what --map and a change of white add at the end. */
static bool add_tap(app_tapped *t, int before, conv_shape shape, ct_error *err) {
    const conv_stage *rest = t->program.stages + before;
    const int count = t->program.count - before;
    for (int i = 0; i < count; i++) {
        if (rest[i].op == CONV_NORMALIZE) {
            return ct_fail(err, "--map minmax needs the whole image; --tap has only rows");
        }
    }
    t->tap = flow_tap_new(rest, count, shape, &t->info, err);
    return t->tap != NULL;
}

/* The shape of what the first `count` stages make. */
static bool shape_after(const app_source *source, int count, conv_shape *shape, ct_error *err) {
    *shape = (conv_shape){source->image.width, source->image.height, source->image.channels};
    for (int i = 0; i < count; i++) {
        if (!conv_stage_shape(&source->program.stages[i], *shape, shape, err)) {
            return false;
        }
    }
    return true;
}

static bool plan_tap(app_watching *w, const app_call *call, const app_job *job,
                     const app_source *source, ct_error *err) {
    app_tapped *t = &w->tapped[w->tapped_count++];
    conv_shape shape;
    *t = (app_tapped){.job = job};
    w->where = job->output;
    const int before = stages_before(&source->program, job->tap->stage);
    const bool described = describe(t, call, source, err);
    w->refused |= t->refused;
    if (t->refused) { /* a chain has several stages */
        const filter_chain *chain = job->tap->chain;
        ct_fail_at(err, "--tap %zu, after %.60s: ", job->tap->stage + 1,
                   filter_chain_stage_text(chain, job->tap->stage));
    }
    if (!described || !shape_after(source, before, &shape, err) ||
        !add_tap(t, before, shape, err)) {
        return false;
    }
    const codec_info depth = app_source_depth(source, job->format);
    const app_record_facts facts = {.format = job->format,
                                    .tap = true,
                                    .depth = t->info.sample !=
                                             app_output_sample(0, job->format, &depth)};
    w->watches[w->count++] = (flow_watch){before, flow_tap_see, t->tap};
    w->where = NULL;
    return app_terminal_takes(job, job->format, err) &&
           app_record(call, job->tap->chain, &facts, t->record, err);
}

bool app_watching_plan(app_watching *w, const app_call *call, const filter_chain *chain,
                       const app_job *job, app_source *source, ct_error *err) {
    *w = (app_watching){0};
    if (call->trace && !plan_trace(w, chain, source, err)) {
        return false;
    }
    const int rows = w->trace ? w->trace->count : 0;
    w->tapped = calloc((size_t)job->tap_count + 1, sizeof *w->tapped);
    w->watches = calloc((size_t)(rows + job->tap_count) + 1, sizeof *w->watches);
    if (!w->tapped || !w->watches) {
        return ct_fail(err, "out of memory");
    }
    for (; w->count < rows; w->count++) {
        w->watches[w->count] = w->trace->watches[w->count];
    }
    for (int k = 0; k < job->tap_count; k++) {
        if (!app_is_kept(call, &job->taps[k]) && !plan_tap(w, call, &job->taps[k], source, err)) {
            return false;
        }
    }
    return true;
}

/* ---- files ---- */

static bool open_tap(app_tapped *t, const app_call *call, ct_error *err) {
    const app_job *job = t->job;
    const app_destination to = app_destination_of(call, job, job->output, &job->before);
    t->open = true;
    if (!app_output_open(&t->output, &to, err)) {
        return false;
    }
    codec_options options = codec_default_options();
    options.max_memory = call->limits.max_memory;
    options.planes = call->limits.planes;
    options.quality = call->quality >= 0 ? call->quality : options.quality;
    options.compression = call->compression >= 0 ? call->compression : options.compression;
    options.record = call->strip || t->output.direct ? NULL : t->record;
    const codec_sink sink = {.put = app_output_put, .context = &t->output};
    t->writer = codec_create(job->format, &t->info, &options, sink, err);
    if (t->writer) {
        flow_tap_start(t->tap, t->writer);
    }
    return t->writer != NULL;
}

bool app_watching_open(app_watching *w, const app_call *call, ct_error *err) {
    for (int k = 0; k < w->tapped_count; k++) {
        if (!open_tap(&w->tapped[k], call, err)) {
            w->where = w->tapped[k].job->output;
            return false;
        }
    }
    return true;
}

bool app_watching_failed(app_watching *w) {
    for (int k = 0; k < w->tapped_count; k++) {
        if (flow_tap_failed(w->tapped[k].tap)) {
            w->where = w->tapped[k].job->output;
            return true;
        }
    }
    return false;
}

bool app_watching_say(app_watching *w, const app_job *job, ct_error *err) {
    ct_text *said = w->trace ? &w->trace->said : NULL;
    return !said ||
           (app_escape(said, app_input_name(job->input)) && ct_text_print(said, " -> ") &&
            app_escape(said, job->shown ? "the terminal" : job->output) &&
            ct_text_print(said, "\n") && app_trace_tables(w->trace, said)) ||
           ct_fail(err, "out of memory");
}

/* With --no-clobber, a file that appeared meanwhile is kept. */
static bool commit_tap(app_tapped *t, const app_call *call, ct_error *err) {
    return flow_tap_finish(t->tap, err) &&
           (app_output_commit(&t->output, call->force ? NULL : &t->job->before, err) ||
            (call->no_clobber && t->output.taken));
}

bool app_watching_commit(app_watching *w, const app_call *call, ct_error *err) {
    for (int k = 0; k < w->tapped_count; k++) {
        if (!commit_tap(&w->tapped[k], call, err)) {
            w->where = w->tapped[k].job->output;
            return false;
        }
    }
    return true;
}

void app_watching_close(app_watching *w) {
    for (int k = 0; k < w->tapped_count; k++) {
        app_tapped *t = &w->tapped[k];
        codec_writer_free(t->writer);
        if (t->open) {
            app_output_close(&t->output);
        }
        flow_tap_free(t->tap);
        codec_meta_free(&t->info.meta);
        filter_program_free(&t->program);
    }
    free(w->tapped);
    free(w->watches);
    w->tapped = NULL;
    w->watches = NULL;
    w->tapped_count = w->count = 0;
}
