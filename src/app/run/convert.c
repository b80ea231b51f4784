#include "app/run/convert.h"

#include <string.h>

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/existing.h"
#include "app/run/frames.h"
#include "app/run/map_files.h"
#include "app/run/maps.h"
#include "app/run/output.h"
#include "app/run/progress.h"
#include "app/run/record.h"
#include "app/run/samples.h"
#include "app/run/source.h"
#include "app/run/terminal.h"
#include "app/run/view.h"
#include "app/run/warnings.h"
#include "app/run/watching.h"
#include "base/clock.h"

_Static_assert(APP_MOST_JOBS == (int)FLOW_MOST_JOBS, "--jobs takes what the flow can do");

enum { MOST_PICTURE = 4 }; /* channels: colours and alpha */

/* Everything that a conversion holds, so that one place can free it. */
typedef struct conversion {
    const app_call *call;
    app_call as_sheet; /* the call, with --maps: for what only a sheet can show */
    const app_job *job;
    int threads;
    app_hand *hand;
    app_progress *progress;
    app_result *result;
    app_source source;
    app_target target;
    app_output output;
    bool output_open;
    app_seen before; /* the output's file, as it was when it was checked or read */
    char record[CODEC_RECORD_MOST + 1];
    app_view view;
    codec_writer *picture; /* of the view */
    app_map_files maps;    /* of a job with maps */
    codec_writer *writer;  /* of the result; NULL: nothing is written, or --view's */
    codec_writer *top;     /* of the rows: one of these, or what shows them too */
    app_watching watching;
    double begun, ran; /* the thread's processor seconds around the rows, if `timed` */
} conversion;

static app_image image_of(const codec_info *info, const codec_format *format) {
    return (app_image){.format = format,
                       .width = info->width,
                       .height = info->height,
                       .channels = info->channels,
                       .sample = info->sample,
                       .white = codec_info_white(info),
                       .plain = info->plain};
}

/* What is written. */
static const codec_info *written(const conversion *c) {
    return c->view.on ? &c->view.picture : &c->target.info;
}

static bool open_input(conversion *c, ct_error *err) {
    const app_source_of of = {.path = c->job->input,
                              .fd = c->job->input_fd,
                              .hand = c->hand,
                              .threads = c->threads,
                              .tells = c->call->talk == APP_VERBOSE,
                              .watch = c->call->showing == APP_SHOW_BOTH ? app_shown_watch : NULL,
                              .watcher = c->result->shown};
    c->result->where = app_input_name(of.path);
    if (!app_source_open(&c->source, &of, c->call, err)) {
        return false;
    }
    c->before = c->call->in_place ? (app_seen){.exists = true, .file = app_file_of(&c->source.file)}
                                  : c->job->before;
    const codec_reader *reader = c->source.reader;
    c->result->read = c->source.file.st_size > 0 ? (uint64_t)c->source.file.st_size : 0;
    c->result->in = image_of(&c->source.read, codec_reader_format(reader));
    if (c->source.networked) {
        c->result->made = image_of(codec_reader_info(reader), codec_reader_format(reader));
        c->result->said = c->source.said;
        c->source.said = (ct_text){0};
    }
    return true;
}

/* Plans the view of the result. Unless a format was asked for, it's one for what the view makes. */
static bool describe_view(conversion *c, ct_error *err) {
    const bool each = c->job->template != NULL;
    if (!app_view_plan(&c->view, c->call, &c->target.info, each, c->source.program.names, err)) {
        c->result->refused = true;
        return false;
    }
    if (c->view.on && !c->job->format && !c->call->in_place) {
        c->target.format = codec_format_for(c->target.format, c->view.picture.channels);
    }
    c->result->viewed = c->view.on && c->target.info.sample == CODEC_F32;
    c->result->maps = each ? c->target.info.channels : 0;
    return true;
}

/* What is only shown, and is no picture, is shown as a sheet of its channels: as with --maps. */
static bool needs_sheet(const conversion *c) {
    return c->job->shown && !c->call->maps && !codec_is_picture(&c->target.info);
}

static bool describe_result(conversion *c, const filter_chain *chain, ct_error *err) {
    const codec_format *asked = c->job->format;
    c->target.format = asked ? asked : c->result->in.format;
    c->source.numbers = app_view_wants_numbers(c->call);
    if (!app_source_describe(&c->source, c->call, chain, asked, &c->target, err)) {
        return false;
    }
    if (!needs_sheet(c)) {
        return true;
    }
    const bool luma = c->source.luma; /* is asked for once */
    filter_program_free(&c->source.program);
    c->as_sheet = *c->call;
    c->as_sheet.maps = true;
    c->call = &c->as_sheet;
    if (!describe_result(c, chain, err)) {
        return false;
    }
    c->source.luma = luma;
    return true;
}

/* Describes the output: what the chain makes of the image. */
static bool describe(conversion *c, const filter_chain *chain, ct_error *err) {
    if (!describe_result(c, chain, err) || !describe_view(c, err)) {
        return false;
    }
    const filter_program *program = &c->source.program;
    c->result->luma = c->source.luma;
    c->result->scaled = c->source.scaled;
    c->result->out = image_of(written(c), c->target.format);
    c->result->stages = program->count;
    c->result->range = program->range;
    c->result->threshold = program->threshold;
    return true;
}

/* A sheet is another picture. */
static bool carry_meta(conversion *c, ct_error *err) {
    if (c->view.sheet) {
        return true;
    }
    const bool ok =
        app_source_carry_meta(&c->source, c->call, &c->source.program, &c->target.info, err);
    if (c->view.on) {
        codec_meta_drop_color(&c->target.info.meta);
    }
    return ok;
}

static bool make_record(conversion *c, const filter_chain *chain, ct_error *err) {
    const codec_info depth = app_source_depth(&c->source, c->target.format), *in = &depth;
    const app_record_facts facts = {
        .format = c->target.format,
        .depth = !c->view.on && c->target.info.sample != app_output_sample(0, c->target.format, in),
        /* In place, the output is the file being read: somebody else's stays theirs. */
        .edited = c->call->in_place && !app_is_ours(c->source.fd),
    };
    return app_record(c->call, chain, &facts, c->record, err);
}

/* What all outputs of the call have in common, and the record. */
static codec_options writer_options(const conversion *c) {
    codec_options options = codec_default_options();
    options.max_memory = c->call->limits.max_memory;
    options.keeper = c->job->template ? NULL : c->hand->codec; /* it serves one writer at a time */
    options.planes = c->call->limits.planes;
    options.record = c->call->strip ? NULL : c->record;
    if (c->call->quality >= 0) {
        options.quality = c->call->quality;
    }
    if (c->call->compression >= 0) {
        options.compression = c->call->compression;
    }
    return options;
}

static bool open_file(conversion *c, const codec_info *info, codec_writer **writer, ct_error *err) {
    codec_options options = writer_options(c);
    if (app_makes_directory(c->call, c->job) && c->job->output_fd < 0 &&
        !app_make_directory_of(c->job->output, err)) {
        return false;
    }
    c->output_open = true;
    const bool absent = c->before.absent && !c->call->force; /* which doesn't look again */
    if (!app_output_open(&c->output, c->job->output, c->job->output_fd, absent, err)) {
        return false;
    }
    options.record = c->output.direct ? NULL : options.record;
    const codec_sink sink = {.put = app_output_put,
                             .context = &c->output,
                             .put_at = c->output.direct ? NULL : app_output_put_at};
    *writer = codec_create(c->target.format, info, &options, sink, err);
    return *writer != NULL;
}

static bool open_maps(conversion *c, const codec_info *info, ct_error *err) {
    const codec_options options = writer_options(c);
    const app_map_files_of of = {.call = c->call,
                                 .job = c->job,
                                 .format = c->target.format,
                                 .info = info,
                                 .options = &options};
    const bool ok = app_map_files_open(&c->maps, &of, err);
    c->result->where = app_output_name(c->maps.where);
    return ok;
}

/* What takes rows for a writer (NULL: none) and shows them too, if they are what is shown. */
static bool show(conversion *c, bool shown, codec_writer *writer, codec_writer **top,
                 ct_error *err) {
    *top = shown && c->result->shown ? app_shown_open(c->result->shown, writer, err) : writer;
    return *top != NULL;
}

/* The picture of a view is what is shown; where each channel has its own, the numbers are. */
static bool open_view(conversion *c, const codec_info *info, ct_error *err) {
    const bool each = c->job->template != NULL;
    codec_writer *picture = NULL;
    if (!(each ? open_maps(c, info, err) : c->job->shown || open_file(c, info, &c->picture, err)) ||
        (!each && !show(c, true, c->picture, &picture, err))) {
        return false;
    }
    codec_writer *const *pictures = each ? c->maps.writers : &picture;
    c->writer = codec_create_view(&c->view.how, &c->target.info, c->view.sheet, pictures,
                                  c->call->limits.max_memory, err);
    return c->writer && show(c, each, c->writer, &c->top, err);
}

static bool open_output(conversion *c, const filter_chain *chain, ct_error *err) {
    codec_info info = *written(c);
    info.meta = c->target.info.meta;
    if (!make_record(c, chain, err)) {
        return false;
    }
    if (c->view.on) {
        return open_view(c, &info, err);
    }
    return (c->job->shown || open_file(c, &info, &c->writer, err)) &&
           show(c, true, c->writer, &c->top, err);
}

/* Gives what was written its name. *kept: --no-clobber keeps what appeared there meanwhile. */
static bool commit(conversion *c, bool *kept, ct_error *err) {
    bool ok;
    *kept = false;
    if (c->job->shown) {
        return true;
    }
    if (c->job->template) {
        ok = app_map_files_commit(&c->maps, c->call, err);
        c->result->where = app_output_name(c->maps.where);
        c->result->bytes = c->maps.bytes;
        return ok;
    }
    ok = app_output_commit(&c->output, c->call->force ? NULL : &c->before, err);
    c->result->bytes = c->output.bytes;
    *kept = !ok && c->call->no_clobber && c->output.taken;
    return ok || *kept;
}

/* Whether the range of values is wanted, which costs a tenth of the time: for the report, for a
 * threshold in 8-bit numbers on a deeper image, which all values may pass, and for a picture of
 * plain numbers, whose white may be another. */
static bool wants_range(const conversion *c) {
    const filter_threshold *t = &c->source.program.threshold;
    const codec_info *in = codec_reader_info(c->source.reader);
    const bool picture = in->plain && !codec_format_plain(c->target.format);
    return c->call->json || picture || (t->stage >= 0 && t->white > 255 && t->value <= 255);
}

static bool is_timed(const app_call *call) {
    return call->json || call->talk == APP_VERBOSE;
}

/* Adds what this thread did before the first row and after the last. */
static void add_times(conversion *c, double start) {
    flow_times *times = &c->result->report.times;
    const double before = c->begun - start, after = ct_clock_thread() - c->ran;
    times->all.decoding += before;
    times->all.encoding += after;
    times->serial += before + after;
}

static flow_options options_of(const conversion *c) {
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

static app_frames frames_of(conversion *c, const filter_chain *chain) {
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

static bool run(conversion *c, app_frames *frames, ct_error *err) {
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

/* Whether the format can hold what the chain makes of the image. Where gray would fit, the error
 * says how to get it, or a sheet of all channels. */
static bool check_format(conversion *c, const filter_chain *chain, ct_error *err) {
    if (app_view_fits(&c->view, c->call, c->target.format, err) &&
        codec_format_check(c->target.format, written(c), err)) {
        return true;
    }
    c->result->refused = true;
    if (c->view.on) {
        return false;
    }
    if (c->target.info.channels > MOST_PICTURE) {
        /* The input's channels can be picked, but not those that filters made. */
        const bool many = c->source.channels > MOST_PICTURE;
        return ct_fail(err,
                       "%d channels, more than %s holds: try --maps, or -o '{stem}-{map}.%s' for "
                       "a file each, %sor write .npy or .txt",
                       c->target.info.channels, codec_format_name(c->target.format),
                       codec_format_name(c->target.format),
                       many ? "or --channels 0-2 of the input's, " : "");
    }
    codec_info gray = c->target.info;
    const int colors = gray.channels - (gray.alpha ? 1 : 0);
    char text[sizeof err->text];
    memcpy(text, err->text, sizeof text);
    gray.channels -= colors - 1;
    if (colors == 1 || !codec_format_check(c->target.format, &gray, NULL)) {
        return false;
    }
    return colors == 3 ? ct_fail(err, "%s, or put gray first: convtool gray,%s%s...", text,
                                 filter_chain_stage_text(chain, 0),
                                 filter_chain_length(chain) > 1 ? "," : " ")
                       : ct_fail(err, "%s, or try --maps", text);
}

/* Names the maps of an input that nobody could look at before, as it's a pipe; then what has those
 * names is judged now. */
static bool name_maps(conversion *c, const filter_chain *chain, ct_error *err) {
    const int count = c->target.info.channels;
    if (!c->job->template || c->job->map_count == count) {
        return true;
    }
    app_job *own = &c->result->named;
    *own = *c->job;
    own->taps = NULL; /* they stay the job's */
    own->tap_count = 0;
    own->maps = NULL;
    own->map_count = 0;
    own->output = strdup(c->job->output);
    c->job = own;
    app_jobs only = {.list = own, .count = 1};
    if (!own->output) {
        return ct_fail(err, "out of memory");
    }
    if (!app_maps_name(own, count, err) || !app_maps_existing_check(c->call, chain, &only, err)) {
        c->result->where = NULL; /* the error names the map */
        return false;
    }
    return true;
}

/* What looks at the rows on their way. */
static bool plan_watching(conversion *c, const app_job *job, const filter_chain *chain,
                          ct_error *err) {
    const bool ok = (!c->call->trace && job->tap_count == 0) ||
                    app_watching_plan(&c->watching, c->call, chain, job, &c->source, err);
    c->result->refused = !ok && c->watching.refused;
    c->result->where = ok || !c->watching.where ? c->result->where : c->watching.where;
    return ok;
}

/* With --view: what is shown of the result. */
static bool plan_shown(conversion *c, ct_error *err) {
    const bool each = c->job->template != NULL, plain = codec_reader_info(c->source.reader)->plain;
    return !c->result->shown ||
           app_shown_plan(c->result->shown, each ? &c->target.info : written(c), plain,
                          c->source.program.names, err);
}

/* Opens the outputs, makes the rows, and gives the files their names. */
static bool make(conversion *c, const filter_chain *chain, app_frames *frames, ct_error *err) {
    c->result->where = app_output_name(c->job->output);
    if (!open_output(c, chain, err)) {
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
    if (!commit(c, &kept, err)) {
        return false;
    }
    c->result->status = kept ? APP_KEPT : APP_WRITTEN;
    return true;
}

static bool start_shown(conversion *c, ct_error *err) {
    return !c->call->showing || (c->result->shown = app_shown_new(c->call, c->job, err));
}

static bool convert(conversion *c, const filter_chain *chain, ct_error *err) {
    if (!start_shown(c, err) || !open_input(c, err) || !describe(c, chain, err)) {
        return false;
    }
    c->result->where = app_output_name(c->job->output);
    if (!app_frame_fits(written(c), &c->call->limits, err) || !check_format(c, chain, err) ||
        !app_terminal_takes(c->job, c->target.format, err) || !carry_meta(c, err) ||
        !plan_watching(c, c->job, chain, err) || !plan_shown(c, err) || !name_maps(c, chain, err)) {
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
    conversion c = {.call = call,
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

void app_result_free(app_result *result) {
    app_trace_free(result->trace);
    app_shown_free(result->shown);
    result->trace = NULL;
    result->shown = NULL;
    ct_text_free(&result->said);
    app_job_free(&result->named);
}
