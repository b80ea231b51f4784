/* Readers of what networks make of images: by rows where all is local, else of the whole image. */
#include <stdlib.h>
#include <string.h>

#include "app/run/network.h"
#include "app/run/network_plan.h"
#include "app/run/team.h"
#include "base/minmax.h"
#include "net/stream.h"

/* Bytes that may wait for another image: weights that were packed, and rows. */
enum { KEPT_MOST = 64 << 20 };

struct app_network_run {
    const app_network *network;
    network_plan plan;
    int threads;
    app_team *team;
    uint8_t *samples; /* a row of the source */

    /* By rows: */
    net_stream *stream; /* NULL: the whole image */
    float *made;        /* the rows [made_first, made_end), a block of the stream's */
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

/* The next block of rows. */
static bool make_block(app_network_run *n, ct_error *err) {
    const int first = n->made_end;
    const int end = ct_min(first + net_stream_block(n->stream), n->plan.out.height);
    int from, to;
    net_stream_reach(n->stream, first, end, &from, &to);
    if (!widen_window(n, from, to, err) || !read_rows_to(n, to, err)) {
        return false;
    }
    n->made_first = first;
    n->made_end = end;
    return net_stream_run(n->stream, first, end, source_row, n, n->made, out_stride(n), err);
}

static bool start_rows(app_network_run *n, uint64_t memory, ct_error *err) {
    n->stream = net_stream_new(n->plan.plan, app_team_net(n->team), memory, err);
    if (!n->stream) {
        return false;
    }
    n->made = malloc((size_t)net_stream_block(n->stream) * out_stride(n) * sizeof *n->made);
    return n->made || ct_fail(err, "out of memory");
}

/* ---- the whole image ---- */

static bool run_whole(app_network_run *n, ct_error *err) {
    const bool ok = network_input_read(&n->plan.input, n->source, n->planes, err);
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
    if (n->stream) {
        ok = y < n->made_end || make_block(n, err);
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
            network_output_row(&n->result, n->plan.last, n->plan.out, y, row);
        }
    }
    if (ok && n->plan.black != 0) {
        float *numbers = row;
        for (size_t i = 0; i < out_stride(n); i++) {
            numbers[i] -= n->plan.black;
        }
    }
    *warnings = *codec_reader_warnings(n->source);
    return ok;
}

/* ---- from image to image ---- */

static uint64_t bytes_of(const app_network_run *n) {
    return n->stream ? net_stream_bytes(n->stream)
                     : net_runner_bytes(n->runner) +
                           in_stride(n) * (uint64_t)n->plan.input.shape.height * sizeof(float);
}

void app_network_run_free(app_network_run *n) {
    if (!n) {
        return;
    }
    net_stream_free(n->stream);
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
    if (!ok || !(n->plan.by_rows ? start_rows(n, how->call->limits.max_memory, err)
                                 : start_whole(n, err))) {
        app_network_run_free(n);
        return NULL;
    }
    return n;
}

/* The next run is on another image. */
static void start_again(app_network_run *n) {
    if (n->stream) {
        net_stream_restart(n->stream);
    }
    n->made_first = n->made_end = n->read_rows = 0;
    n->result.data = NULL;
}

/* What is said of the image that is made, beside its kind. */
static void describe(const app_network_run *n, codec_info *made) {
    const codec_info *image = codec_reader_info(n->source);
    made->meta = (codec_meta){.srgb_intent = -1};
    if (!made->plain && made->channels == image->channels) {
        made->meta = image->meta; /* who wants it copies it */
    }
    made->video = image->video;
}

/* The source has another image. */
static bool again(void *context, codec_info *info, ct_error *err) {
    app_network_run *n = context;
    if (!network_plan_serves(&n->plan, codec_reader_info(n->source))) {
        return ct_fail(err, "the images of a stream that goes through a network must be of one "
                            "size and kind, and this one isn't like the first");
    }
    start_again(n);
    describe(n, info);
    return true;
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
    start_again(n);
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
    const ct_size bytes = ct_size_of(bytes_of(n));
    bool ok = say_shapes(n, out);
    if (ok && n->plan.by_rows) {
        const int threads = net_stream_threads(n->stream), block = net_stream_block(n->stream);
        ok = ct_text_print(out, "\nnetwork: by rows, %s, blocks of %s, %s\n",
                           ct_count((uint64_t)threads, "thread").text,
                           ct_count((uint64_t)block, "row").text, bytes.text);
    } else if (ok) {
        ok = ct_text_print(out, "\nnetwork: with the whole image, %s, %s; not by rows: %s\n",
                           ct_count((uint64_t)n->threads, "thread").text, bytes.text,
                           n->plan.why.text);
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
    if (n->stream) {
        net_stream_watch(n->stream, by);
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
    describe(n, &info);
    const codec_rows rows = {.read = read_made,
                             .memory = memory,
                             .close = close_network,
                             .context = n,
                             .source = source,
                             .again = again};
    const codec_format *format = codec_reader_format(source);
    return codec_open_rows(&info, format ? codec_format_name(format) : NULL, &rows, err);
}
