#include "app/run/conversion.h"

#include <string.h>

#include "app/call/message.h"
#include "app/run/existing.h"
#include "app/run/maps.h"

enum { MOST_PICTURE = 4 }; /* channels: colours and alpha */

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
const codec_info *app_conversion_written(const app_conversion *c) {
    return c->view.on ? &c->view.picture : &c->target.info;
}

/* What the input is, opened or not. Only what isn't read as the format that it's named for is read
 * once more. */
static app_kind kind_of_input(const app_conversion *c, bool opened) {
    const app_input *from = c->job->from;
    const bool named =
        opened && codec_reader_format(c->source.reader) == codec_format_by_path(from->path);
    return named || !from->unread || c->source.fd < 0
               ? APP_IMAGE
               : app_kind_of(c->source.fd, &c->source.file, from->path);
}

bool app_conversion_open_input(app_conversion *c, ct_error *err) {
    const app_source_of of = {.path = c->job->input,
                              .fd = c->job->input_fd,
                              .hand = c->hand,
                              .threads = c->threads,
                              .tells = c->call->talk == APP_VERBOSE,
                              .watch = c->call->showing == APP_SHOW_BOTH ? app_shown_watch : NULL,
                              .watcher = c->result->shown};
    c->result->where = app_input_name(of.path);
    const bool opened = app_source_open(&c->source, &of, c->call, err);
    c->result->kind = kind_of_input(c, opened);
    if (!opened || c->result->kind != APP_IMAGE) {
        return c->result->kind != APP_IMAGE;
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
static bool describe_view(app_conversion *c, ct_error *err) {
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
static bool needs_sheet(const app_conversion *c) {
    return c->job->shown && !c->call->maps && !codec_is_picture(&c->target.info);
}

static bool describe_result(app_conversion *c, const filter_chain *chain, ct_error *err) {
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
bool app_conversion_describe(app_conversion *c, const filter_chain *chain, ct_error *err) {
    if (!describe_result(c, chain, err) || !describe_view(c, err)) {
        return false;
    }
    const filter_program *program = &c->source.program;
    c->result->luma = c->source.luma;
    c->result->scaled = c->source.scaled;
    c->result->out = image_of(app_conversion_written(c), c->target.format);
    c->result->stages = program->count;
    c->result->range = program->range;
    c->result->threshold = program->threshold;
    return true;
}

/* A sheet is another picture. */
bool app_conversion_carry_meta(app_conversion *c, ct_error *err) {
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

/* Whether the format can hold what the chain makes of the image. Where gray would fit, the error
 * says how to get it, or a sheet of all channels. */
bool app_conversion_check_format(app_conversion *c, const filter_chain *chain, ct_error *err) {
    if (app_view_fits(&c->view, c->call, c->target.format, err) &&
        (c->job->shown || /* of which no file is made: any depth can be shown */
         codec_format_check(c->target.format, app_conversion_written(c), err))) {
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
bool app_conversion_name_maps(app_conversion *c, const filter_chain *chain, ct_error *err) {
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
