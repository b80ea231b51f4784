#include "app/commands/explain_session.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/commands/explain_window.h"
#include "app/run/descriptor.h"
#include "app/run/source.h"
#include "app/run/warnings.h"
#include "flow/flow.h"

/* The program, and the image as a conversion would read it. */
static bool load_image(explain_session *s, app_source *source, ct_error *err) {
    if (!app_source_lower(source, s->call, s->chain, NULL, err)) {
        return false;
    }
    s->channels = source->channels;
    s->white = source->out_white;
    s->image.out = source->out_sample;
    s->image.program = source->program; /* it outlives the source */
    source->program = (filter_program){0};
    if (!explain_image_read(&s->image, source->reader, err) ||
        !explain_image_shapes(&s->image, err)) {
        return false;
    }
    s->at = calloc((size_t)s->image.program.count + 1, sizeof *s->at);
    return s->at || ct_fail(err, "out of memory");
}

bool explain_session_open(explain_session *s, const app_call *call, const filter_chain *chain,
                          ct_error *err) {
    const char *path = call->operands[2];
    const app_source_of of = {.path = path, .fd = app_descriptor(path, STDIN_FILENO), .only = true};
    app_source source;
    *s = (explain_session){.call = call, .chain = chain, .path = path, .agrees = true};
    s->image.memory = call->limits.max_memory;
    const bool ok = app_source_open(&source, &of, call, err) && load_image(s, &source, err);
    if (ok && call->talk != APP_QUIET) {
        codec_warnings warnings = {0};
        app_warnings_gather(call, source.reader, NULL, &warnings);
        app_warnings_say(path, &warnings);
    }
    app_source_close(&source);
    return ok;
}

void explain_session_close(explain_session *s) {
    free(s->at);
    explain_image_free(&s->image);
}

bool explain_session_point(explain_session *s, int x, int y, ct_error *err) {
    const int count = s->image.program.count;
    const conv_shape out = s->image.shapes[count];
    if (x >= out.width || y >= out.height) {
        return ct_fail(err, "--at %d,%d lies outside the output, which is %dx%d", x, y, out.width,
                       out.height);
    }
    if (s->call->channel >= out.channels) {
        return ct_fail(err, "--channel %d: the output has %d channel%s, counted from 0",
                       s->call->channel, out.channels, out.channels == 1 ? "" : "s");
    }
    s->at[count] = (explain_point){x, y};
    for (int i = count - 1; i >= 0; i--) {
        s->at[i] = s->at[i + 1];
        explain_centre(&s->image, i, &s->at[i].x, &s->at[i].y);
    }
    return true;
}

int explain_session_part_end(const explain_session *s, int first) {
    const int origin = s->image.program.origin[first];
    int end = first + 1;
    while (origin >= 0 && end < s->image.program.count && s->image.program.origin[end] == origin) {
        end++;
    }
    return end;
}

/* The option that inserted a stage which the chain doesn't have. */
static const char *inserted_by(const explain_session *s, const conv_stage *stage) {
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

bool explain_session_part_name(const explain_session *s, int index, ct_text *out) {
    const int origin = s->image.program.origin[index];
    return app_escape(out, origin >= 0 ? filter_chain_stage_text(s->chain, (size_t)origin)
                                       : inserted_by(s, &s->image.program.stages[index]));
}

void *explain_session_row(explain_session *s, int y, ct_error *err) {
    const int count = s->image.program.count;
    const conv_shape shape = s->image.shapes[count];
    void *row = malloc((size_t)shape.width * (size_t)shape.channels * sizeof(float));
    if (!row) {
        ct_fail(err, "out of memory");
    } else if (!explain_row(&s->image, count, flow_type_of(s->image.out), y, row, err)) {
        free(row);
        row = NULL;
    }
    return row;
}

double explain_session_sample(const explain_session *s, const void *row, int i) {
    switch (s->image.out) {
    case CODEC_F32:
        return (double)((const float *)row)[i];
    case CODEC_U8:
        return fmin(((const uint8_t *)row)[i], floor(s->white));
    default:
        return fmin(((const uint16_t *)row)[i], floor(s->white));
    }
}
