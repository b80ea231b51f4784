/* The engine's own values after each stage. */
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/commands/explain_values.h"
#include "base/checked.h"
#include "base/text.h"
#include "flow/flow.h"

/* Room for a whole image, rows without gaps. */
static void *new_image(const explain_image *image, const codec_info *info, ct_error *err) {
    size_t size;
    if (!ct_mul(codec_row_bytes(info), (size_t)info->height, &size)) {
        size = SIZE_MAX;
    }
    if (size > image->memory) {
        ct_fail(err,
                "%dx%d pixels of %d channel%s need %s of memory; the limit is %s "
                "(--max-memory)",
                info->width, info->height, info->channels, info->channels == 1 ? "" : "s",
                ct_size_of(size).text, ct_size_of(image->memory).text);
        return NULL;
    }
    void *rows = malloc(size);
    if (!rows) {
        ct_fail(err, "out of memory");
    }
    return rows;
}

bool explain_image_read(explain_image *image, codec_reader *reader, ct_error *err) {
    image->info = *codec_reader_info(reader);
    image->info.meta = (codec_meta){.srgb_intent = -1};
    const size_t pitch = codec_row_bytes(&image->info);
    if (!(image->pixels = new_image(image, &image->info, err))) {
        return false;
    }
    for (int y = 0; y < image->info.height; y++) {
        if (!codec_read_row(reader, (char *)image->pixels + (size_t)y * pitch, err)) {
            return false;
        }
    }
    return true;
}

bool explain_image_shapes(explain_image *image, ct_error *err) {
    int count = image->program.count;
    image->shapes = calloc((size_t)count + 1, sizeof *image->shapes);
    if (!image->shapes) {
        return ct_fail(err, "out of memory");
    }
    image->shapes[0] = (conv_shape){image->info.width, image->info.height, image->info.channels};
    for (int i = 0; i < count; i++) {
        if (!conv_stage_shape(&image->program.stages[i], image->shapes[i], &image->shapes[i + 1],
                              err)) {
            return false;
        }
    }
    return true;
}

void explain_image_free(explain_image *image) {
    free(image->pixels);
    free(image->shapes);
    free(image->middle);
    filter_program_free(&image->program);
}

/* The image after `count` stages, as floats. */
static codec_info float_info(const explain_image *image, int count) {
    conv_shape shape = image->shapes[count];
    return (codec_info){.width = shape.width,
                        .height = shape.height,
                        .channels = shape.channels,
                        .sample = CODEC_F32,
                        .meta = {.srgb_intent = -1}};
}

static conv_samples known_after(const explain_image *image, int count) {
    const conv_samples own = conv_samples_of(flow_type_of(image->info.sample));
    return conv_samples_after(image->program.stages, count, own);
}

/* Runs the flow from the held image, or from the input, through the first `count` stages. */
static bool run_to(explain_image *image, int count, int alpha, float *made, flow_report *report,
                   ct_error *err) {
    int begin = image->held <= count ? image->held : 0;
    codec_info from = begin ? float_info(image, begin) : image->info;
    codec_info to = float_info(image, count);
    flow_options options = {.memory = image->memory, .alpha = alpha};
    codec_reader *reader = codec_open_image(
        &from, begin ? (const void *)image->middle : image->pixels, codec_row_bytes(&from), err);
    codec_writer *writer = reader ? codec_create_image(&to, made, codec_row_bytes(&to), err) : NULL;
    const flow_job job = {.in = reader,
                          .stages = image->program.stages + begin,
                          .count = count - begin,
                          .out = writer,
                          .out_info = &to,
                          .known = known_after(image, begin)};
    bool ok = writer && flow_run(&job, &options, report, err);
    codec_writer_free(writer);
    if (reader) {
        codec_close(reader);
    }
    return ok;
}

/* Makes image->middle the result of the first `count` stages. */
static bool hold(explain_image *image, int count, int alpha, ct_error *err) {
    codec_info info = float_info(image, count);
    float *made = new_image(image, &info, err);
    flow_report report;
    if (!made || !run_to(image, count, alpha, made, &report, err)) {
        free(made);
        return false;
    }
    free(image->middle);
    image->middle = made;
    image->held = count;
    image->held_stats = report.stats;
    return true;
}

bool explain_range(explain_image *image, int count, int alpha, float *low, float *high,
                   ct_error *err) {
    if (image->ranged != count + 1) {
        if (!hold(image, count, alpha, err)) {
            return false;
        }
        image->ranged = count + 1;
        image->range = image->held_stats;
        if (conv_is_flat(&image->range, known_after(image, count))) {
            image->range.max = image->range.min;
        }
    }
    *low = image->range.min;
    *high = image->range.max;
    return true;
}

const float *explain_whole(explain_image *image, int count, ct_error *err) {
    return image->held == count && count > 0 ? image->middle
           : hold(image, count, -1, err)     ? image->middle
                                             : NULL;
}

bool explain_otsu(explain_image *image, int index, conv_stage *stage, double *threshold,
                  ct_error *err) {
    const conv_stage *otsu = &image->program.stages[index];
    const float *values = explain_whole(image, index, err);
    const conv_samples known = known_after(image, index);
    if (!values) {
        return false;
    }
    const conv_image whole = {image->shapes[index], CONV_F32,
                              conv_row_bytes(image->shapes[index], CONV_F32), image->middle};
    if (!conv_otsu(&whole, otsu->window.alpha, conv_otsu_is_absolute(otsu),
                   known.whole && known.noise == 0, threshold)) {
        return ct_fail(err, "out of memory");
    }
    *stage = conv_otsu_stage(otsu, *threshold);
    return true;
}

typedef struct rows {
    const char *first;
    size_t pitch;
} rows;

static const void *give_row(void *context, int y) {
    const rows *r = context;
    return r->first + (size_t)y * r->pitch;
}

/* Stages that a plan may have; after so many the image is held, so that the time to explain a chain
 * grows with its length, not its square. */
enum { FAR = 64 };

/* The last of the first `count` stages that needs its whole input, plus one; 0: none does. A plan
 * can begin after it. */
static int after_barrier(const explain_image *image, int count) {
    while (count > 0 && !conv_stage_is_whole(&image->program.stages[count - 1])) {
        count--;
    }
    return count;
}

/* Finds where a plan for the first `count` stages begins: at the input (0) or at the held image,
 * which may have to be made first. */
static bool find_start(explain_image *image, int count, int *begin, ct_error *err) {
    const int barrier = after_barrier(image, count);
    float low, high;
    *begin = barrier;
    if (image->held > barrier && image->held <= count) {
        *begin = image->held;
    } else if (barrier > 0 && image->held != barrier) {
        const conv_stage *stage = &image->program.stages[barrier - 1];
        if ((stage->op == CONV_NORMALIZE &&
             !explain_range(image, barrier - 1, stage->window.alpha, &low, &high, err)) ||
            !hold(image, barrier, -1, err)) {
            return false;
        }
    }
    if (count - *begin > FAR) {
        *begin += (count - 1 - *begin) / FAR * FAR;
        return hold(image, *begin, -1, err);
    }
    return true;
}

bool explain_row(explain_image *image, int count, conv_type type, int y, void *row, ct_error *err) {
    int begin;
    if (!find_start(image, count, &begin, err)) {
        return false;
    }
    bool whole = begin == 0;
    rows source = {whole ? image->pixels : (const void *)image->middle,
                   whole ? codec_row_bytes(&image->info)
                         : (size_t)image->shapes[begin].width *
                               (size_t)image->shapes[begin].channels * sizeof(float)};
    conv_plan *plan =
        conv_plan_new(image->program.stages + begin, count - begin, image->shapes[begin],
                      whole ? flow_type_of(image->info.sample) : CONV_F32, type, err);
    if (!plan) {
        return false;
    }
    conv_worker *worker = conv_worker_new(plan, -1);
    if (worker) {
        conv_stats stats;
        conv_stats_none(&stats);
        conv_worker_run(worker, y, y + 1, give_row, &source, row, 0, &stats);
        conv_worker_free(worker);
    } else {
        ct_fail(err, "out of memory");
    }
    conv_plan_free(plan);
    return worker != NULL;
}

bool explain_pixel(explain_image *image, int count, int x, int y, float *pixel, ct_error *err) {
    conv_shape shape = image->shapes[count];
    float *row = malloc((size_t)shape.width * (size_t)shape.channels * sizeof *row);
    bool ok =
        row ? explain_row(image, count, CONV_F32, y, row, err) : ct_fail(err, "out of memory");
    if (ok) {
        memcpy(pixel, row + (size_t)x * (size_t)shape.channels,
               (size_t)shape.channels * sizeof *pixel);
    }
    free(row);
    return ok;
}

/* ---- names ---- */

/* The program's names are those of its last layer's filters. */
static bool are_named(const explain_image *image, int count) {
    for (int i = image->program.count - 1; i >= count; i--) {
        if (image->program.stages[i].op == CONV_LAYER) {
            return false;
        }
    }
    return image->program.names &&
           image->shapes[count].channels == image->shapes[image->program.count].channels;
}

/* A picture's colour; NULL where the channels are something else. */
static const char *color_name(const explain_image *image, int count, int c) {
    static const char *const colors[] = {"red", "green", "blue", "alpha"};
    static const char *const grays[] = {"gray", "alpha"};
    const int channels = image->shapes[count].channels;
    for (int i = 0; i < count; i++) {
        const conv_stage *s = &image->program.stages[i];
        const bool weighed = s->op == CONV_POINT && s->point == CONV_WEIGH;
        if (s->op == CONV_LAYER || (i == count - 1 && weighed)) {
            return NULL;
        }
    }
    if (image->info.plain) {
        return NULL;
    }
    return channels == 3 || (channels == 4 && image->info.alpha) ? colors[c]
           : channels == 2 && image->info.alpha                  ? grays[c]
                                                                 : NULL;
}

bool explain_channel_name(ct_text *out, const char *before, const explain_image *image, int count,
                          int c) {
    const bool named = are_named(image, count);
    const char *color = named ? NULL : color_name(image, count, c);
    return (!named && !color) ||
           (ct_text_print(out, "%s", before) &&
            (named ? app_escape(out, image->program.names[c]) : ct_text_print(out, "%s", color)));
}
