#include "lesson/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/text.h"

/* Bytes that an image in memory may take, and all that are kept, one after each stage: of the 4 GiB
 * that WebAssembly has. */
#define MOST_MEMORY ((uint64_t)1 << 30)
#define MOST_KEPT   ((uint64_t)2 << 30)

/* ---- what is there, and goes ---- */

static void drop_values(lesson_session *s) {
    for (int i = 0; s->values && i <= s->program.count; i++) {
        free(s->values[i]);
    }
    free(s->values);
    s->values = NULL;
}

static void drop_program(lesson_session *s) {
    drop_values(s);
    free(s->result);
    free(s->shapes);
    filter_program_free(&s->program);
    s->result = NULL;
    s->shapes = NULL;
    s->program = (filter_program){0};
}

static void drop_chain(lesson_session *s) {
    drop_program(s);
    filter_chain_free(s->chain);
    s->chain = NULL;
}

/* ---- the image ---- */

void *lesson_room(lesson_session *s, size_t bytes) {
    drop_chain(s);
    s->info.width = 0;
    if (bytes > s->room) {
        free(s->pixels);
        s->pixels = malloc(bytes);
        s->room = s->pixels ? bytes : 0;
    }
    return s->pixels;
}

bool lesson_take_image(lesson_session *s, const codec_info *info, ct_error *err) {
    size_t bytes;
    drop_chain(s);
    if (info->width < 1 || info->height < 1 || info->channels < 1 ||
        info->channels > CODEC_MOST_CHANNELS ||
        !ct_mul(codec_row_bytes(info), (size_t)info->height, &bytes) || bytes > s->room) {
        return ct_fail(err, "an image of %dx%d pixels of %d channels isn't what the samples are",
                       info->width, info->height, info->channels);
    }
    s->info = *info;
    return true;
}

/* ---- the chain ---- */

static bool set_option(lesson_session *s, filter_defaults *defaults, const char *name,
                       const char *value, ct_error *err) {
    const struct {
        const char *name, **text;
    } texts[] = {{"padding", &defaults->padding},
                 {"stride", &defaults->stride},
                 {"dilation", &defaults->dilation},
                 {"anchor", &defaults->anchor},
                 {"kernel", &defaults->kernel}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].text = value;
            return true;
        }
    }
    if (strcmp(name, "color") == 0) {
        return filter_color_parse(value, &s->settings.color, err);
    }
    if (strcmp(name, "map") == 0) {
        return filter_map_parse(value, &s->settings.map, err);
    }
    if (strcmp(name, "flip") == 0) {
        defaults->flip = strcmp(value, "true") == 0;
        return true;
    }
    if (strcmp(name, "linear") == 0) {
        s->settings.linear = strcmp(value, "true") == 0;
        return true;
    }
    return ct_fail(err,
                   "unknown option '%s'; expected padding, stride, dilation, anchor, kernel, "
                   "flip, color, map or linear",
                   name);
}

/* Cuts the text into lines; the first is the chain. */
static bool read_options(lesson_session *s, char *text, filter_defaults *defaults, ct_error *err) {
    char *line = strchr(text, '\n');
    while (line) {
        *line++ = '\0';
        char *next = strchr(line, '\n');
        if (next) {
            *next = '\0';
        }
        char *value = strchr(line, '=');
        if (value) {
            *value++ = '\0';
            if (!set_option(s, defaults, line, value, err)) {
                return false;
            }
        }
        line = next;
    }
    return true;
}

static bool find_shapes(lesson_session *s, ct_error *err) {
    s->shapes = calloc((size_t)s->program.count + 1, sizeof *s->shapes);
    if (!s->shapes) {
        return ct_fail(err, "out of memory");
    }
    s->shapes[0] = (conv_shape){s->info.width, s->info.height, s->info.channels};
    for (int i = 0; i < s->program.count; i++) {
        if (!conv_stage_shape(&s->program.stages[i], s->shapes[i], &s->shapes[i + 1], err)) {
            return false;
        }
    }
    return true;
}

bool lesson_take_chain(lesson_session *s, char *text, ct_error *err) {
    filter_defaults defaults = {0};
    drop_chain(s);
    s->settings = (filter_settings){0};
    if (s->info.width < 1) {
        return ct_fail(err, "there is no image");
    }
    if (!read_options(s, text, &defaults, err) ||
        !(s->chain = filter_parse(text, &defaults, err))) {
        return false;
    }
    filter_network network;
    if (filter_chain_network(s->chain, &network)) {
        return ct_fail(err, "net: networks aren't among the filters here; the tab with the drawn "
                            "digit runs some");
    }
    const filter_image image = {.width = s->info.width,
                                .height = s->info.height,
                                .channels = s->info.channels,
                                .alpha = s->info.alpha,
                                .white = codec_info_white(&s->info),
                                .out_white = codec_info_white(&s->info),
                                .real = s->info.sample == CODEC_F32};
    return filter_lower(s->chain, &s->settings, &image, &s->program, err) && find_shapes(s, err);
}

/* ---- runs ---- */

typedef struct keeper {
    float *rows;
    size_t row; /* floats */
} keeper;

static bool keep_rows(void *context, int y, int count, const float *rows, size_t stride,
                      ct_error *err) {
    const keeper *k = context;
    (void)err;
    for (int i = 0; i < count; i++) {
        memcpy(k->rows + (size_t)(y + i) * k->row, (const char *)rows + (size_t)i * stride,
               k->row * sizeof *k->rows);
    }
    return true;
}

/* Whether there is memory for the image after every stage. */
static bool may_keep(const lesson_session *s, ct_error *err) {
    uint64_t all = 0;
    for (int i = 0; i <= s->program.count && all <= MOST_KEPT; i++) {
        const conv_shape shape = s->shapes[i];
        const uint64_t pixels = (uint64_t)shape.width * (uint64_t)shape.height;
        const uint64_t pixel = (uint64_t)shape.channels * sizeof(float);
        all += pixels <= MOST_KEPT / pixel ? pixels * pixel : MOST_KEPT + 1;
    }
    return all <= MOST_KEPT ||
           ct_fail(err, "the images take more than %s", ct_size_of(MOST_KEPT).text);
}

/* Room for the image after every stage, and watches that fill it. */
static bool make_watches(lesson_session *s, flow_watch *watches, keeper *keepers, ct_error *err) {
    for (int i = 0; i <= s->program.count; i++) {
        const conv_shape shape = s->shapes[i];
        size_t bytes;
        keepers[i].row = (size_t)shape.width * (size_t)shape.channels;
        if (!ct_mul(keepers[i].row * sizeof(float), (size_t)shape.height, &bytes) ||
            !(s->values[i] = malloc(bytes))) {
            return ct_fail(err, "out of memory");
        }
        keepers[i].rows = s->values[i];
        watches[i] = (flow_watch){i, keep_rows, &keepers[i]};
    }
    return true;
}

static codec_info result_info(const lesson_session *s) {
    return (codec_info){.width = s->program.out.width,
                        .height = s->program.out.height,
                        .channels = s->program.out.channels,
                        .alpha = s->program.out_alpha,
                        .sample = s->info.sample,
                        .white = s->info.white,
                        .meta = {.srgb_intent = -1}};
}

static bool run_flow(lesson_session *s, const flow_watch *watches, ct_error *err) {
    const codec_info out = result_info(s);
    const flow_options options = {.jobs = 1,
                                  .memory = MOST_MEMORY,
                                  .alpha = out.alpha ? out.channels - 1 : -1,
                                  .measure = true,
                                  .watches = watches,
                                  .watch_count = watches ? s->program.count + 1 : 0};
    codec_reader *reader = codec_open_image(&s->info, s->pixels, codec_row_bytes(&s->info), err);
    codec_writer *writer =
        reader ? codec_create_image(&out, s->result, codec_row_bytes(&out), err) : NULL;
    const flow_job job = {.in = reader,
                          .stages = s->program.stages,
                          .count = s->program.count,
                          .out = writer,
                          .out_info = &out};
    const bool ok = writer && flow_run(&job, &options, &s->report, err);
    codec_writer_free(writer);
    if (reader) {
        codec_close(reader);
    }
    return ok;
}

static bool run_watched(lesson_session *s, ct_error *err) {
    const size_t places = (size_t)s->program.count + 1;
    flow_watch *watches = calloc(places, sizeof *watches);
    keeper *keepers = calloc(places, sizeof *keepers);
    drop_values(s);
    s->values = calloc(places, sizeof *s->values);
    bool ok = watches && keepers && s->values ? may_keep(s, err) : ct_fail(err, "out of memory");
    ok = ok && make_watches(s, watches, keepers, err);
    ok = ok && run_flow(s, watches, err);
    free(watches);
    free(keepers);
    return ok;
}

bool lesson_run_chain(lesson_session *s, bool keep, ct_error *err) {
    if (!s->program.stages && !s->shapes) {
        return ct_fail(err, "there is no chain");
    }
    const codec_info out = result_info(s);
    size_t bytes;
    if (!ct_mul(codec_row_bytes(&out), (size_t)out.height, &bytes)) {
        return ct_fail(err, "out of memory");
    }
    if (!s->result && !(s->result = malloc(bytes))) {
        return ct_fail(err, "out of memory");
    }
    return keep ? run_watched(s, err) : run_flow(s, NULL, err);
}
