#include "app/commands/explain_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/screen.h"
#include "app/commands/explain_edges.h"
#include "app/commands/explain_global.h"
#include "app/commands/explain_place.h"
#include "app/commands/explain_point.h"
#include "app/commands/explain_stage.h"
#include "app/run/samples.h"

/* One report. */
typedef struct report {
    explain_session *s;
    const explain_style *style;
    int last; /* the last stage with a window, which is shown in full; -1: there is none */
    ct_error *err;
} report;

static const conv_stage *stage_at(const report *r, int index) {
    return &r->s->image.program.stages[index];
}

static bool is_gray(const report *r, int index) {
    return stage_at(r, index)->op == CONV_POINT && stage_at(r, index)->point == CONV_GRAY;
}

/* The stage that a part is named after: the last with a window, or just the last. */
static int main_stage(const report *r, int first, int end) {
    int i = end - 1;
    while (i > first && !conv_stage_has_window(stage_at(r, i))) {
        i--;
    }
    return conv_stage_has_window(stage_at(r, i)) ? i : end - 1;
}

/* "2. sobel:padding=zero: gradient, at 10,20". */
static bool print_title(const report *r, int number, int first, int end) {
    const explain_point at = r->s->at[end];
    ct_text name = {0};
    const bool ok = explain_session_part_name(r->s, first, &name);
    if (ok) {
        const int before = fprintf(r->style->out, "\n%d. ", number) - 1;
        fprintf(r->style->out, "%s%.200s%s:", r->style->strong, name.bytes, r->style->plain);
        explain_go_on(r->style, before + app_text_width(name.bytes) + 1, "%s, at %d,%d",
                      explain_stage_words(stage_at(r, main_stage(r, first, end))), at.x, at.y);
    }
    ct_text_free(&name);
    return ok || ct_fail(r->err, "out of memory");
}

static bool explain_stage(const report *r, int index, bool full) {
    float from[CONV_MAX_CHANNELS], to[CONV_MAX_CHANNELS];
    explain_session *s = r->s;
    explain_image *image = &s->image;
    const conv_stage *stage = stage_at(r, index);
    const explain_point here = s->at[index + 1];
    /* --channel counts the output's channels: a stage with others shows all. */
    const int channels = image->shapes[index + 1].channels;
    const int channel =
        channels == image->shapes[image->program.count].channels ? s->call->channel : -1;
    if (!explain_pixel(image, index, s->at[index].x, s->at[index].y, from, r->err) ||
        !explain_pixel(image, index + 1, here.x, here.y, to, r->err)) {
        return false;
    }
    if (stage->op == CONV_GLOBAL) {
        return explain_global_stage(r->style, image, index, channel, to, &s->agrees, r->err);
    }
    if (stage->op == CONV_LINK) {
        return explain_link(r->style, image, index, here.x, here.y, channel, to, &s->agrees,
                            r->err);
    }
    if (!conv_stage_has_window(stage)) {
        return explain_point_stage(r->style, image, index, channel, from, to, &s->agrees, r->err);
    }
    explain_place_line(r->style, image, index, here.x, here.y);
    const explain_window window = explain_window_place(image, index, here.x, here.y);
    const bool large = window.width > CONV_MAX_KERNEL || window.height > CONV_MAX_KERNEL;
    s->unseen = s->unseen || (full && large);
    if (!full || large) {
        const int column = fprintf(
            r->style->out, "   result (%s):", large ? "too many cells to show" : "-v shows how");
        explain_pixel_numbers(r->style, column, to, channels);
        return true;
    }
    return explain_window_stage(r->style, image, index, here.x, here.y, channel, to, &s->agrees,
                                r->err);
}

/* One of the chain's stages, with what it needs: gray comes first, without a title. */
static bool explain_part(const report *r, int number, int first, int end) {
    const bool all = r->s->call->talk == APP_VERBOSE;
    const int own = end - first - (first + 1 < end && is_gray(r, first));
    char letter = 'a';
    bool ok = print_title(r, number, first, end);
    for (int i = first; ok && i < end; i++) {
        if (own > 1 && !(i == first && is_gray(r, i))) {
            fprintf(r->style->out, "  %d%c. %s, at %d,%d\n", number, letter,
                    explain_stage_words(stage_at(r, i)), r->s->at[i + 1].x, r->s->at[i + 1].y);
            letter = letter < 'z' ? (char)(letter + 1) : letter;
        }
        ok = explain_stage(r, i, i == r->last || all);
    }
    return ok;
}

/* ---- the beginning and the end ---- */

static const char *plural(int count) {
    return count == 1 ? "" : "s";
}

static bool print_head(const report *r) {
    explain_session *s = r->s;
    const explain_image *image = &s->image;
    const int count = image->program.count;
    const conv_shape out = image->shapes[count];
    float pixel[CONV_MAX_CHANNELS];
    char white[32] = "";
    ct_text name = {0};
    if (!explain_pixel(&s->image, 0, s->at[0].x, s->at[0].y, pixel, r->err)) {
        return false;
    }
    if (!app_escape(&name, app_input_name(s->path))) {
        ct_text_free(&name);
        return ct_fail(r->err, "out of memory");
    }
    if (s->white != codec_white(image->out)) {
        snprintf(white, sizeof white, ", white %g", s->white);
    }
    FILE *to = r->style->out;
    if (s->call->network) {
        fprintf(to,
                "%s comes first; the image here is what it makes, and only what follows is "
                "explained.\n",
                filter_chain_stage_text(s->chain, 0));
    }
    fprintf(to, "%s:", name.bytes);
    explain_go_on(r->style, app_text_width(name.bytes) + 1,
                  "%dx%d, %d channel%s%s; output %dx%d, %d channel%s, %d-bit%s", image->info.width,
                  image->info.height, s->channels, plural(s->channels),
                  s->channels == image->info.channels ? "" : ", read as its stored gray", out.width,
                  out.height, out.channels, plural(out.channels), app_sample_bits(image->out),
                  white);
    ct_text_free(&name);
    const int column = fprintf(to, "output pixel %d,%d; input pixel %d,%d:", s->at[count].x,
                               s->at[count].y, s->at[0].x, s->at[0].y);
    explain_pixel_numbers(r->style, column, pixel, image->info.channels);
    return true;
}

/* " (channel 0, red)" after `column` columns; without the name where the line would be too long,
 * and nothing where there is only one channel. */
static void print_channel(const report *r, int column, int channel) {
    const explain_image *image = &r->s->image;
    FILE *out = r->style->out;
    ct_text name = {0};
    char text[32];
    if (image->shapes[image->program.count].channels > 1) {
        const bool named = explain_channel_name(&name, ", ", image, image->program.count, channel);
        const int length = snprintf(text, sizeof text, " (channel %d", channel) + 1;
        const bool fits = named && name.length > 0 &&
                          (size_t)(column + length) + name.length <= (size_t)r->style->width;
        fprintf(out, "%s%s)", text, fits ? name.bytes : "");
    }
    fputc('\n', out);
    ct_text_free(&name);
}

/* The last step: a float becomes the sample that is written. */
static void print_rounding(const report *r, int channel, double value, int pixel) {
    char number[32], limit[48] = "", text[480];
    FILE *out = r->style->out;
    const double white = r->s->white, rounded = rint(value);
    const double kept = !(rounded > 0) ? 0 : rounded > white ? white : rounded;
    if (rounded < 0) {
        strcpy(limit, " -> negative, so 0");
    } else if (rounded > white) {
        snprintf(limit, sizeof limit, " -> above white, so %.0f", white);
    }
    if (isnan(value)) {
        strcpy(text, "nan -> not a number, so 0 ->");
    } else {
        snprintf(text, sizeof text, "%s -> rounded %.0f%s ->", explain_number(value, number),
                 rounded == 0 ? 0.0 : rounded, limit);
    }
    const bool half = fabs(fabs(value - trunc(value)) - 0.5) < 1e-3;
    if ((int)kept != pixel && !(half && abs((int)kept - pixel) == 1)) {
        r->s->agrees = false;
    }
    const bool several = r->s->image.shapes[r->s->image.program.count].channels > 1;
    const int room = snprintf(NULL, 0, " pixel %d", pixel) +
                     (several ? snprintf(NULL, 0, " (channel %d)", channel) : 0);
    int column = explain_wrap(r->style, text, room);
    fprintf(out, " %s", r->style->strong);
    column += 1 + fprintf(out, "pixel %d", pixel);
    fputs(r->style->plain, out);
    print_channel(r, column, channel);
}

static bool print_output(const report *r) {
    explain_session *s = r->s;
    const int count = s->image.program.count, channels = s->image.shapes[count].channels;
    const explain_point here = s->at[count];
    float value[CONV_MAX_CHANNELS];
    FILE *out = r->style->out;
    void *row = explain_session_row(s, here.y, r->err);
    const bool ok = row && explain_pixel(&s->image, count, here.x, here.y, value, r->err);
    if (ok) {
        fputs("\nOutput:\n", out);
    }
    for (int c = 0; ok && c < channels; c++) {
        const double sample = explain_session_sample(s, row, here.x * channels + c);
        if (s->call->channel >= 0 && c != s->call->channel) {
            continue;
        }
        if (s->image.out == CODEC_F32) {
            char text[CODEC_NUMBER_TEXT];
            print_channel(r, fprintf(out, "   pixel %s", codec_number_text((float)sample, text)),
                          c);
        } else {
            print_rounding(r, c, (double)value[c], (int)sample);
        }
    }
    if (ok) {
        explain_go_on(r->style, 0, "%s",
                      !s->agrees ? "The arithmetic shown DIFFERS from the filter: please report "
                                   "this."
                      : s->unseen
                          ? "What is shown agrees with the filter; the large window wasn't checked."
                          : "The arithmetic shown agrees with the filter.");
    }
    free(row);
    return ok;
}

bool explain_report(explain_session *s, const explain_style *style, ct_error *err) {
    report r = {s, style, s->image.program.count - 1, err};
    while (r.last >= 0 && !conv_stage_has_window(stage_at(&r, r.last))) {
        r.last--;
    }
    s->agrees = true;
    s->unseen = false;
    bool ok = print_head(&r);
    for (int i = 0, number = 1; ok && i < s->image.program.count; number++) {
        const int end = explain_session_part_end(s, i);
        ok = explain_part(&r, number, i, end);
        i = end;
    }
    return ok && print_output(&r);
}
