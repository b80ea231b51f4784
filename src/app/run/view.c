#include "app/run/view.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/run/template.h"

/* The option that asks for pictures; NULL: none does. */
static const char *asked_by(const app_call *call) {
    return call->maps            ? "--maps"
           : call->view.colormap ? "--colormap"
           : call->scaling       ? "--scaling"
                                 : NULL;
}

static codec_view view_of(const app_call *call) {
    codec_view view = call->view;
    if (call->maps && !call->scaling) {
        view.scaling = CODEC_EACH;
    }
    return view;
}

bool app_view_check(const app_call *call, ct_error *err) {
    const char *option = asked_by(call);
    if (call->grid && !call->maps) {
        return ct_fail(err, "--grid: needs --maps, whose sheet it is for");
    }
    if (option && call->in_place) {
        return ct_fail(err,
                       "%s: can't be combined with --in-place, which would replace the image "
                       "with a picture of numbers",
                       option);
    }
    if (call->maps && call->output && app_template_has_map(call->output)) {
        return ct_fail(err, "--maps: writes one sheet of all maps; {map} in the name of the output "
                            "writes each to a file; leave one out");
    }
    return !option || call->depth != 16 ||
           ct_fail(err, "--depth: the pictures of %s have 8 bits", option);
}

bool app_view_wants_numbers(const app_call *call) {
    const codec_view view = view_of(call);
    return asked_by(call) && codec_view_wants_floats(&view);
}

/* A cell for each channel; without names they are numbered. */
static bool plan_sheet(app_view *view, const app_call *call, const codec_info *result,
                       const char *const *names, ct_error *err) {
    enum { NUMBER = 24 };
    const size_t count = (size_t)result->channels;
    codec_cell *cells = calloc(count, sizeof *cells);
    char(*numbers)[NUMBER] = calloc(count, sizeof *numbers);
    bool ok = (cells && numbers) || ct_fail(err, "out of memory");
    for (size_t i = 0; ok && i < count; i++) {
        snprintf(numbers[i], NUMBER, "%zu", i);
        cells[i] = (codec_cell){.width = result->width,
                                .height = result->height,
                                .label = names ? names[i] : numbers[i]};
    }
    if (ok) {
        view->sheet = codec_sheet_new(cells, result->channels, call->sheet_grid, err);
        ok = view->sheet || ct_fail_at(err, "--maps: ");
    }
    free(cells);
    free(numbers);
    return ok;
}

bool app_view_plan(app_view *view, const app_call *call, const codec_info *result, bool each,
                   const char *const *names, ct_error *err) {
    const char *option = asked_by(call);
    *view = (app_view){.on = option || each, .how = view_of(call)};
    if (!view->on) {
        return true;
    }
    if (!each && !call->maps && result->channels > 1) {
        return ct_fail(err,
                       "%s: the result has %d channels; expected one (%s), --maps for "
                       "a sheet of them, or -o with {map}",
                       option, result->channels,
                       result->channels - (result->alpha ? 1 : 0) == 3 ? "put gray first"
                                                                       : "put argmax or norm last");
    }
    if (call->maps && !plan_sheet(view, call, result, names, err)) {
        return false;
    }
    view->picture = codec_view_picture(&view->how, result);
    if (view->sheet) {
        codec_sheet_size(view->sheet, &view->picture.width, &view->picture.height);
    } else {
        view->picture.video = result->video;
    }
    view->memory = codec_view_memory(&view->how, result, view->sheet);
    return true;
}

bool app_view_fits(const app_view *view, const app_call *call, const codec_format *format,
                   ct_error *err) {
    if (!asked_by(call)) {
        return true;
    }
    if (codec_format_plain(format)) {
        return ct_fail(err,
                       "%s makes a picture, but %s holds all numbers as they are; leave it out, or "
                       "write .png",
                       asked_by(call), codec_format_name(format));
    }
    return codec_format_sample(format, view->picture.sample) == view->picture.sample ||
           ct_fail(err, "%s can't hold the 8-bit samples of %s; write .png",
                   codec_format_name(format), asked_by(call));
}

void app_view_free(app_view *view) {
    codec_sheet_free(view->sheet);
    view->sheet = NULL;
}
