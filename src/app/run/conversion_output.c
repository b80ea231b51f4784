#include "app/run/conversion.h"

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/existing.h"
#include "app/run/record.h"
#include "app/run/samples.h"

static bool make_record(app_conversion *c, const filter_chain *chain, ct_error *err) {
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
static codec_options writer_options(const app_conversion *c) {
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

static bool open_file(app_conversion *c, const codec_info *info, codec_writer **writer,
                      ct_error *err) {
    codec_options options = writer_options(c);
    const app_destination to = app_destination_of(c->call, c->job, c->job->output, &c->before);
    c->output_open = true;
    if (!app_output_open(&c->output, &to, err)) {
        return false;
    }
    options.record = c->output.direct ? NULL : options.record;
    const codec_sink sink = {.put = app_output_put,
                             .context = &c->output,
                             .put_at = c->output.direct ? NULL : app_output_put_at};
    *writer = codec_create(c->target.format, info, &options, sink, err);
    return *writer != NULL;
}

static bool open_maps(app_conversion *c, const codec_info *info, ct_error *err) {
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
static bool show(app_conversion *c, bool shown, codec_writer *writer, codec_writer **top,
                 ct_error *err) {
    *top = shown && c->result->shown ? app_shown_open(c->result->shown, writer, err) : writer;
    return *top != NULL;
}

/* The picture of a view is what is shown; where each channel has its own, the numbers are. */
static bool open_view(app_conversion *c, const codec_info *info, ct_error *err) {
    const bool each = c->job->template != NULL;
    if (!(each ? open_maps(c, info, err) : c->job->shown || open_file(c, info, &c->picture, err)) ||
        (!each && !show(c, true, c->picture, &c->seen, err))) {
        return false;
    }
    codec_writer *const *pictures = each ? c->maps.writers : &c->seen;
    c->writer = codec_create_view(&c->view.how, &c->target.info, c->view.sheet, pictures,
                                  c->call->limits.max_memory, err);
    return c->writer && show(c, each, c->writer, &c->top, err);
}

bool app_conversion_open_output(app_conversion *c, const filter_chain *chain, ct_error *err) {
    codec_info info = *app_conversion_written(c);
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
bool app_conversion_commit(app_conversion *c, bool *kept, ct_error *err) {
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
