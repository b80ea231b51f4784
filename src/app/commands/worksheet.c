#include "app/commands/worksheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/chain_warnings.h"
#include "app/call/message.h"
#include "app/call/parse.h"
#include "app/commands/worksheet_kinds.h"
#include "app/commands/worksheet_print.h"
#include "app/run/descriptor.h"
#include "app/run/document.h"
#include "app/run/source.h"
#include "flow/flow.h"

enum { USUAL_SIDE = 5, MOST_KINDS = 16, PICTURE = 64 /* pixels of the picture's longer side */ };

static const char usual_chain[] = "conv:sharpen,maxpool:2";

/* What was asked for. */
typedef struct order {
    const app_call *call;
    const char *chain_text;
    const char *kinds; /* "dense,lstm"; NULL: those that fit the chain */
    const char *image; /* NULL: none */
    filter_chain *chain;
    filter_program program;
    int width, height;
    uint8_t *digits, *picture;
    int picture_width, picture_height;
    sheet sheet;
} order;

/* ---- the kinds ---- */

static const sheet_kind *find_kind(const char *name, size_t length) {
    for (size_t i = 0; sheet_kind_at(i); i++) {
        const sheet_kind *kind = sheet_kind_at(i);
        if (strlen(kind->name) == length && strncmp(kind->name, name, length) == 0) {
            return kind;
        }
    }
    return NULL;
}

static bool is_all(const char *kinds) {
    return strcmp(kinds, "all") == 0;
}

/* Whether the text, up to its first comma, names a kind: then it's no chain. */
static bool names_kinds(const char *text) {
    return is_all(text) || find_kind(text, strcspn(text, ","));
}

/* "convolution, median, ..., lstm" */
typedef struct kinds_text {
    char text[160];
} kinds_text;

static kinds_text all_kinds(void) {
    kinds_text all = {""};
    for (size_t i = 0, used = 0; sheet_kind_at(i) && used < sizeof all.text; i++) {
        used += (size_t)snprintf(all.text + used, sizeof all.text - used, "%s%s", i ? ", " : "",
                                 sheet_kind_at(i)->name);
    }
    return all;
}

static bool check_kinds(const char *kinds, ct_error *err) {
    for (const char *at = kinds; !is_all(kinds);) {
        const size_t length = strcspn(at, ",");
        if (!find_kind(at, length)) {
            char name[64];
            snprintf(name, sizeof name, "%.*s", (int)length, at);
            const char *near = ct_nearest(name, sheet_kind_name_at, NULL);
            return near ? ct_fail(err, "unknown kind '%s'; did you mean '%s'?", name, near)
                        : ct_fail(err, "unknown kind '%s'; expected all, or some of %s", name,
                                  all_kinds().text);
        }
        at += length;
        if (!*at++) {
            break;
        }
    }
    return true;
}

static bool make_one(const sheet_kind *kind, const sheet_lesson *lesson) {
    const int count = lesson->call->count > 0 ? lesson->call->count : 1;
    bool ok = true;
    for (int i = 0; ok && i < count; i++) {
        sheet_lesson own = *lesson;
        own.turn = i;
        ok = kind->make(&own);
    }
    return ok && (!lesson->sheet->failed || ct_fail(lesson->err, "out of memory"));
}

static bool make_exercises(const order *o, const sheet_lesson *lesson) {
    const bool every = o->kinds && is_all(o->kinds);
    bool ok = true;
    for (size_t i = 0; ok && sheet_kind_at(i) && (!o->kinds || every); i++) {
        const sheet_kind *kind = sheet_kind_at(i);
        ok = (!every && !kind->fits(lesson)) || make_one(kind, lesson);
    }
    for (const char *at = every ? NULL : o->kinds; ok && at && *at;) {
        const size_t length = strcspn(at, ",");
        ok = make_one(find_kind(at, length), lesson);
        at += length + (at[length] == ',');
    }
    return ok && (lesson->sheet->count > 0 ||
                  ct_fail(lesson->err,
                          "%s: there's nothing to work out by hand: it has no window; "
                          "try conv:sharpen, maxpool:2 or --kind dense",
                          o->chain_text));
}

/* ---- the image ---- */

/* The image's gray, in 8 bits. */
static float *read_gray(const order *o, conv_shape *shape, ct_error *err) {
    const app_source_of of = {
        .path = o->image, .fd = app_descriptor(o->image, STDIN_FILENO), .only = true};
    const filter_defaults defaults = {0};
    app_source source;
    filter_chain *gray = filter_parse("gray", &defaults, err);
    app_call call = *o->call;
    float *made = NULL;
    call.network = NULL;
    call.settings = (filter_settings){0};
    if (gray && app_source_open(&source, &of, &call, err) &&
        app_source_lower(&source, &call, gray, NULL, err)) {
        const filter_program *program = &source.program;
        codec_info info = app_source_result(&source, program, CODEC_F32, source.image.white);
        made = malloc(codec_row_bytes(&info) * (size_t)info.height);
        codec_writer *writer =
            made ? codec_create_image(&info, made, codec_row_bytes(&info), err) : NULL;
        const flow_options options = {.memory = call.limits.max_memory, .alpha = -1};
        flow_report report;
        const flow_job job = {.in = source.reader,
                              .stages = program->stages,
                              .count = program->count,
                              .out = writer,
                              .out_info = &info};
        *shape = (conv_shape){info.width, info.height, info.channels};
        if (!made) {
            ct_fail(err, "out of memory");
        } else if (!writer || !flow_run(&job, &options, &report, err)) {
            free(made);
            made = NULL;
        }
        const float scale = (float)(255 / source.image.white);
        for (size_t i = 0; made && i < (size_t)info.width * (size_t)info.height; i++) {
            made[i] = made[i * (size_t)info.channels] * scale; /* without alpha */
        }
        codec_writer_free(writer);
    }
    if (gray) {
        app_source_close(&source);
    }
    filter_chain_free(gray);
    return made;
}

static uint8_t level(float value, float most) {
    return (uint8_t)lrintf(fminf(fmaxf(value * most / 255, 0), most));
}

/* Numbers of 0..9 around --at, or the middle: from the darkest sample there to the brightest. */
static bool take_digits(order *o, const float *gray, conv_shape shape, ct_error *err) {
    const bool at = o->call->at_given;
    int left = (at ? o->call->at_x : (shape.width - 1) / 2) - (o->width - 1) / 2;
    int top = (at ? o->call->at_y : (shape.height - 1) / 2) - (o->height - 1) / 2;
    if (o->width > shape.width || o->height > shape.height) {
        return ct_fail(err, "is %dx%d, smaller than the %dx%d of --size", shape.width, shape.height,
                       o->width, o->height);
    }
    if (at && (o->call->at_x >= shape.width || o->call->at_y >= shape.height)) {
        return ct_fail(err, "--at %d,%d lies outside the image, which is %dx%d", o->call->at_x,
                       o->call->at_y, shape.width, shape.height);
    }
    left = left < 0 ? 0 : left > shape.width - o->width ? shape.width - o->width : left;
    top = top < 0 ? 0 : top > shape.height - o->height ? shape.height - o->height : top;
    const float *first = gray + (size_t)top * (size_t)shape.width + left;
    float low = first[0], high = first[0];
    for (int i = 0; i < o->width * o->height; i++) {
        const float v =
            first[(size_t)(i / o->width) * (size_t)shape.width + (size_t)(i % o->width)];
        low = fminf(low, v);
        high = fmaxf(high, v);
    }
    for (int i = 0; i < o->width * o->height; i++) {
        const float v =
            first[(size_t)(i / o->width) * (size_t)shape.width + (size_t)(i % o->width)];
        o->digits[i] = high > low ? level((v - low) * 255 / (high - low), 9) : level(v, 9);
    }
    return true;
}

/* The whole image, made smaller by the means of its parts. */
static bool take_picture(order *o, const float *gray, conv_shape shape, ct_error *err) {
    const int longest = shape.width > shape.height ? shape.width : shape.height;
    const conv_window cell = sheet_plain_window(1, 1);
    conv_stage stages[2] = {
        {.op = CONV_RESIZE, .axis = CONV_ALONG_X, .resample = CONV_AREA, .window = cell},
        {.op = CONV_RESIZE, .axis = CONV_ALONG_Y, .resample = CONV_AREA, .window = cell}};
    const double share = longest > PICTURE ? (double)PICTURE / longest : 1;
    stages[0].size = (int)fmax(1, rint(shape.width * share));
    stages[1].size = (int)fmax(1, rint(shape.height * share));
    conv_shape out;
    float *made = sheet_run(stages, 2, (conv_shape){shape.width, shape.height, 1}, gray, &out, err);
    for (int i = 0; made && i < out.width * out.height; i++) {
        o->picture[i] = level(made[i], 255);
    }
    o->picture_width = stages[0].size;
    o->picture_height = stages[1].size;
    const bool ok = made != NULL;
    free(made);
    return ok;
}

static bool read_image(order *o, ct_error *err) {
    conv_shape shape;
    float *gray = read_gray(o, &shape, err);
    o->digits = malloc((size_t)o->width * (size_t)o->height);
    o->picture = malloc((size_t)PICTURE * PICTURE);
    const bool room = o->digits && o->picture;
    const bool ok = gray && (room || ct_fail(err, "out of memory")) &&
                    take_digits(o, gray, shape, err) && take_picture(o, gray, shape, err);
    free(gray);
    return ok;
}

/* ---- the command ---- */

/* A word that is no filter, nor like one, may be meant for a kind. */
static void fail_kind(const char *word, ct_error *err) {
    const char *near = ct_nearest(word, sheet_kind_name_at, NULL);
    if (near) {
        ct_fail(err, "unknown filter or kind '%.60s'; did you mean '%s'?", word, near);
    } else {
        ct_fail(err, "unknown filter or kind '%.60s'; kinds are all, %s", word, all_kinds().text);
    }
}

static bool read_order(order *o, const app_call *call, ct_error *err) {
    const char *first = call->operands[1];
    const bool kinds = names_kinds(first);
    o->call = call;
    o->kinds = kinds ? first : call->kind;
    o->chain_text = kinds ? usual_chain : first;
    o->image = call->operand_count > 2 ? call->operands[2] : NULL;
    o->width = call->size_x > 0 ? call->size_x : USUAL_SIDE;
    o->height = call->size_x > 0 ? call->size_y : USUAL_SIDE;
    if (kinds && call->kind) {
        return ct_fail(err, "'%s' and --kind both name kinds; expected one of the two", first);
    }
    if (o->kinds && !check_kinds(o->kinds, err)) {
        return false;
    }
    const filter_settings settings = {0};
    const filter_image image = {
        .width = o->width, .height = o->height, .channels = 1, .white = 255, .out_white = 255};
    filter_network network;
    o->chain = app_call_chain(call, o->chain_text, err);
    if (!o->chain && !strpbrk(first, ":,. ") && !filter_is_like_any(first)) {
        fail_kind(first, err);
    }
    if (o->chain && filter_chain_network(o->chain, &network)) {
        return ct_fail(err, "%s: a network has too many numbers for paper; try --kind dense,lstm",
                       o->chain_text);
    }
    return o->chain && filter_lower(o->chain, &settings, &image, &o->program, err);
}

static bool fill_sheet(order *o, ct_error *err) {
    sheet_random random = {.state = (uint64_t)o->call->seed};
    ct_text subject = {0};
    const sheet_lesson lesson = {.call = o->call,
                                 .chain = o->chain,
                                 .program = &o->program,
                                 .width = o->width,
                                 .height = o->height,
                                 .random = &random,
                                 .digits = o->digits,
                                 .picture = o->picture,
                                 .picture_width = o->picture_width,
                                 .picture_height = o->picture_height,
                                 .sheet = &o->sheet,
                                 .err = err};
    const bool named = o->kinds && o->chain_text == usual_chain
                           ? ct_text_print(&subject, "%s", o->kinds)
                           : filter_chain_text(o->chain, &subject);
    o->sheet.subject = named ? subject.bytes : NULL;
    return named ? make_exercises(o, &lesson) : ct_fail(err, "out of memory");
}

typedef bool print_sheet(const sheet *s, bool solution, ct_text *out, ct_error *err);

/* By the output's name; NULL with an error. */
static print_sheet *choose_print(const app_call *call, ct_error *err) {
    const char *extension = call->output ? ct_extension(call->output) : "txt";
    if (call->output && strcmp(call->output, "-") == 0) {
        return sheet_print_text;
    }
    if (call->output && ct_is_html(call->output)) {
        return sheet_print_html;
    }
    if (extension && strcmp(extension, "txt") == 0) {
        return sheet_print_text;
    }
    ct_fail(err, "%s: expected a name that ends in .html or .txt", call->output);
    return NULL;
}

static bool write_sheet(const order *o, print_sheet *print, const app_document *document,
                        ct_error *err) {
    ct_text text = {0};
    const bool ok = print(&o->sheet, o->call->solution, &text, err) &&
                    app_document_write(document, o->call, text.bytes, text.length, err);
    ct_text_free(&text);
    return ok;
}

int app_worksheet(const app_call *call, const app_commands *commands) {
    (void)commands;
    ct_error err;
    app_document document;
    order o = {0};
    int status = APP_USAGE;
    print_sheet *print = choose_print(call, &err);
    bool ok =
        print && read_order(&o, call, &err) &&
        app_document_look(&document, call->output ? call->output : "-", SHEET_MARK, call, &err);
    const char *where = NULL;
    if (ok) {
        app_warn_chain(call, o.chain);
        where = o.image ? app_input_name(o.image) : NULL;
        ok = !o.image || read_image(&o, &err);
        status = APP_FAILED;
    }
    if (ok) {
        where = NULL;
        ok = fill_sheet(&o, &err);
        status = ok ? APP_FAILED : APP_USAGE;
    }
    if (!ok || !write_sheet(&o, print, &document, &err)) {
        app_say(where, where ? "%s" : "worksheet: %s", err.text);
    } else {
        status = APP_OK;
    }
    sheet_free(&o.sheet);
    filter_program_free(&o.program);
    filter_chain_free(o.chain);
    free(o.digits);
    free(o.picture);
    return status;
}
