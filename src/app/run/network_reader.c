/* Readers of what networks make of images: by rows where all is local, else of the whole image. */
#include <stdlib.h>
#include <string.h>

#include "app/run/network.h"
#include "app/run/network_plan.h"
#include "app/run/team.h"
#include "base/minmax.h"
#include "net/stream.h"

/* Bytes that may wait for another image: weights that were packed, and rows. */
enum { MOST_STREAMS = 64, KEPT_MOST = 64 << 20 };

/* One thread's band of output rows. */
typedef struct band {
    net_stream *stream;
    int first, end;
    ct_error error;
    bool ok;
} band;

struct app_network_run {
    const app_network *network;
    network_plan plan;
    int threads;
    app_team *team;
    uint8_t *samples; /* a row of the source */

    /* By rows: */
    band bands[MOST_STREAMS];
    int band_count;  /* threads; 0: the whole image */
    int band_height; /* output rows of a thread at a time */
    float *made;     /* the rows [made_first, made_end) */
    int made_first, made_end;
    float *window; /* input rows, row y at y % window_rows */
    int window_rows;

    /* The whole image: */
    net_runner *runner;
    float *planes; /* the input */
    net_tensor result;

    /* Of the image in hand: */
    codec_reader *source;
    int read_rows;
    app_network_run **kept; /* where it goes then; NULL: it ends */
};

/* ---- by rows ---- */

static size_t in_stride(const app_network_run *n) {
    const conv_shape *s = &n->plan.input.shape;
    return (size_t)s->width * (size_t)s->channels;
}

static size_t out_stride(const app_network_run *n) {
    return (size_t)n->plan.out.width * (size_t)n->plan.out.channels;
}

static float *window_row(const app_network_run *n, int y) {
    return n->window + (size_t)(y % n->window_rows) * in_stride(n);
}

static const void *source_row(void *context, int y) {
    return window_row(context, y);
}

static bool read_rows_to(app_network_run *n, int end, ct_error *err) {
    for (; n->read_rows < end; n->read_rows++) {
        if (!codec_read_row(n->source, n->samples, err)) {
            return false;
        }
        network_input_row(&n->plan.input, n->samples, window_row(n, n->read_rows));
    }
    return true;
}

/* Makes the window hold the input rows [from, to), of which those below read_rows are there. */
static bool widen_window(app_network_run *n, int from, int to, ct_error *err) {
    if (to - from <= n->window_rows) {
        return true;
    }
    const int rows = to - from;
    float *wider = malloc((size_t)rows * in_stride(n) * sizeof *wider);
    if (!wider) {
        return ct_fail(err, "out of memory");
    }
    for (int y = from; y < ct_min(n->read_rows, to); y++) {
        memcpy(wider + (size_t)(y % rows) * in_stride(n), window_row(n, y),
               in_stride(n) * sizeof *wider);
    }
    free(n->window);
    n->window = wider;
    n->window_rows = rows;
    return true;
}

static void run_band(void *context, int i) {
    app_network_run *n = context;
    band *b = &n->bands[i];
    b->ok = b->first >= b->end ||
            net_stream_run(b->stream, b->first, b->end, source_row, n,
                           n->made + (size_t)(b->first - n->made_first) * out_stride(n),
                           out_stride(n), &b->error);
}

/* The next rows, a band for each thread. */
static bool make_bands(app_network_run *n, ct_error *err) {
    const int first = n->made_end;
    const int end = ct_min(first + n->band_height * n->band_count, n->plan.out.height);
    int from, to;
    net_stream_reach(n->bands[0].stream, first, end, &from, &to);
    if (!widen_window(n, from, to, err) || !read_rows_to(n, to, err)) {
        return false;
    }
    n->made_first = first;
    n->made_end = end;
    for (int i = 0; i < n->band_count; i++) {
        n->bands[i].first = ct_min(first + i * n->band_height, end);
        n->bands[i].end = ct_min(first + (i + 1) * n->band_height, end);
    }
    net_each(app_team_net(n->team), n->band_count, run_band, n);
    for (int i = 0; i < n->band_count; i++) {
        if (!n->bands[i].ok) {
            *err = n->bands[i].error;
            return false;
        }
    }
    return true;
}

/* Bands so high that what two of them both make is a small share. */
static int band_height(net_stream *stream, conv_shape out) {
    enum { LEAST = 32, MOST = 512, SHARE = 12 };
    int from, to, next_from, next_to;
    const int y = out.height / 2;
    net_stream_reach(stream, y, y + 1, &from, &to);
    net_stream_reach(stream, ct_min(y + 32, out.height - 1), ct_min(y + 33, out.height), &next_from,
                     &next_to);
    const int rate = ct_max(1, next_from > from ? 32 / (next_from - from) : 1);
    return ct_clamp((to - from) * rate * SHARE, LEAST, MOST);
}

static bool start_rows(app_network_run *n, ct_error *err) {
    for (n->band_count = 0; n->band_count < ct_min(n->threads, MOST_STREAMS); n->band_count++) {
        n->bands[n->band_count].stream = net_stream_new(n->plan.plan, err);
        if (!n->bands[n->band_count].stream) {
            return false;
        }
    }
    n->band_height = ct_min(band_height(n->bands[0].stream, n->plan.out),
                            ct_div_up(n->plan.out.height, n->band_count));
    n->made =
        malloc((size_t)n->band_height * (size_t)n->band_count * out_stride(n) * sizeof *n->made);
    return n->made || ct_fail(err, "out of memory");
}

/* ---- the whole image ---- */

static bool run_whole(app_network_run *n, ct_error *err) {
    const conv_shape s = n->plan.input.shape;
    const size_t width = (size_t)s.width, height = (size_t)s.height, channels = (size_t)s.channels;
    float *row = malloc(in_stride(n) * sizeof *row);
    bool ok = row || ct_fail(err, "out of memory");
    for (size_t y = 0; ok && y < height; y++) {
        ok = codec_read_row(n->source, n->samples, err);
        if (ok) {
            network_input_row(&n->plan.input, n->samples, row);
        }
        for (size_t i = 0; ok && i < width * channels; i++) {
            n->planes[(i % channels * height + y) * width + i / channels] = row[i];
        }
    }
    free(row);
    net_tensor in = {
        .type = NET_FLOAT, .shape = net_plan_input(n->plan.plan, 0)->shape, .data = n->planes};
    return ok && net_run(n->runner, &in, &n->result, err);
}

static bool start_whole(app_network_run *n, ct_error *err) {
    size_t floats = in_stride(n) * (size_t)n->plan.input.shape.height;
    n->planes = malloc(floats * sizeof *n->planes);
    n->runner = net_runner_new(n->plan.plan, app_team_net(n->team), err);
    return (n->planes || ct_fail(err, "out of memory")) && n->runner;
}

/* ---- the reader ---- */

static bool read_made(void *context, int y, void *row, codec_warnings *warnings, ct_error *err) {
    app_network_run *n = context;
    bool ok = true;
    if (n->band_count > 0) {
        ok = y < n->made_end || make_bands(n, err);
        if (ok) {
            memcpy(row, n->made + (size_t)(y - n->made_first) * out_stride(n),
                   out_stride(n) * sizeof(float));
        }
        if (ok && y + 1 == n->plan.out.height) { /* damage at the end is noticed */
            for (; ok && n->read_rows < n->plan.input.shape.height; n->read_rows++) {
                ok = codec_read_row(n->source, n->samples, err);
            }
        }
    } else {
        ok = n->result.data || run_whole(n, err);
        if (ok) {
            network_output_row(&n->result, n->plan.out, y, row);
        }
    }
    *warnings = *codec_reader_warnings(n->source);
    return ok;
}

/* ---- from image to image ---- */

static uint64_t bytes_of(const app_network_run *n) {
    uint64_t bytes = net_plan_bytes(n->plan.plan);
    if (n->band_count == 0) {
        return bytes + in_stride(n) * (uint64_t)n->plan.input.shape.height * sizeof(float);
    }
    for (int i = 0; i < n->band_count; i++) {
        bytes += net_stream_bytes(n->bands[i].stream);
    }
    return bytes + (out_stride(n) * (uint64_t)n->band_height * (uint64_t)n->band_count +
                    in_stride(n) * (uint64_t)n->window_rows) *
                       sizeof(float);
}

void app_network_run_free(app_network_run *n) {
    if (!n) {
        return;
    }
    for (int i = 0; i < MOST_STREAMS; i++) {
        net_stream_free(n->bands[i].stream);
    }
    net_runner_free(n->runner);
    network_plan_free(&n->plan);
    app_team_free(n->team);
    free(n->samples);
    free(n->made);
    free(n->window);
    free(n->planes);
    free(n);
}

static app_network_run *new_run(const app_network_reading *how, const codec_info *image,
                                ct_error *err) {
    app_network_run *n = calloc(1, sizeof *n);
    if (!n) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    n->network = how->network;
    n->threads = how->threads;
    bool ok = network_plan_make(&n->plan, how->network, image, how->call, err);
    if (ok) {
        n->samples = malloc(codec_row_bytes(image));
        n->team = app_team_new(n->threads);
        ok = (n->samples && n->team) || ct_fail(err, "out of memory");
    }
    if (!ok || !(n->plan.by_rows ? start_rows(n, err) : start_whole(n, err))) {
        app_network_run_free(n);
        return NULL;
    }
    return n;
}

/* The one that the image before left, if it serves this image too. */
static app_network_run *take_run(const app_network_reading *how, const codec_info *image) {
    app_network_run *n = how->kept ? *how->kept : NULL;
    if (!n) {
        return NULL;
    }
    *how->kept = NULL;
    if (n->network != how->network || n->threads != how->threads ||
        !network_plan_serves(&n->plan, image)) {
        app_network_run_free(n);
        return NULL;
    }
    for (int i = 0; i < n->band_count; i++) {
        net_stream_restart(n->bands[i].stream);
    }
    n->made_first = n->made_end = n->read_rows = 0;
    n->result.data = NULL;
    return n;
}

static uint64_t memory(const void *context) {
    const app_network_run *n = context;
    return codec_reader_memory(n->source) + bytes_of(n);
}

static void close_network(void *context) {
    app_network_run *n = context;
    if (n->source) {
        codec_close(n->source);
        n->source = NULL;
    }
    if (n->kept && !*n->kept && bytes_of(n) <= KEPT_MOST) {
        *n->kept = n;
    } else {
        app_network_run_free(n);
    }
}

/* ---- how it is done, in words ---- */

static bool say_shapes(const app_network_run *n, ct_text *out) {
    const net_value *in = net_plan_input(n->plan.plan, 0), *made = net_plan_output(n->plan.plan, 0);
    const net_symbols *symbols = net_plan_symbols(n->plan.plan);
    return ct_text_print(out, "network: %s ", in->name) &&
           net_shape_text(symbols, &in->shape, out) && ct_text_print(out, " -> %s ", made->name) &&
           net_shape_text(symbols, &made->shape, out);
}

static bool say(const app_network_run *n, ct_text *out) {
    const char *bytes = ct_size_of(bytes_of(n)).text;
    bool ok = say_shapes(n, out);
    if (ok && n->plan.by_rows) {
        ok = ct_text_print(out, "\nnetwork: by rows, %s, bands of %d rows, %s\n",
                           ct_count((uint64_t)n->band_count, "thread").text, n->band_height, bytes);
    } else if (ok) {
        ok = ct_text_print(out, "\nnetwork: with the whole image, %s, %s; not by rows: %s\n",
                           ct_count((uint64_t)n->threads, "thread").text, bytes, n->plan.why.text);
    }
    ct_text assumed = {0};
    ok = ok && network_plan_assumed(&n->plan, n->network, &assumed) &&
         (assumed.length == 0 || ct_text_print(out, "network: assumed: %s\n", assumed.bytes));
    ct_text_free(&assumed);
    return ok;
}

/* The run is watched, or no longer. */
static bool watch(app_network_run *n, app_net_trace **trace, ct_error *err) {
    if (trace && !(*trace = app_net_trace_new(n->plan.plan))) {
        return ct_fail(err, "out of memory");
    }
    const net_watch *by = trace ? &(*trace)->watch : NULL;
    for (int i = 0; i < n->band_count; i++) {
        net_stream_watch(n->bands[i].stream, by);
    }
    if (n->runner) {
        net_runner_watch(n->runner, by);
    }
    return true;
}

codec_reader *app_network_reader(const app_network_reading *how, codec_reader *source,
                                 ct_error *err) {
    const codec_info *image = codec_reader_info(source);
    app_network_run *n = take_run(how, image);
    n = n ? n : new_run(how, image, err);
    if (!n) {
        codec_close(source);
        ct_fail_at(err, "net:%s: ", how->network->stage.model);
        return NULL;
    }
    n->source = source;
    n->kept = how->kept;
    const bool said = !how->said || say(n, how->said) || ct_fail(err, "out of memory");
    if (!said || !watch(n, how->trace, err)) {
        close_network(n);
        return NULL;
    }
    codec_info info = n->plan.made;
    if (!info.plain && info.channels == image->channels) {
        info.meta = image->meta; /* codec_open_rows copies it */
    }
    const codec_rows rows = {
        .read = read_made, .memory = memory, .close = close_network, .context = n};
    const codec_format *format = codec_reader_format(source);
    return codec_open_rows(&info, format ? codec_format_name(format) : NULL, &rows, err);
}
