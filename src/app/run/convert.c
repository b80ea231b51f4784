#include "app/run/convert.h"

#include "app/call/message.h"
#include "app/run/conversion.h"
#include "app/run/existing.h"
#include "app/run/frames.h"
#include "app/run/progress.h"
#include "app/run/terminal.h"
#include "app/run/warnings.h"
#include "base/clock.h"

_Static_assert(APP_MOST_JOBS == (int)FLOW_MOST_JOBS, "--jobs takes what the flow can do");

/* Whether the range of values is wanted, which costs a tenth of the time: for the report, for a
 * threshold in 8-bit numbers on a deeper image, which all values may pass, and for a picture of
 * plain numbers, whose white may be another. */
static bool wants_range(const app_conversion *c) {
    const filter_threshold *t = &c->source.program.threshold;
    const codec_info *in = codec_reader_info(c->source.reader);
    const bool picture = in->plain && !codec_format_plain(c->target.format);
    return c->call->json || picture || (t->stage >= 0 && t->white > 255 && t->value <= 255);
}

static bool is_timed(const app_call *call) {
    return call->json || call->talk == APP_VERBOSE;
}

/* Adds what this thread did before the first row and after the last. */
static void add_times(app_conversion *c, double start) {
    flow_times *times = &c->result->report.times;
    const double before = c->begun - start, after = ct_clock_thread() - c->ran;
    times->all.decoding += before;
    times->all.encoding += after;
    times->serial += before + after;
}

static flow_options options_of(const app_conversion *c) {
    return (flow_options){
        .jobs = c->call->jobs > 0 ? c->threads : 0,
        .most = c->threads,
        .memory = c->call->limits.max_memory,
        .measure = wants_range(c),
        .timed = is_timed(c->call),
        .keeper = c->hand->flow,
        .watches = c->watching.watches,
        .watch_count = c->watching.count,
    };
}

static app_frames frames_of(app_conversion *c, const filter_chain *chain) {
    return (app_frames){
        .call = c->call,
        .chain = chain,
        .job = c->job,
        .source = &c->source,
        .target = &c->target,
        .view = &c->view,
        .beside = app_shown_memory(c->result->shown),
        .output = &c->output,
        .threads = c->threads,
        .options = options_of(c),
    };
}

static bool run(app_conversion *c, app_frames *frames, ct_error *err) {
    app_progress_image image = {.progress = c->progress, .input = c->job->input};
    frames->writer = c->top;
    frames->rest = c->writer;
    frames->options.progress = c->progress->shown ? app_progress_step : NULL;
    frames->options.progress_context = &image;
    c->begun = frames->options.timed ? ct_clock_thread() : 0;
    const bool ok = app_frames_run(frames, err);
    c->ran = frames->options.timed ? ct_clock_thread() : 0;
    c->result->frames = frames->count;
    c->result->report = frames->report;
    if (frames->mixed) {
        c->result->range = (filter_range){.known = false};
        c->result->threshold.stage = -1;
    }
    c->result->where = !ok && app_watching_failed(&c->watching)               ? c->watching.where
                       : !ok && c->maps.list && c->result->report.from_writer ? c->maps.where
                                                                              : frames->where;
    const codec_writer *first = c->maps.count > 0 ? c->maps.writers[0] : c->picture;
    app_warnings_gather(c->call, c->source.reader,
                        first       ? first
                        : c->writer ? c->writer
                                    : c->top,
                        &c->result->warnings);
    return ok;
}

/* What looks at the rows on their way. */
static bool plan_watching(app_conversion *c, const app_job *job, const filter_chain *chain,
                          ct_error *err) {
    const bool ok = (!c->call->trace && job->tap_count == 0) ||
                    app_watching_plan(&c->watching, c->call, chain, job, &c->source, err);
    c->result->refused = !ok && c->watching.refused;
    c->result->where = ok || !c->watching.where ? c->result->where : c->watching.where;
    return ok;
}

/* With --view: what is shown of the result. */
static bool plan_shown(app_conversion *c, ct_error *err) {
    const bool each = c->job->template != NULL, plain = codec_reader_info(c->source.reader)->plain;
    return !c->result->shown ||
           app_shown_plan(c->result->shown, each ? &c->target.info : app_conversion_written(c),
                          plain, c->source.program.names, err);
}

/* Opens the outputs, makes the rows, and gives the files their names. */
static bool make(app_conversion *c, const filter_chain *chain, app_frames *frames, ct_error *err) {
    c->result->where = app_output_name(c->job->output);
    if (!app_conversion_open_output(c, chain, err)) {
        return false;
    }
    if (!app_watching_open(&c->watching, c->call, err)) {
        c->result->where = c->watching.where;
        return false;
    }
    if (!run(c, frames, err) || !app_watching_say(&c->watching, c->job, err)) {
        return false;
    }
    c->result->where = app_input_name(c->job->input);
    if (c->result->shown && !app_shown_read(c->result->shown, err)) { /* before it's replaced */
        return false;
    }
    if (!app_watching_commit(&c->watching, c->call, err)) {
        c->result->where = c->watching.where;
        return false;
    }
    c->result->where = app_output_name(c->job->output);
    bool kept;
    if (!app_conversion_commit(c, &kept, err)) {
        return false;
    }
    c->result->status = kept ? APP_KEPT : APP_WRITTEN;
    return true;
}

static bool start_shown(app_conversion *c, ct_error *err) {
    return !c->call->showing || (c->result->shown = app_shown_new(c->call, c->job, err));
}

static bool convert(app_conversion *c, const filter_chain *chain, ct_error *err) {
    if (!start_shown(c, err) || !app_conversion_open_input(c, err)) {
        return false;
    }
    if (c->result->kind != APP_IMAGE) {
        c->result->status = APP_SKIPPED;
        return true;
    }
    if (!app_conversion_describe(c, chain, err)) {
        return false;
    }
    c->result->where = app_output_name(c->job->output);
    if (!app_frame_fits(app_conversion_written(c), &c->call->limits, err) ||
        !app_conversion_check_format(c, chain, err) ||
        !app_terminal_takes(c->job, c->target.format, err) || !app_conversion_carry_meta(c, err) ||
        !plan_watching(c, c->job, chain, err) || !plan_shown(c, err) ||
        !app_conversion_name_maps(c, chain, err)) {
        return false;
    }
    if (c->call->dry_run) {
        c->result->status = APP_PLANNED;
        return true;
    }
    app_frames frames = frames_of(c, chain);
    bool in;
    c->result->where = app_input_name(c->job->input);
    if (!app_frames_enter(&frames, &in, err)) {
        return false;
    }
    if (!in) {
        c->result->status = APP_LEFT;
        return true;
    }
    return make(c, chain, &frames, err);
}

void app_convert(const app_call *call, const filter_chain *chain, const app_job *job, int threads,
                 app_hand *hand, app_progress *progress, app_result *result) {
    const double start = ct_clock(), worked = is_timed(call) ? ct_clock_thread() : 0;
    *result = (app_result){.status = APP_ERROR};
    app_conversion c = {.call = call,
                        .job = job,
                        .threads = threads,
                        .hand = hand,
                        .progress = progress,
                        .result = result,
                        .source.fd = -1};
    c.target.info.meta.srgb_intent = -1;
    if (app_is_kept(call, job)) {
        result->status = APP_KEPT;
    } else if (!convert(&c, chain, &result->error)) {
        result->status = APP_ERROR;
    }
    app_watching_close(&c.watching);
    result->trace = c.watching.trace;
    codec_writer_free(c.writer);
    codec_writer_free(c.picture);
    app_shown_close(result->shown);
    app_map_files_close(&c.maps);
    app_view_free(&c.view);
    if (c.output_open) {
        app_output_close(&c.output);
    }
    codec_meta_free(&c.target.info.meta);
    app_source_close(&c.source);
    if (result->report.times.workers > 0) {
        add_times(&c, worked);
    }
    result->seconds = ct_clock() - start;
}
