#include "app/run/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/message.h"
#include "app/call/version.h"
#include "app/run/samples.h"
#include "app/run/warnings.h"
#include "base/number.h"

/* Below this share of the samples a loss isn't worth a line. */
static const double worth_saying = 0.005;

static const char *share_text(double share, char *text, size_t size) {
    double percent = share * 100;
    if (percent < 1) {
        snprintf(text, size, "under 1%%");
    } else if (share < 1 && percent > 99) {
        snprintf(text, size, "over 99%%");
    } else {
        snprintf(text, size, "%.0f%%", percent);
    }
    return text;
}

static void say_negative(const app_call *call, const app_job *job, double share) {
    static const char *const hints[] = {
        [FILTER_CLAMP] = "; try --map signed",
        [FILTER_MAP_ABS] = "; try --map signed",
        [FILTER_SIGNED] = "; try --map minmax",
        [FILTER_MINMAX] = "",
    };
    char text[16];
    app_warn(app_input_name(job->input), "%s of values were negative and became 0%s",
             share_text(share, text, sizeof text), hints[call->settings.map]);
}

/* What --scale may do against values above white; "": nothing that is worth typing. */
typedef struct scale_hint {
    char text[80];
} scale_hint;

enum { FACTOR_TEXT = 24 };

/* "1/3", or two digits that aren't above the factor. */
static const char *factor_text(double factor, char text[FACTOR_TEXT]) {
    const double inverse = 1 / factor;
    if (fabs(inverse - rint(inverse)) < 1e-6 * inverse) {
        snprintf(text, FACTOR_TEXT, "1/%.0f", rint(inverse));
    } else {
        const double unit = pow(10, floor(log10(factor)) - 1);
        snprintf(text, FACTOR_TEXT, "%.2g", floor(factor / unit * (1 + 1e-9)) * unit);
    }
    return text;
}

/* The factor that brings the highest number down to white, if a white image gives that number.
 * Else a guess, and the factor for what no image exceeds. */
static scale_hint hint_of_scale(const app_call *call, const app_result *result, double white) {
    const double least = 1e-6; /* the image wouldn't be one, whatever the factor */
    const filter_range *range = &result->range;
    double now = 1;
    char text[FACTOR_TEXT];
    scale_hint hint = {""};
    if (call->scale) {
        ct_parse_number(call->scale, strlen(call->scale), &now);
    }
    /* --scale applies before --bias and --map signed. */
    const bool known = range->known && range->high > white && now > 0 && !call->bias &&
                       call->settings.map != FILTER_SIGNED;
    const double factor = known ? now * white / range->high : 0;
    if (!known || !range->reached) {
        strcpy(hint.text, !call->scale ? "try --scale 0.5"
                          : now > 0    ? "try a smaller --scale"
                                       : "try a --scale nearer to 0");
        if (factor >= least) {
            const size_t used = strlen(hint.text);
            snprintf(hint.text + used, sizeof hint.text - used, " (%s is enough for any image)",
                     factor_text(factor, text));
        }
    } else if (fabs(factor - 1) < 1e-6) {
        strcpy(hint.text, call->scale ? "leave out --scale" : "");
    } else if (factor >= least) {
        snprintf(hint.text, sizeof hint.text, "try --scale %s", factor_text(factor, text));
    }
    return hint;
}

static void say_above(const app_call *call, const app_job *job, const app_result *result,
                      double share) {
    char text[16];
    const double white = result->out.white;
    const bool minmax = call->settings.map == FILTER_MINMAX; /* no factor changes what it makes */
    const scale_hint scale = minmax ? (scale_hint){""} : hint_of_scale(call, result, white);
    const char *map = minmax                               ? ""
                      : !*scale.text                       ? "try --map minmax"
                      : strncmp(scale.text, "try", 3) == 0 ? " or --map minmax"
                                                           : " or try --map minmax";
    app_warn(app_input_name(job->input), "%s of values were above %.0f and became %.0f%s%s%s",
             share_text(share, text, sizeof text), white, white, minmax ? "" : "; ", scale.text,
             map);
}

/* Warns of a threshold that every value reached, or none. */
static void say_threshold(const filter_chain *chain, const app_job *job, const app_result *result) {
    const filter_threshold *t = &result->threshold;
    const conv_stats *stats = &result->report.stats;
    /* An 8-bit number for a deeper image; for others the range isn't always known. */
    bool shallow = t->white > 255 && t->value <= 255;
    bool flat = shallow && stats->samples > 0 && stats->min == stats->max;
    if (t->stage < 0 || !(t->beyond || t->below || flat)) {
        return;
    }
    bool black = t->beyond || (!t->below && stats->max <= 0);
    double percent = shallow ? 100 * t->value / 255 : 50;
    app_warn(app_input_name(job->input),
             "%s: %s value reaches it (white is %g here), so all are %s; try threshold:%.2g%%",
             filter_chain_stage_text(chain, (size_t)t->stage), black ? "no" : "every", t->white,
             black ? "black" : "white", percent);
}

static void say_clipped(const app_call *call, const app_job *job, const app_result *result) {
    const conv_stats *stats = &result->report.stats;
    if (stats->samples == 0 || result->out.sample == CODEC_F32) {
        return;
    }
    double negative = (double)stats->negative / (double)stats->samples;
    double above = (double)stats->above / (double)stats->samples;
    double nan = (double)stats->nan / (double)stats->samples;
    if (stats->nan) {
        char text[16];
        app_warn(app_input_name(job->input), "%s of values weren't numbers (NaN) and became 0",
                 share_text(nan, text, sizeof text));
    }
    if (negative >= worth_saying) {
        say_negative(call, job, negative);
    }
    if (above >= worth_saying) {
        say_above(call, job, result, above);
    }
}

/* "640x480, 3 channels, 8-bit, pgm"; a white that isn't the usual one of the samples is named. */
static void image_text(const app_image *image, char *text, size_t size) {
    char white[32] = "";
    if (image->white != codec_white(image->sample)) {
        snprintf(white, sizeof white, ", white %g", image->white);
    }
    snprintf(text, size, "%dx%d, %d channel%s, %d-bit%s%s, %s", image->width, image->height,
             image->channels, image->channels == 1 ? "" : "s", app_sample_bits(image->sample),
             image->sample == CODEC_F32 ? " float" : "", white, codec_format_name(image->format));
}

static void say_details(const filter_chain *chain, const app_job *job, const app_result *result) {
    char in[128], out[128];
    image_text(&result->in, in, sizeof in);
    image_text(&result->out, out, sizeof out);
    const char *name = app_input_name(job->input);
    app_say(name, "read: %s%s", in, result->luma ? ", only gray is decoded" : "");
    for (size_t i = 0; i < filter_chain_length(chain); i++) {
        app_say(name, "stage %zu: %s", i + 1, filter_chain_stage_text(chain, i));
    }
    if (result->in.white != result->out.white) {
        app_say(name, "white: %g in the input, %g in the output; values are multiplied by %g",
                result->in.white, result->out.white, result->out.white / result->in.white);
    }
    if (result->frames > 1) {
        app_say(name, "images in the stream: %llu", (unsigned long long)result->frames);
    }
    const flow_report *report = &result->report;
    app_say(name, "ran: %d engine stage%s, %d thread%s, bands of %d rows, instruction set %s",
            result->stages, result->stages == 1 ? "" : "s", report->jobs,
            report->jobs == 1 ? "" : "s", report->band, conv_isa());
    if (report->paths[0]) {
        app_say(name, "computed by: %s", report->paths);
    }
    app_say(app_output_name(job->output), "written: %s, %llu bytes, %.3f s", out,
            (unsigned long long)result->bytes, result->seconds);
}

void app_report_say(const app_call *call, const filter_chain *chain, const app_job *job,
                    const app_result *result) {
    if (result->status == APP_ERROR) {
        app_say(result->where, "%s", result->error.text);
        return;
    }
    if (call->talk == APP_QUIET) {
        return;
    }
    if (result->status == APP_KEPT && !call->dry_run) {
        app_say(job->output, "already exists and was kept");
    }
    if (result->status == APP_WRITTEN) {
        app_warnings_say(job->input, &result->warnings);
        if (call->talk == APP_VERBOSE) {
            say_details(chain, job, result);
        }
        say_clipped(call, job, result);
        say_threshold(chain, job, result);
    }
}

void app_report_plan(const app_job *job, const app_result *result) {
    ct_text line = {0};
    bool ok = app_escape(&line, app_input_name(job->input)) && ct_text_print(&line, " -> ") &&
              app_escape(&line, job->output);
    if (!ok) {
        app_say(job->input, "out of memory");
    } else if (result->status == APP_KEPT) {
        printf("%s: already exists and would be kept\n", line.bytes);
    } else if (result->status == APP_PLANNED) {
        char out[128];
        image_text(&result->out, out, sizeof out);
        printf("%s: %s\n", line.bytes, out);
    }
    ct_text_free(&line);
}

static void json_image(const char *name, const app_image *image) {
    printf(",\"%s\":", name);
    if (image->width == 0) {
        fputs("null", stdout);
        return;
    }
    printf("{\"format\":\"%s\",\"width\":%d,\"height\":%d,\"channels\":%d,\"depth\":%d,"
           "\"float\":%s,\"white\":",
           codec_format_name(image->format), image->width, image->height, image->channels,
           app_sample_bits(image->sample), image->sample == CODEC_F32 ? "true" : "false");
    app_json_number(stdout, image->white);
    putchar('}');
}

static void json_stats(const app_result *result) {
    const conv_stats *stats = &result->report.stats;
    bool known = stats->min <= stats->max; /* only NaN has no range */
    printf(",\"frames\":%llu", (unsigned long long)result->frames);
    printf(",\"samples\":%llu,\"negative\":%llu,\"above\":%llu,\"nan\":%llu,\"min\":",
           (unsigned long long)stats->samples, (unsigned long long)stats->negative,
           (unsigned long long)stats->above, (unsigned long long)stats->nan);
    app_json_number(stdout, known ? (double)stats->min : NAN);
    fputs(",\"max\":", stdout);
    app_json_number(stdout, known ? (double)stats->max : NAN);
    printf(",\"jobs\":%d,\"band\":%d,\"bytes\":%llu", result->report.jobs, result->report.band,
           (unsigned long long)result->bytes);
}

/* As it's said on standard error: the path that it's about, then what is wrong. */
static void json_error(const app_result *result) {
    ct_text whole = {0};
    const char *text = result->status == APP_ERROR ? result->error.text : NULL;
    if (text && result->where && ct_text_print(&whole, "%s: %s", result->where, text)) {
        text = whole.bytes;
    }
    app_json_string(stdout, text);
    ct_text_free(&whole);
}

void app_report_json_begin(void) {
    printf("{\"convtool\":\"%s\",\"isa\":\"%s\",\"images\":[", APP_VERSION, conv_isa());
}

void app_report_json(const app_job *job, const app_result *result, bool first) {
    static const char *const names[] = {[APP_WRITTEN] = "written",
                                        [APP_KEPT] = "kept",
                                        [APP_PLANNED] = "planned",
                                        [APP_ERROR] = "failed"};
    fputs(first ? "\n{\"input\":" : ",\n{\"input\":", stdout);
    app_json_string(stdout, job->input);
    fputs(",\"output\":", stdout);
    app_json_string(stdout, job->output);
    printf(",\"status\":\"%s\",\"error\":", names[result->status]);
    json_error(result);
    fputs(",\"warnings\":", stdout);
    app_warnings_json(&result->warnings);
    json_image("from", &result->in);
    json_image("to", &result->out);
    if (result->status == APP_WRITTEN) {
        json_stats(result);
    }
    printf(",\"seconds\":%.6f}", result->seconds);
}

void app_report_json_end(size_t failed) {
    printf("\n],\"failed\":%zu}\n", failed);
}
