#include "app/commands/explain_json.h"

#include <stdlib.h>

#include "app/call/json.h"
#include "app/commands/explain_point.h"
#include "app/commands/explain_report.h"
#include "app/commands/stage_kernels.h"

static void write_numbers(FILE *out, const char *name, const float *numbers, int count) {
    fprintf(out, ",\"%s\":[", name);
    for (int i = 0; i < count; i++) {
        fputs(i ? "," : "", out);
        app_json_number(out, (double)numbers[i]);
    }
    fputc(']', out);
}

/* Channel by channel, row by row; null beyond the edge where nothing is put there. */
static void write_window(FILE *out, const explain_window *w) {
    fprintf(out, ",\"window\":{\"width\":%d,\"height\":%d,\"column\":%d,\"row\":%d", w->width,
            w->height, w->first_x, w->first_y);
    fprintf(out, ",\"step\":[%d,%d],\"centre\":", w->step_x, w->step_y);
    if (w->centre < 0) {
        fputs("null", out);
    } else {
        fprintf(out, "[%d,%d]", w->centre % w->width, w->centre / w->width);
    }
    fputs(",\"values\":[", out);
    for (int c = 0; c < w->channels; c++) {
        for (int i = 0; i < w->width * w->height; i++) {
            fputs(i % w->width ? "," : i ? "],[" : c ? ",[[" : "[[", out);
            if (w->unfilled && w->beyond[i]) {
                fputs("null", out);
            } else {
                app_json_number(out, (double)w->values[i * w->channels + c]);
            }
        }
        fputs("]]", out);
    }
    fputs("],\"beyond\":[", out);
    for (int i = 0; i < w->width * w->height; i++) {
        fputs(i % w->width ? "," : i ? "],[" : "[", out);
        fputs(w->beyond[i] ? "true" : "false", out);
    }
    fputs("]]}", out);
}

/* A layer has those of a filter, one for each channel that it sees, behind each other. */
static bool write_kernels(FILE *out, const conv_stage *stage, int channels) {
    const conv_window *w = &stage->window;
    const int count = stage_kernels(stage, channels), cells = w->width * w->height;
    double *weights = calloc((size_t)cells, sizeof *weights);
    fputs(count ? ",\"kernels\":[" : "", out);
    for (int k = 0; weights && k < count; k++) {
        stage_kernel(stage, k, weights);
        for (int i = 0; i < cells; i++) {
            fputs(i % w->width ? "," : i ? "],[" : k ? ",[[" : "[[", out);
            app_json_number(out, weights[i]);
        }
        fputs("]]", out);
    }
    fputs(count ? "]" : "", out);
    const bool ok = weights != NULL;
    free(weights);
    return ok;
}

static bool write_stage(explain_session *s, FILE *out, int index, ct_error *err) {
    explain_image *image = &s->image;
    const conv_stage *stage = &image->program.stages[index];
    const explain_point here = s->at[index + 1];
    float from[CONV_MAX_CHANNELS], to[CONV_MAX_CHANNELS];
    ct_text name = {0};
    if (!explain_pixel(image, index, s->at[index].x, s->at[index].y, from, err) ||
        !explain_pixel(image, index + 1, here.x, here.y, to, err)) {
        return false;
    }
    const bool named = explain_session_part_name(s, index, &name);
    fprintf(out, "%s\n{\"stage\":", index ? "," : "");
    app_json_string(out, named ? name.bytes : NULL);
    ct_text_free(&name);
    fputs(",\"what\":", out);
    app_json_string(out, explain_stage_words(stage));
    fprintf(out, ",\"at\":[%d,%d],\"from_at\":[%d,%d]", here.x, here.y, s->at[index].x,
            s->at[index].y);
    write_numbers(out, "from", from, image->shapes[index].channels);
    write_numbers(out, "to", to, image->shapes[index + 1].channels);
    const explain_window place = explain_window_place(image, index, here.x, here.y);
    bool ok = true;
    if (conv_stage_has_window(stage) && place.width <= CONV_MAX_KERNEL &&
        place.height <= CONV_MAX_KERNEL) {
        explain_window window;
        ok = explain_window_read(image, index, here.x, here.y, &window, err);
        if (ok) {
            write_window(out, &window);
            ok = write_kernels(out, stage, image->shapes[index].channels) ||
                 ct_fail(err, "out of memory");
            explain_window_free(&window);
        }
    }
    fputc('}', out);
    return ok;
}

/* What the text would show is checked, but goes nowhere. */
static bool check(explain_session *s, ct_error *err) {
    FILE *nowhere = fopen("/dev/null", "w");
    if (!nowhere) {
        return ct_fail(err, "can't open /dev/null");
    }
    const explain_style style = {nowhere, 80, "", "", "", "", "", "", "", ""};
    const bool ok = explain_report(s, &style, err);
    fclose(nowhere);
    return ok;
}

bool explain_json(explain_session *s, FILE *out, ct_error *err) {
    const int count = s->image.program.count;
    const conv_shape in = s->image.shapes[0], shape = s->image.shapes[count];
    const explain_point at = s->at[count];
    void *row = explain_session_row(s, at.y, err);
    bool ok = row && check(s, err);
    if (ok) {
        fputs("{\"input\":", out);
        app_json_string(out, s->path);
        fprintf(out, ",\"size\":[%d,%d,%d],\"output_size\":[%d,%d,%d],\"at\":[%d,%d]", in.width,
                in.height, in.channels, shape.width, shape.height, shape.channels, at.x, at.y);
        fputs(",\"stages\":[", out);
    }
    for (int i = 0; ok && i < count; i++) {
        ok = write_stage(s, out, i, err);
    }
    if (ok) {
        fputs("],\"pixel\":[", out);
        for (int c = 0; c < shape.channels; c++) {
            fputs(c ? "," : "", out);
            app_json_number(out, explain_session_sample(s, row, at.x * shape.channels + c));
        }
        fprintf(out, "],\"agrees\":%s}\n", s->agrees ? "true" : "false");
    }
    free(row);
    return ok;
}
