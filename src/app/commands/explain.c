/* convtool explain: how one output pixel is computed. */
#include "app/commands/explain.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/call/chain_warnings.h"
#include "app/call/message.h"
#include "app/call/parse.h"
#include "app/commands/explain_edges.h"
#include "app/commands/explain_global.h"
#include "app/commands/explain_point.h"
#include "app/commands/explain_stage.h"
#include "app/run/descriptor.h"
#include "app/run/network.h"
#include "app/run/samples.h"
#include "app/run/source.h"
#include "app/run/warnings.h"
#include "flow/flow.h"

typedef struct point {
    int x, y;
} point;

/* One explanation. */
typedef struct session {
    const app_call *call;
    const filter_chain *chain;
    explain_image image;
    int channels; /* the file's */
    double white; /* of the output */
    point *at;    /* at[i]: the pixel that stage i mainly reads; at[count]: the output's */
    explain_style style;
    bool agrees;
    bool unseen; /* a window was too large to be shown and checked */
} session;

/* The program, and the image as a conversion would read it. */
static bool load_image(session *s, app_source *source, ct_error *err) {
    if (!app_source_lower(source, s->call, s->chain, NULL, err)) {
        return false;
    }
    s->channels = source->channels;
    s->white = source->out_white;
    s->image.out = source->out_sample;
    s->image.program = source->program; /* it outlives the source */
    source->program = (filter_program){0};
    return explain_image_read(&s->image, source->reader, err) &&
           explain_image_shapes(&s->image, err);
}

/* Input, program, shapes. */
static bool load(session *s, const char *path, ct_error *err) {
    const app_source_of of = {.path = path, .fd = app_descriptor(path, STDIN_FILENO), .only = true};
    app_source source;
    s->image.memory = s->call->limits.max_memory;
    const bool ok = app_source_open(&source, &of, s->call, err) && load_image(s, &source, err);
    if (ok && s->call->talk != APP_QUIET) {
        codec_warnings warnings = {0};
        app_warnings_gather(s->call, source.reader, NULL, &warnings);
        app_warnings_say(path, &warnings);
    }
    app_source_close(&source);
    return ok;
}

/* The pixels that matter, from the output's back to the input's. */
static bool trace(session *s, ct_error *err) {
    int count = s->image.program.count;
    conv_shape out = s->image.shapes[count];
    if (s->call->at_x >= out.width || s->call->at_y >= out.height) {
        return ct_fail(err, "--at %d,%d lies outside the output, which is %dx%d", s->call->at_x,
                       s->call->at_y, out.width, out.height);
    }
    if (s->call->channel >= out.channels) {
        return ct_fail(err, "--channel %d: the output has %d channel%s, counted from 0",
                       s->call->channel, out.channels, out.channels == 1 ? "" : "s");
    }
    if (!(s->at = calloc((size_t)count + 1, sizeof *s->at))) {
        return ct_fail(err, "out of memory");
    }
    s->at[count] = (point){s->call->at_x, s->call->at_y};
    for (int i = count - 1; i >= 0; i--) {
        s->at[i] = s->at[i + 1];
        explain_centre(&s->image, i, &s->at[i].x, &s->at[i].y);
    }
    return true;
}

/* The option that inserted a stage which the chain doesn't have. */
static const char *inserted_by(const session *s, const conv_stage *stage) {
    if (stage->op == CONV_NORMALIZE) {
        return "--map minmax";
    }
    switch (stage->point) {
    case CONV_SRGB_DECODE:
    case CONV_SRGB_ENCODE:
        return "--linear";
    case CONV_GRAY:
        return "--color gray";
    case CONV_ABS:
        return "--map abs";
    case CONV_SCALE: /* only --map signed adds something */
        return stage->b != 0          ? "--map signed"
               : s->call->depth == 16 ? "--depth 16"
               : s->call->depth == 8  ? "--depth 8"
                                      : "added";
    default:
        return "added";
    }
}

/* "2. sobel:padding=zero: gradient, at 10,20". */
static bool print_title(const session *s, int index, ct_error *err) {
    int origin = s->image.program.origin[index];
    ct_text name = {0};
    bool ok = app_escape(&name, origin >= 0 ? filter_chain_stage_text(s->chain, (size_t)origin)
                                            : inserted_by(s, &s->image.program.stages[index]));
    if (ok) {
        printf("\n%d. %s%.200s%s: %s, at %d,%d\n", index + 1, s->style.strong, name.bytes,
               s->style.plain, explain_stage_words(&s->image.program.stages[index]),
               s->at[index + 1].x, s->at[index + 1].y);
    }
    ct_text_free(&name);
    return ok || ct_fail(err, "out of memory");
}

static bool explain_one(session *s, int index, bool full, ct_error *err) {
    float from[CONV_MAX_CHANNELS], to[CONV_MAX_CHANNELS];
    explain_image *image = &s->image;
    const conv_stage *stage = &image->program.stages[index];
    point here = s->at[index + 1];
    /* --channel counts the output's channels: a stage with others shows all. */
    int channels = image->shapes[index + 1].channels;
    int channel = channels == image->shapes[image->program.count].channels ? s->call->channel : -1;
    if (!explain_pixel(image, index, s->at[index].x, s->at[index].y, from, err) ||
        !explain_pixel(image, index + 1, here.x, here.y, to, err) || !print_title(s, index, err)) {
        return false;
    }
    if (stage->op == CONV_GLOBAL) {
        return explain_global_stage(&s->style, image, index, channel, to, &s->agrees, err);
    }
    if (stage->op == CONV_LINK) {
        return explain_link(&s->style, image, index, here.x, here.y, channel, to, &s->agrees, err);
    }
    if (!conv_stage_has_window(stage)) {
        return explain_point_stage(&s->style, image, index, channel, from, to, &s->agrees, err);
    }
    const explain_window window = explain_window_place(image, index, here.x, here.y);
    printf("   window %dx%d, from column %d and row %d", window.width, window.height,
           window.first_x, window.first_y);
    if (stage->window.dilation_x > 1 || stage->window.dilation_y > 1) {
        printf(", dilation %dx%d", stage->window.dilation_x, stage->window.dilation_y);
    }
    putchar('\n');
    const bool large = window.width > CONV_MAX_KERNEL || window.height > CONV_MAX_KERNEL;
    s->unseen = s->unseen || (full && large);
    if (!full || large) {
        const int column =
            printf("   result (%s):", large ? "too many cells to show" : "-v shows how");
        explain_pixel_numbers(stdout, column, to, channels);
        return true;
    }
    return explain_window_stage(&s->style, image, index, here.x, here.y, channel, to, &s->agrees,
                                err);
}

/* The sample as written: a file's white may be below the type's maximum. */
static int integer_sample(const session *s, const void *row, int i) {
    int sample = s->image.out == CODEC_U8 ? ((const uint8_t *)row)[i] : ((const uint16_t *)row)[i];
    return sample > s->white ? (int)s->white : sample;
}

/* " (channel 0, n)" after `column` columns; without the name where the line would be too long. */
static void print_channel(const session *s, int column, int channel) {
    ct_text name = {0};
    const bool named =
        explain_channel_name(&name, ", ", &s->image, s->image.program.count, channel);
    char text[32];
    const int length = snprintf(text, sizeof text, " (channel %d", channel) + 1;
    const bool fits = named && name.length > 0 && (size_t)(column + length) + name.length <= 80;
    printf("%s%s)\n", text, fits ? name.bytes : "");
    ct_text_free(&name);
}

/* The last step: a float becomes the sample that is written. */
static void print_rounding(session *s, int channel, double value, int pixel) {
    char text[32];
    double white = s->white, rounded = rint(value);
    double kept = !(rounded > 0) ? 0 : rounded > white ? white : rounded;
    int column = isnan(value) ? printf("   nan -> not a number, so 0")
                              : printf("   %s -> rounded %.0f", explain_number(value, text),
                                       rounded == 0 ? 0.0 : rounded);
    if (rounded < 0) {
        column += printf(" -> negative, so 0");
    } else if (rounded > white) {
        column += printf(" -> above white, so %.0f", white);
    }
    bool half = fabs(fabs(value - trunc(value)) - 0.5) < 1e-3;
    if ((int)kept != pixel && !(half && abs((int)kept - pixel) == 1)) {
        s->agrees = false;
    }
    column += printf(" -> ");
    fputs(s->style.strong, stdout);
    column += printf("pixel %d", pixel);
    fputs(s->style.plain, stdout);
    print_channel(s, column, channel);
}

static bool explain_output(session *s, ct_error *err) {
    explain_image *image = &s->image;
    int count = image->program.count;
    conv_shape shape = image->shapes[count];
    float value[CONV_MAX_CHANNELS];
    point here = s->at[count];
    size_t samples = (size_t)shape.width * (size_t)shape.channels;
    void *row = malloc(samples * sizeof(float));
    bool ok = row ? explain_pixel(image, count, here.x, here.y, value, err) &&
                        explain_row(image, count, flow_type_of(image->out), here.y, row, err)
                  : ct_fail(err, "out of memory");
    if (ok) {
        puts("\nOutput:");
        for (int c = 0; c < shape.channels; c++) {
            int i = here.x * shape.channels + c;
            if (s->call->channel >= 0 && c != s->call->channel) {
                continue;
            }
            if (image->out == CODEC_F32) {
                char text[CODEC_NUMBER_TEXT];
                const float number = ((const float *)row)[i];
                print_channel(s, printf("   pixel %s", codec_number_text(number, text)), c);
            } else {
                print_rounding(s, c, (double)value[c], integer_sample(s, row, i));
            }
        }
        puts(!s->agrees  ? "The arithmetic shown DIFFERS from the filter: please report this."
             : s->unseen ? "What is shown agrees with the filter; the large window wasn't checked."
                         : "The arithmetic shown agrees with the filter.");
    }
    free(row);
    return ok;
}

static bool explain_all(session *s, const char *path, ct_error *err) {
    int count = s->image.program.count, last = count - 1;
    conv_shape out = s->image.shapes[count];
    float pixel[CONV_MAX_CHANNELS];
    ct_text name = {0};
    while (last >= 0 && !conv_stage_has_window(&s->image.program.stages[last])) {
        last--;
    }
    if (!explain_pixel(&s->image, 0, s->at[0].x, s->at[0].y, pixel, err)) {
        return false;
    }
    if (!app_escape(&name, app_input_name(path))) {
        ct_text_free(&name);
        return ct_fail(err, "out of memory");
    }
    char white[32] = "";
    if (s->white != codec_white(s->image.out)) {
        snprintf(white, sizeof white, ", white %g", s->white);
    }
    if (s->call->network) {
        printf("%s comes first; the image here is what it makes, and only what follows is "
               "explained.\n",
               filter_chain_stage_text(s->chain, 0));
    }
    printf("%s: %dx%d, %d channel%s%s; output %dx%d, %d channel%s, %d-bit%s\n", name.bytes,
           s->image.info.width, s->image.info.height, s->channels, s->channels == 1 ? "" : "s",
           s->channels == s->image.info.channels ? "" : ", read as its stored gray", out.width,
           out.height, out.channels, out.channels == 1 ? "" : "s", app_sample_bits(s->image.out),
           white);
    const int column = printf("output pixel %d,%d; input pixel %d,%d:", s->at[count].x,
                              s->at[count].y, s->at[0].x, s->at[0].y);
    ct_text_free(&name);
    explain_pixel_numbers(stdout, column, pixel, s->image.info.channels);
    for (int i = 0; i < count; i++) {
        if (!explain_one(s, i, i == last || s->call->talk == APP_VERBOSE, err)) {
            return false;
        }
    }
    return explain_output(s, err);
}

int app_explain(const app_call *given, const app_commands *commands) {
    (void)commands;
    ct_error err;
    app_call own = *given;
    const app_call *call = &own;
    const char *path = call->operands[2];
    if (!call->at_given) {
        app_say(NULL, "explain: needs --at X,Y, the output pixel to explain");
        return APP_USAGE;
    }
    app_network *network = NULL;
    filter_chain *chain = app_call_chain(call, call->operands[1], &err);
    if (!chain || !app_network_open(call, chain, &network, &err)) {
        app_say(NULL, "%s", err.text);
        filter_chain_free(chain);
        return APP_USAGE;
    }
    own.network = network;
    app_warn_chain(call, chain);
    session s = {.call = call, .chain = chain, .style = explain_style_for(stdout), .agrees = true};
    int status = APP_FAILED;
    bool ok = load(&s, path, &err);
    if (ok && !trace(&s, &err)) {
        ok = false;
        status = APP_USAGE;
    }
    ok = ok && explain_all(&s, path, &err);
    if (!ok) {
        app_say(app_input_name(path), "%s", err.text);
    }
    free(s.at);
    explain_image_free(&s.image);
    app_network_free(network);
    filter_chain_free(chain);
    return !ok ? status : s.agrees ? APP_OK : APP_FAILED;
}
