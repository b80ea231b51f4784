#include "app/run/frames.h"

#include <string.h>

#include "app/call/message.h"
#include "app/run/descriptor.h"
#include "app/run/progress.h"

bool app_frame_fits(const codec_info *out, const codec_limits *limits, ct_error *err) {
    uint64_t pixels = (uint64_t)out->width * (uint64_t)out->height;
    const int side = out->plain ? limits->max_plain_side : limits->max_side;
    if (out->width > side || out->height > side || pixels > limits->max_pixels) {
        return ct_fail(err, "would have %dx%d pixels; the limit is %d a side and %llu in all",
                       out->width, out->height, side, (unsigned long long)limits->max_pixels);
    }
    return true;
}

static flow_job job_of(const app_frames *f) {
    const filter_program *program = &f->source->program;
    return (flow_job){
        .in = f->source->reader,
        .stages = program->stages,
        .count = program->count,
        .out = f->writer,
        .out_info = &f->target->info,
    };
}

static void set_threads(app_frames *f, int threads) {
    f->options.most = threads;
    f->options.jobs = f->options.jobs > 0 ? threads : 0;
}

bool app_frames_enter(app_frames *f, bool *in, ct_error *err) {
    const flow_job job = job_of(f);
    int threads;
    set_threads(f, f->threads);
    const app_share_for image = {.job = &job,
                                 .options = &f->options,
                                 .format = f->target->format,
                                 .written = f->view->on ? &f->view->picture : &f->target->info,
                                 .writers = f->job->template ? f->target->info.channels : 1,
                                 .beside = f->view->memory + f->beside,
                                 .planes = f->call->limits.planes,
                                 .anywhere = !app_is_direct(f->job),
                                 .begun = f->count > 0};
    if (!app_share_enter(&f->source->hand->share, &image, in, &threads, err)) {
        return false;
    }
    set_threads(f, threads);
    return true;
}

/* Filters the image at hand. The statistics are those of all images so far. */
static bool run_frame(app_frames *f, ct_error *err) {
    const codec_info *out = &f->target->info;
    const flow_job job = job_of(f);
    flow_report *report = &f->report;
    const conv_stats before = report->stats;
    const flow_times so_far = report->times;
    f->options.alpha = out->alpha ? out->channels - 1 : -1;
    const bool ok = flow_run(&job, &f->options, report, err);
    if (f->count > 0) {
        conv_stats_add(&report->stats, &before);
        flow_times_add(&report->times, &so_far);
    }
    f->count++;
    f->where =
        report->from_writer ? app_output_name(f->job->output) : app_input_name(f->job->input);
    return ok;
}

/* The stages and the output's shape for an image of another kind than the one before, and its share
 * of memory. The reader has read it as a whole before anybody knew: so much is held while it waits,
 * for each stream, but nothing of the share that the image before had. */
static bool describe_again(app_frames *f, ct_error *err) {
    bool in;
    flow_keeper_clear(f->options.keeper);
    filter_program_free(&f->source->program);
    app_share_leave(&f->source->hand->share);
    f->mixed = true;
    return app_source_describe(f->source, f->call, f->chain, f->job->format, f->target, err) &&
           app_frame_fits(&f->target->info, &f->call->limits, err) && app_frames_enter(f, &in, err);
}

static bool fail_frame(app_frames *f, const char *where, ct_error *err) {
    f->where = where;
    return ct_fail_at(err, "frame %llu: ", (unsigned long long)f->count + 1);
}

/* What is lost with an unfinished file that isn't there yet. */
static bool fail_stream(app_frames *f, ct_error *err) {
    f->where = app_input_name(f->job->input);
    if (!f->output->direct && codec_reader_is_cut(f->source->reader) && !f->call->limits.lenient) {
        char text[sizeof err->text];
        memcpy(text, err->text, sizeof text);
        ct_fail(err, "%s; --lenient keeps the frames before it", text);
    }
    return false;
}

static bool run_stream(app_frames *f, ct_error *err) {
    bool more = true;
    const bool shown = f->options.progress != NULL;
    f->options.progress = NULL; /* it would start again and again */
    while (true) {
        const codec_info before = *codec_reader_info(f->source->reader);
        if (f->output->direct && !app_output_flush(f->output, err)) {
            f->where = app_output_name(f->job->output);
            return false;
        }
        if (!codec_next(f->source->reader, &more, err)) {
            return fail_stream(f, err);
        }
        if (!more) {
            return true;
        }
        if (f->options.watch_count > 0) {
            f->where = app_input_name(f->job->input);
            return ct_fail(err, "holds more than one image; --trace and --tap take one");
        }
        if (!codec_same_kind(&before, codec_reader_info(f->source->reader)) &&
            !describe_again(f, err)) {
            return fail_frame(f, app_input_name(f->job->input), err);
        }
        f->writer = f->rest ? f->rest : f->writer;
        if (!codec_writer_next(f->writer, f->target->format, &f->target->info, err)) {
            return fail_frame(f, app_output_name(f->job->output), err);
        }
        if (!run_frame(f, err)) {
            return false;
        }
        if (shown) {
            app_progress_frame(f->options.progress_context, f->count);
        }
    }
}

/* Whether each input has an output of its own, named by a template. */
static bool is_template(const app_call *call) {
    return call->output && strchr(call->output, '{');
}

static bool run_one(app_frames *f, ct_error *err) {
    if (!run_frame(f, err)) {
        return false;
    }
    if (!codec_reader_has_more(f->source->reader) || is_template(f->call) || f->job->shown) {
        return true;
    }
    f->where = app_input_name(f->job->input);
    if (f->view->on) {
        return ct_fail(err, "holds more than one image, of which --maps, --scaling and --colormap "
                            "take one");
    }
    return ct_fail(err,
                   "holds more than one image, but a %s file holds one; write .pnm, .pam, .pfm or "
                   ".y4m",
                   codec_format_name(f->target->format));
}

bool app_frames_run(app_frames *frames, ct_error *err) {
    if (!codec_format_streams(frames->target->format) || frames->view->on) {
        return run_one(frames, err);
    }
    codec_read_stream(frames->source->reader);
    return run_frame(frames, err) && run_stream(frames, err);
}
