#include "app/run/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/run/network.h"
#include "app/run/samples.h"
#include "app/run/spread.h"

static bool fail_directory(const app_source_of *of, ct_error *err) {
    const char *slash = of->path[strlen(of->path) - 1] == '/' ? "" : "/";
    return ct_fail(err, "is a directory; expected an image: name %s in it, as in %s%s%s%s",
                   of->only ? "one" : "those", of->path, slash, of->only ? "in.png" : "*",
                   of->only ? "" : ", or add -r");
}

/* Such a file, if the name lacks its format's extension: "7.png" beside "7". */
static bool find_extended(const char *path, ct_text *found) {
    for (size_t i = 0; codec_format_at(i); i++) {
        const char *at = codec_format_extensions(codec_format_at(i));
        for (size_t length; (length = strcspn(at, " ")) > 0; at += length + (at[length] == ' ')) {
            ct_text_free(found);
            if (ct_text_print(found, "%s.%.*s", path, (int)length, at) &&
                access(found->bytes, F_OK) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool fail_open(const char *path, int error, ct_error *err) {
    ct_text near = {0};
    if (error == ENOENT && find_extended(path, &near)) {
        ct_fail(err, "can't open: %s; did you mean %s?", strerror(error), near.bytes);
    } else {
        ct_fail(err, "can't open: %s", strerror(error));
    }
    ct_text_free(&near);
    return false;
}

static bool open_file(app_source *source, const app_source_of *of, ct_error *err) {
    if (of->fd >= 0) {
        source->fd = of->fd;
        return true;
    }
    source->fd = open(of->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    source->owned = source->fd >= 0;
    if (!source->owned) {
        return fail_open(of->path, errno, err);
    }
    return fstat(source->fd, &source->file) != 0 || !S_ISDIR(source->file.st_mode) ||
           fail_directory(of, err);
}

/* A file that was opened here was also examined. */
static codec_reader *open_reader(const app_source *source, const codec_limits *limits,
                                 ct_error *err) {
    const off_t size = S_ISREG(source->file.st_mode) ? source->file.st_size : 0;
    return source->owned ? codec_open_file(source->fd, (uint64_t)size, limits, err)
                         : codec_open(source->fd, limits, err);
}

bool app_source_run_network(app_source *source, const app_source_of *of, const app_call *call,
                            ct_error *err) {
    source->read = *codec_reader_info(source->reader);
    source->read.meta = (codec_meta){.srgb_intent = -1};
    if (!call->network) {
        return true;
    }
    const app_network_reading how = {.network = call->network,
                                     .call = call,
                                     .threads = call->trace       ? 1
                                                : of->threads > 0 ? of->threads
                                                                  : app_threads(call),
                                     .kept = of->hand ? &of->hand->network : NULL,
                                     .said = of->tells ? &source->said : NULL,
                                     .trace = call->trace ? &source->net_trace : NULL};
    source->networked = true;
    source->reader = app_network_reader(&how, source->reader, err);
    return source->reader != NULL;
}

/* Whether app_source_open can open the same again. */
static bool comes_once(const app_source *source) {
    return !source->owned || !S_ISREG(source->file.st_mode);
}

bool app_source_open(app_source *source, const app_source_of *of, const app_call *call,
                     ct_error *err) {
    const codec_limits *limits = &call->limits;
    codec_limits own = *limits;
    own.keeper = of->hand ? of->hand->codec : NULL;
    *source = (app_source){.fd = -1, .hand = of->hand};
    if (!open_file(source, of, err) || !(source->reader = open_reader(source, &own, err)) ||
        !(source->reader = codec_upright(source->reader, limits, err)) ||
        (call->channels && !(source->reader = codec_pick(source->reader, call->picks,
                                                         call->pick_count, limits, err))) ||
        (of->watch && comes_once(source) &&
         !(source->reader = of->watch(of->watcher, source->reader, err))) ||
        !app_source_run_network(source, of, call, err)) {
        return false;
    }
    source->channels = codec_reader_info(source->reader)->channels;
    return true;
}

codec_info app_source_depth(const app_source *source, const codec_format *format) {
    codec_info info = *codec_reader_info(source->reader);
    const bool floats = format && (codec_format_plain(format) ||
                                   codec_format_sample(format, CODEC_F32) == CODEC_F32);
    if (source->networked && !info.plain && !floats && source->read.sample != CODEC_F32) {
        info.sample = source->read.sample;
        info.white = 0;
    }
    return info;
}

bool app_source_lower(app_source *source, const app_call *call, const filter_chain *chain,
                      const codec_format *format, ct_error *err) {
    source->luma = filter_starts_gray(chain, &call->settings) && codec_reader_gray(source->reader);
    const codec_info *info = codec_reader_info(source->reader);
    const codec_info depth = app_source_depth(source, format);
    source->out_sample = app_output_sample(call->depth, format, &depth);
    source->out_white = app_output_white(call, format, &depth);
    if (source->numbers) {
        source->out_sample = CODEC_F32;
        source->out_white = info->plain ? source->out_white : codec_info_white(info);
    }
    /* Plain numbers are never scaled: in a picture white is the picture's, and numbers made of a
     * picture keep its white. */
    const bool to_plain = format && codec_format_plain(format);
    const double white = info->plain && !to_plain ? source->out_white : codec_info_white(info);
    source->scaled = !info->plain && !to_plain && white != source->out_white;
    source->image = (filter_image){
        .width = info->width,
        .height = info->height,
        .channels = info->channels,
        .alpha = info->alpha,
        .white = white,
        .out_white = source->scaled ? source->out_white : white,
        .real = info->sample == CODEC_F32,
    };
    return (source->hand && app_hand_take(source->hand, &source->image, &source->program)) ||
           filter_lower(chain, &call->settings, &source->image, &source->program, err);
}

codec_info app_source_result(const app_source *source, const filter_program *program,
                             codec_sample sample, double white) {
    codec_info info = {.width = program->out.width,
                       .height = program->out.height,
                       .channels = program->out.channels,
                       .alpha = program->out_alpha,
                       .sample = sample,
                       .white = white,
                       .meta = {.srgb_intent = -1},
                       .video = codec_reader_info(source->reader)->video};
    if (program->turned) {
        uint32_t *aspect = info.video.aspect, width = aspect[0];
        aspect[0] = aspect[1];
        aspect[1] = width;
    }
    return info;
}

bool app_source_describe(app_source *source, const app_call *call, const filter_chain *chain,
                         const codec_format *asked, app_target *target, ct_error *err) {
    if (!app_source_lower(source, call, chain, target->format, err)) {
        return false;
    }
    const filter_program *program = &source->program;
    /* Unless the format was asked for or the name is kept, gray from a PPM is a PGM. */
    if (!asked && !call->in_place) {
        target->format = codec_format_for(target->format, program->out.channels);
    }
    const codec_meta meta = target->info.meta;
    target->info = app_source_result(source, program, source->out_sample, source->out_white);
    target->info.meta = meta;
    target->info.plain = codec_format_plain(target->format) ||
                         (source->numbers && codec_reader_info(source->reader)->plain);
    return true;
}

/* A colour profile describes the channels it was made for, EXIF the image's size. */
bool app_source_carry_meta(const app_source *source, const app_call *call,
                           const filter_program *program, codec_info *info, ct_error *err) {
    const codec_info *in = codec_reader_info(source->reader);
    if (call->strip) {
        return true;
    }
    if (!codec_meta_copy(&info->meta, &in->meta)) {
        info->meta = (codec_meta){.srgb_intent = -1};
        return ct_fail(err, "out of memory");
    }
    if ((in->channels >= 3) != (info->channels >= 3)) {
        codec_meta_drop_color(&info->meta);
    }
    codec_meta_resize(&info->meta, info->width, info->height, program->turned);
    return true;
}

void app_source_close(app_source *source) {
    if (source->hand && source->program.stages) {
        app_hand_give(source->hand, &source->image, &source->program);
    }
    filter_program_free(&source->program);
    ct_text_free(&source->said);
    if (source->reader) {
        codec_close(source->reader);
    }
    app_net_trace_free(source->net_trace);
    if (source->owned) {
        close(source->fd);
    }
    *source = (app_source){.fd = -1};
}
