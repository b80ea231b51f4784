#include "app/run/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/message.h"
#include "app/call/version.h"
#include "app/run/samples.h"
#include "app/run/warnings.h"

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

static void seconds_text(const flow_seconds *seconds, char *text, size_t size) {
    snprintf(text, size, "decoding %.3f s, computing %.3f s, encoding %.3f s", seconds->decoding,
             seconds->computing, seconds->encoding);
}

/* The part of the processor time that one thread at a time must do; NAN where there is only one. */
static double serial_part(const flow_times *times) {
    const double busy = flow_busy(&times->all);
    return times->workers > 1 && busy > 0 ? times->serial / busy : NAN;
}

enum { FEW = 8 }; /* threads that get a line each */

/* Where the processor time went, of all threads and of each. */
static void say_times(const char *name, const flow_times *times) {
    char text[128];
    seconds_text(&times->all, text, sizeof text);
    if (times->workers == 1) {
        app_say(name, "time: %s, waiting %.3f s", text, times->all.waiting);
        return;
    }
    app_say(name, "processor time: %s; %.1f%% of it can't be shared among threads", text,
            100 * serial_part(times));
    double least = INFINITY, most = 0, waited = 0;
    for (int i = 0; i < times->workers && i < FLOW_TOLD; i++) {
        const flow_seconds *worker = &times->worker[i];
        seconds_text(worker, text, sizeof text);
        if (times->workers <= FEW) {
            app_say(name, "thread %d: %s, waiting %.3f s", i + 1, text, worker->waiting);
        }
        least = fmin(least, flow_busy(worker));
        most = fmax(most, flow_busy(worker));
        waited = fmax(waited, worker->waiting);
    }
    if (times->workers > FEW) {
        app_say(name, "each thread: worked %.3f to %.3f s, waited %.3f s at most", least, most,
                waited);
    }
}

static void say_details(const filter_chain *chain, const app_job *job, const app_result *result) {
    char in[128], out[128];
    image_text(&result->in, in, sizeof in);
    image_text(&result->out, out, sizeof out);
    const char *name = app_input_name(job->input);
    app_say(name, "read: %s%s", in, result->luma ? ", only gray is decoded" : "");
    app_say_lines(name, result->said.bytes);
    for (size_t i = 0; i < filter_chain_length(chain); i++) {
        app_say(name, "stage %zu: %s", i + 1, filter_chain_stage_text(chain, i));
    }
    if (result->scaled) {
        const bool made = result->made.width > 0;
        const double from = made ? result->made.white : result->in.white;
        app_say(name, "white: %g in %s, %g in the output; values are multiplied by %g", from,
                made ? "what the network makes" : "the input", result->out.white,
                result->out.white / from);
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
    for (int i = 0; i < report->otsu_count; i++) {
        app_say(name, "Otsu's threshold: %.7g", report->otsu[i]);
    }
    say_times(name, &report->times);
    if (job->shown) {
        app_say(name, "shown: %s, %.3f s", out, result->seconds);
        return;
    }
    app_say(app_output_name(job->output), "written: %s, %llu bytes, %.3f s", out,
            (unsigned long long)result->bytes, result->seconds);
}

void app_report_say(const app_call *call, const filter_chain *chain, const app_job *job,
                    const app_result *result, bool only) {
    if (result->status == APP_ERROR) {
        app_say(result->where, "%s", result->error.text);
        return;
    }
    if (call->talk == APP_QUIET) {
        return;
    }
    if (result->status == APP_KEPT && !call->dry_run &&
        (!job->done || only || call->talk == APP_VERBOSE)) {
        app_say(job->output, "%s and was kept", job->done ? "is up to date" : "already exists");
    }
    if (result->status == APP_WRITTEN) {
        app_warnings_say(job->input, &result->warnings);
        if (call->talk == APP_VERBOSE) {
            say_details(chain, job, result);
        }
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
        printf("%s: %s and would be kept\n", line.bytes,
               job->done ? "is up to date" : "already exists");
    } else if (result->status == APP_PLANNED) {
        char out[128], maps[80] = "";
        image_text(&result->out, out, sizeof out);
        if (result->maps > 0) {
            snprintf(maps, sizeof maps, ", %s", ct_count((uint64_t)result->maps, "file").text);
        }
        printf("%s: %s%s\n", line.bytes, out, maps);
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

static void json_times(const flow_times *times) {
    printf(",\"times\":{\"decoding\":%.6f,\"computing\":%.6f,\"encoding\":%.6f,"
           "\"waiting\":%.6f,\"serial\":",
           times->all.decoding, times->all.computing, times->all.encoding, times->all.waiting);
    app_json_number(stdout, serial_part(times));
    putchar('}');
}

static void json_stats(const app_result *result) {
    const conv_stats *stats = &result->report.stats;
    bool known = stats->min <= stats->max; /* only NaN has no range */
    printf(",\"frames\":%llu", (unsigned long long)result->frames);
    printf(",\"samples\":%llu,\"negative\":%llu,\"above\":%llu,\"nan\":%llu,\"infinite\":%llu,"
           "\"min\":",
           (unsigned long long)stats->samples, (unsigned long long)stats->negative,
           (unsigned long long)stats->above, (unsigned long long)stats->nan,
           (unsigned long long)stats->infinite);
    app_json_number(stdout, known ? (double)stats->min : NAN);
    fputs(",\"max\":", stdout);
    app_json_number(stdout, known ? (double)stats->max : NAN);
    printf(",\"jobs\":%d,\"band\":%d,\"bytes\":%llu", result->report.jobs, result->report.band,
           (unsigned long long)result->bytes);
    json_times(&result->report.times);
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

/* The names of the maps' files. */
static void json_maps(const app_job *job, int maps) {
    for (int i = 0; i < maps; i++) {
        const app_named named = app_job_named(job, i);
        char *name = app_template(job->template, &named, NULL);
        fputs(i ? "," : ",\"outputs\":[", stdout);
        app_json_string(stdout, name);
        free(name);
    }
    fputs(maps > 0 ? "]" : "", stdout);
}

void app_report_json(const app_job *job, const app_result *result) {
    static const char *const names[] = {[APP_WRITTEN] = "written",
                                        [APP_KEPT] = "kept",
                                        [APP_PLANNED] = "planned",
                                        [APP_ERROR] = "failed"};
    fputs("{\"input\":", stdout);
    app_json_string(stdout, job->input);
    fputs(",\"output\":", stdout);
    app_json_string(stdout, job->output);
    json_maps(job, result->maps ? result->maps : job->map_count);
    printf(",\"status\":\"%s\",\"error\":", names[result->status]);
    json_error(result);
    fputs(",\"warnings\":", stdout);
    app_warnings_json(&result->warnings);
    json_image("from", &result->in);
    json_image("to", &result->out);
    if (result->status == APP_WRITTEN) {
        json_stats(result);
    }
    if (result->status == APP_WRITTEN && result->trace) {
        fputs(",\"trace\":", stdout);
        app_trace_json(result->trace);
    }
    printf(",\"seconds\":%.6f}\n", result->seconds);
    app_flush_stdout(); /* whoever reads along, or finds us killed, has whole lines */
}

void app_report_json_counts(const app_counts *counts) {
    printf("{\"convtool\":\"%s\",\"isa\":\"%s\",\"images\":%zu,\"written\":%zu,\"kept\":%zu,"
           "\"planned\":%zu,\"failed\":%zu,\"not_begun\":%zu,\"unread\":%zu,\"skipped\":%zu,"
           "\"seconds\":%.6f}\n",
           APP_VERSION, conv_isa(), counts->images, counts->written, counts->kept, counts->planned,
           counts->failed, counts->images - counts->begun, counts->unread, counts->skipped,
           counts->seconds);
}
