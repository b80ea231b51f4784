#include "app/run/convert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/existing.h"
#include "app/run/output.h"
#include "app/run/progress.h"
#include "app/run/record.h"
#include "app/run/warnings.h"

/* Everything that a conversion holds, so that one place can free it. */
typedef struct conversion {
    const app_call *call;
    const app_job *job;
    app_result *result;
    int fd;
    codec_reader *reader;
    const codec_format *format;
    filter_program program;
    codec_info out;
    app_output output;
    bool output_open;
    app_seen before; /* the output's file, as it was when it was checked or read */
    char record[CODEC_RECORD_MOST + 1];
    codec_writer *writer;
} conversion;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int app_sample_bits(codec_sample sample) {
    return (int)codec_sample_size(sample) * 8;
}

filter_image app_filter_image(const codec_info *info, double out_white) {
    return (filter_image){
        .width = info->width,
        .height = info->height,
        .channels = info->channels,
        .alpha = info->alpha,
        .white = codec_info_white(info),
        .out_white = out_white,
        .real = info->sample == CODEC_F32,
    };
}

codec_sample app_output_sample(const app_call *call, const codec_format *format,
                               const codec_info *in) {
    if (call->depth) {
        return call->depth == 16 ? CODEC_U16 : CODEC_U8;
    }
    codec_sample nearest = format ? codec_format_sample(format, in->sample) : in->sample;
    bool narrowed = in->sample == CODEC_U16 && nearest == CODEC_U8;
    return narrowed && !codec_format_lossy(format) ? in->sample : nearest;
}

double app_output_white(const app_call *call, const codec_format *format, const codec_info *in) {
    const codec_sample sample = app_output_sample(call, format, in);
    return call->depth ? codec_white(sample)
           : format    ? codec_format_white(format, in, sample)
                       : codec_info_white(in);
}

bool app_read_gray(codec_reader *reader, const filter_program *program) {
    return program->count > 0 && program->stages[0].op == CONV_POINT &&
           program->stages[0].point == CONV_GRAY && codec_reader_gray(reader);
}

static app_image image_of(const codec_info *info, const codec_format *format) {
    return (app_image){.format = format,
                       .width = info->width,
                       .height = info->height,
                       .channels = info->channels,
                       .sample = info->sample,
                       .white = codec_info_white(info)};
}

static bool open_input(conversion *c, ct_error *err) {
    struct stat info = {0};
    const codec_limits *limits = &c->call->limits;
    c->result->where = app_input_name(c->job->input);
    c->before = c->job->before;
    c->fd = c->job->input_fd;
    if (c->fd < 0) {
        c->fd = open(c->job->input, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (c->fd < 0) {
            return ct_fail(err, "can't open: %s", strerror(errno));
        }
        if (fstat(c->fd, &info) == 0 && S_ISDIR(info.st_mode)) {
            const size_t length = strlen(c->job->input);
            return ct_fail(err, "is a directory; expected an image: name those in it, as in %s%s*",
                           c->job->input, c->job->input[length - 1] == '/' ? "" : "/");
        }
    }
    if (c->call->in_place) {
        c->before = (app_seen){.exists = true, .info = info};
    }
    c->reader = codec_open(c->fd, limits, err);
    if (!c->reader) {
        return false;
    }
    c->reader = codec_upright(c->reader, limits, err);
    if (!c->reader) {
        return false;
    }
    c->result->in = image_of(codec_reader_info(c->reader), codec_reader_format(c->reader));
    return true;
}

static bool lower(conversion *c, const filter_chain *chain, double out_white, ct_error *err) {
    filter_image image = app_filter_image(codec_reader_info(c->reader), out_white);
    filter_program_free(&c->program);
    c->program = (filter_program){0};
    return filter_lower(chain, &c->call->settings, &image, &c->program, err);
}

/* Describes the output in a format: what the chain makes of the image, and its metadata. */
static bool describe(conversion *c, const filter_chain *chain, const codec_format *format,
                     ct_error *err) {
    const codec_info *in = codec_reader_info(c->reader);
    const codec_sample sample = app_output_sample(c->call, format, in);
    const double white = app_output_white(c->call, format, in);
    if (!lower(c, chain, white, err)) {
        return false;
    }
    if (app_read_gray(c->reader, &c->program)) {
        c->result->luma = true;
        if (!lower(c, chain, white, err)) {
            return false;
        }
    }
    codec_meta meta = c->out.meta;
    c->out = (codec_info){.width = c->program.out.width,
                          .height = c->program.out.height,
                          .channels = c->program.out.channels,
                          .alpha = c->program.out_alpha,
                          .sample = sample,
                          .white = white,
                          .meta = meta};
    c->format = format;
    c->result->out = image_of(&c->out, format);
    c->result->stages = c->program.count;
    c->result->range = c->program.range;
    c->result->threshold = c->program.threshold;
    return true;
}

/* With the input's own format; but unless the name is kept too, gray from a PPM is a PGM. */
static bool describe_own(conversion *c, const filter_chain *chain, ct_error *err) {
    const codec_format *own = c->result->in.format;
    if (!describe(c, chain, own, err)) {
        return false;
    }
    const codec_format *fitting = codec_format_for(own, c->out.channels);
    return c->call->in_place || fitting == own || describe(c, chain, fitting, err);
}

/* A colour profile describes the channels it was made for. */
static bool carry_meta(conversion *c, ct_error *err) {
    const codec_info *in = codec_reader_info(c->reader);
    if (c->call->strip) {
        return true;
    }
    codec_meta_free(&c->out.meta);
    if (!codec_meta_copy(&c->out.meta, &in->meta)) {
        c->out.meta = (codec_meta){.srgb_intent = -1};
        return ct_fail(err, "out of memory");
    }
    if ((in->channels >= 3) != (c->out.channels >= 3)) {
        codec_meta_drop_color(&c->out.meta);
    }
    return true;
}

static bool make_record(conversion *c, const filter_chain *chain, ct_error *err) {
    app_call usual = *c->call;
    usual.depth = 0;
    const codec_info *in = codec_reader_info(c->reader);
    const app_record_facts facts = {
        .format = c->format,
        .depth = c->out.sample != app_output_sample(&usual, c->format, in),
        /* In place, the output is the file being read: somebody else's stays theirs. */
        .edited = c->call->in_place && !app_is_ours(c->fd),
    };
    return app_record(c->call, chain, &facts, c->record, err);
}

static bool open_output(conversion *c, const filter_chain *chain, ct_error *err) {
    codec_options options = codec_default_options();
    options.max_memory = c->call->limits.max_memory;
    if (c->call->quality >= 0) {
        options.quality = c->call->quality;
    }
    if (c->call->compression >= 0) {
        options.compression = c->call->compression;
    }
    if (!make_record(c, chain, err)) {
        return false;
    }
    if (c->call->mkdir && c->job->output_fd < 0 && !app_make_directory_of(c->job->output, err)) {
        return false;
    }
    c->output_open = true;
    if (!app_output_open(&c->output, c->job->output, c->job->output_fd, err)) {
        return false;
    }
    options.record = c->call->strip || c->output.direct ? NULL : c->record;
    codec_sink sink = {app_output_put, &c->output};
    c->writer = codec_create(c->format, &c->out, &options, sink, err);
    return c->writer != NULL;
}

/* Whether the range of values is wanted, which costs a tenth of the time: for the report, and for a
 * threshold in 8-bit numbers on a deeper image, which all values may pass. */
static bool wants_range(const conversion *c) {
    const filter_threshold *t = &c->program.threshold;
    return c->call->json || (t->stage >= 0 && t->white > 255 && t->value <= 255);
}

static bool run(conversion *c, ct_error *err) {
    app_progress progress;
    app_progress_start(&progress, c->call, c->job->input);
    flow_options options = {
        .jobs = c->call->jobs,
        .memory = c->call->limits.max_memory,
        .measure = wants_range(c),
        .alpha = c->program.out_alpha ? c->program.out.channels - 1 : -1,
        .progress = progress.shown ? app_progress_step : NULL,
        .progress_context = &progress,
    };
    bool from_writer = false;
    bool ok = flow_run(c->reader, c->program.stages, c->program.count, c->writer, &c->out, &options,
                       &c->result->report, &from_writer, err);
    app_progress_end(&progress);
    app_warnings_gather(c->call, c->reader, c->writer, &c->result->warnings);
    c->result->where =
        from_writer ? app_output_name(c->job->output) : app_input_name(c->job->input);
    return ok;
}

/* Refuses an output that our own limits would reject. */
static bool check_size(const codec_info *out, const codec_limits *limits, ct_error *err) {
    uint64_t pixels = (uint64_t)out->width * (uint64_t)out->height;
    if (out->width > limits->max_side || out->height > limits->max_side ||
        pixels > limits->max_pixels) {
        return ct_fail(err, "would have %dx%d pixels; the limit is %d a side and %llu in all",
                       out->width, out->height, limits->max_side,
                       (unsigned long long)limits->max_pixels);
    }
    return true;
}

/* Whether the format can hold what the chain makes of the image. Where gray would fit, the error
 * says how to get it. */
static bool check_format(conversion *c, const filter_chain *chain, ct_error *err) {
    if (codec_format_check(c->format, &c->out, err)) {
        return true;
    }
    c->result->refused = true;
    codec_info gray = c->out;
    gray.channels -= 2;
    if (c->out.channels - (c->out.alpha ? 1 : 0) == 3 &&
        codec_format_check(c->format, &gray, NULL)) {
        char text[sizeof err->text];
        memcpy(text, err->text, sizeof text);
        ct_fail(err, "%s, or put gray first: convtool gray,%s%s...", text,
                filter_chain_stage_text(chain, 0), filter_chain_length(chain) > 1 ? "," : " ");
    }
    return false;
}

static bool convert(conversion *c, const filter_chain *chain, ct_error *err) {
    if (!open_input(c, err)) {
        return false;
    }
    if (!(c->job->format ? describe(c, chain, c->job->format, err) : describe_own(c, chain, err))) {
        return false;
    }
    c->result->where = app_output_name(c->job->output);
    if (!check_size(&c->out, &c->call->limits, err) || !check_format(c, chain, err) ||
        !carry_meta(c, err)) {
        return false;
    }
    if (c->call->dry_run) {
        c->result->status = APP_PLANNED;
        return true;
    }
    if (!open_output(c, chain, err) || !run(c, err)) {
        return false;
    }
    c->result->where = app_output_name(c->job->output);
    const app_replace replace = {
        .seen = c->call->force ? NULL : &c->before,
        .advice = c->call->no_clobber ? "-n keeps it" : "-f replaces it",
    };
    if (!app_output_commit(&c->output, &replace, err)) {
        return false;
    }
    c->result->bytes = c->output.bytes;
    c->result->status = APP_WRITTEN;
    return true;
}

void app_convert(const app_call *call, const filter_chain *chain, const app_job *job,
                 app_result *result) {
    double start = now();
    *result = (app_result){.status = APP_ERROR};
    conversion c = {.call = call, .job = job, .result = result, .fd = -1};
    c.out.meta.srgb_intent = -1;
    if (app_is_kept(call, job)) {
        result->status = APP_KEPT;
    } else if (!convert(&c, chain, &result->error)) {
        result->status = APP_ERROR;
    }
    codec_writer_free(c.writer);
    if (c.output_open) {
        app_output_close(&c.output);
    }
    filter_program_free(&c.program);
    codec_meta_free(&c.out.meta);
    if (c.reader) {
        codec_close(c.reader);
    }
    if (c.fd >= 0 && job->input_fd < 0) {
        close(c.fd);
    }
    result->seconds = now() - start;
}
