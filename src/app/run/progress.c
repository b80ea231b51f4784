#include "app/run/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "base/clock.h"

/* Seconds: short jobs shouldn't make a line flicker, and nobody reads faster than this. */
static const double patience = 0.4, interval = 0.1;

void app_progress_start(app_progress *progress, const app_call *call, size_t total) {
    const char *term = getenv("TERM");
    *progress = (app_progress){
        .lock = PTHREAD_MUTEX_INITIALIZER, .percent = -1, .total = total, .start = ct_clock()};
    progress->shown = call->talk != APP_QUIET && isatty(STDERR_FILENO) && term && *term &&
                      strcmp(term, "dumb") != 0;
}

static void draw_image(app_progress *progress, const char *input, int done, int rows) {
    const int percent = rows > 0 ? (int)((long)done * 100 / rows) : 100;
    ct_text name = {0};
    if (percent != progress->percent && app_escape(&name, app_input_name(input))) {
        progress->percent = percent;
        progress->drawn = true;
        fprintf(stderr, "\r%3d%% %.60s", percent, name.bytes ? name.bytes : "");
        fflush(stderr);
    }
    ct_text_free(&name);
}

/* Whether a line may be drawn again; then it counts as drawn. */
static bool is_time(app_progress *progress, double now) {
    const bool due = now - progress->last >= interval;
    progress->last = due ? now : progress->last;
    return due;
}

/* "frame 120, 30/s clip.y4m" */
static void draw_frames(app_progress *progress, const char *input, uint64_t frames, double now) {
    ct_text name = {0};
    if (is_time(progress, now) && app_escape(&name, app_input_name(input))) {
        const double rate = (double)frames / (now - progress->start);
        progress->drawn = true;
        fprintf(stderr, "\rframe %llu, %.*f/s %.60s\033[K", (unsigned long long)frames,
                rate < 10 ? 1 : 0, rate, name.bytes ? name.bytes : "");
        fflush(stderr);
    }
    ct_text_free(&name);
}

/* "90 s", "12 min", "3 h" */
static void duration_text(double seconds, char *text, size_t size) {
    const double minutes = seconds / 60;
    snprintf(text, size, "%.0f %s",
             seconds < 100   ? seconds
             : minutes < 100 ? minutes
                             : minutes / 60,
             seconds < 100   ? "s"
             : minutes < 100 ? "min"
                             : "h");
}

static void draw_batch(app_progress *progress, double now) {
    const double seconds = now - progress->start, done = (double)progress->done;
    char line[160], left[32], failed[40] = "";
    if (!is_time(progress, now)) {
        return;
    }
    if (progress->failed > 0) {
        snprintf(failed, sizeof failed, ", %zu failed", progress->failed);
    }
    int length = snprintf(line, sizeof line, "%zu/%zu images", progress->done, progress->total);
    if (progress->done > 0) {
        duration_text(seconds / done * (double)(progress->total - progress->done), left,
                      sizeof left);
        length += snprintf(line + length, sizeof line - (size_t)length,
                           ", %.*f/s, %.1f MB/s%s, %s left", done / seconds < 10 ? 1 : 0,
                           done / seconds, (double)progress->bytes / 1e6 / seconds, failed, left);
    }
    progress->drawn = true;
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
}

/* What is known of the image that moved on: frames of a stream, or else rows. */
static void draw(const app_progress_image *image, uint64_t frames, int done, int rows) {
    app_progress *progress = image->progress;
    const double now = ct_clock();
    if (now - progress->start < patience) {
        return;
    }
    pthread_mutex_lock(&progress->lock);
    if (progress->total > 1) {
        draw_batch(progress, now);
    } else if (frames > 0) {
        draw_frames(progress, image->input, frames, now);
    } else {
        draw_image(progress, image->input, done, rows);
    }
    pthread_mutex_unlock(&progress->lock);
}

void app_progress_step(void *context, int done, int rows) {
    draw(context, 0, done, rows);
}

void app_progress_frame(void *context, uint64_t frames) {
    draw(context, frames, 0, 0);
}

void app_progress_done(app_progress *progress, bool failed, uint64_t bytes) {
    if (!progress->shown) {
        return;
    }
    pthread_mutex_lock(&progress->lock);
    progress->done++;
    progress->failed += failed;
    progress->bytes += bytes;
    const double now = ct_clock();
    if (progress->total > 1 && now - progress->start >= patience) {
        draw_batch(progress, now);
    }
    pthread_mutex_unlock(&progress->lock);
}

void app_progress_skipped(app_progress *progress) {
    if (progress->shown) {
        pthread_mutex_lock(&progress->lock);
        progress->total--;
        pthread_mutex_unlock(&progress->lock);
    }
}

void app_progress_pause(app_progress *progress) {
    if (!progress->shown) {
        return;
    }
    pthread_mutex_lock(&progress->lock);
    if (progress->drawn) {
        progress->drawn = false;
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
}

void app_progress_resume(app_progress *progress) {
    if (progress->shown) {
        pthread_mutex_unlock(&progress->lock);
    }
}
