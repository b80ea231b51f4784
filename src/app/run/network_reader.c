/* Readers of what networks make of images: by rows where all is local, else of the whole image. */
#include <stdlib.h>
#include <string.h>

#include "app/run/network.h"
#include "app/run/network_image.h"
#include "app/run/spread.h"
#include "app/run/team.h"
#include "base/minmax.h"
#include "net/stream.h"

enum { MOST_STREAMS = 64 };

/* One thread's band of output rows. */
typedef struct band {
    net_stream *stream;
    int first, end;
    ct_error error;
    bool ok;
} band;

typedef struct network_state {
    const app_network *network;
    codec_reader *source;
    network_input input;
    net_plan *plan;
    app_team *team;
    conv_shape out;
    uint8_t *samples; /* a row of the source */

    /* By rows: */
    band bands[MOST_STREAMS];
    int band_count;  /* threads; 0: the whole image */
    int band_height; /* output rows of a thread at a time */
    float *made;     /* the rows [made_first, made_end) */
    int made_first, made_end;
    float *window; /* input rows, row y at y % window_rows */
    int window_rows, read_rows;

    /* The whole image: */
    net_runner *runner;
    float *planes; /* the input */
    net_tensor result;
} network_state;

/* ---- by rows ---- */

static size_t in_stride(const network_state *n) {
    return (size_t)n->input.shape.width * (size_t)n->input.shape.channels;
}

static size_t out_stride(const network_state *n) {
    return (size_t)n->out.width * (size_t)n->out.channels;
}

static float *window_row(const network_state *n, int y) {
    return n->window + (size_t)(y % n->window_rows) * in_stride(n);
}

static const void *source_row(void *context, int y) {
    return window_row(context, y);
}

static bool read_rows_to(network_state *n, int end, ct_error *err) {
    for (; n->read_rows < end; n->read_rows++) {
        if (!codec_read_row(n->source, n->samples, err)) {
            return false;
        }
        network_input_row(&n->input, n->samples, window_row(n, n->read_rows));
    }
    return true;
}

/* Makes the window hold the input rows [from, to), of which those below read_rows are there. */
static bool widen_window(network_state *n, int from, int to, ct_error *err) {
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
    network_state *n = context;
    band *b = &n->bands[i];
    b->ok = b->first >= b->end ||
            net_stream_run(b->stream, b->first, b->end, source_row, n,
                           n->made + (size_t)(b->first - n->made_first) * out_stride(n),
                           out_stride(n), &b->error);
}

/* The next rows, a band for each thread. */
static bool make_bands(network_state *n, ct_error *err) {
    const int first = n->made_end;
    const int end = ct_min(first + n->band_height * n->band_count, n->out.height);
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

static bool start_rows(network_state *n, int threads, ct_error *err) {
    for (n->band_count = 0; n->band_count < ct_min(threads, MOST_STREAMS); n->band_count++) {
        n->bands[n->band_count].stream = net_stream_new(n->plan, err);
        if (!n->bands[n->band_count].stream) {
            return false;
        }
    }
    n->band_height =
        ct_min(band_height(n->bands[0].stream, n->out), ct_div_up(n->out.height, n->band_count));
    n->made =
        malloc((size_t)n->band_height * (size_t)n->band_count * out_stride(n) * sizeof *n->made);
    return n->made || ct_fail(err, "out of memory");
}

/* ---- the whole image ---- */

static bool run_whole(network_state *n, ct_error *err) {
    const conv_shape s = n->input.shape;
    const size_t width = (size_t)s.width, height = (size_t)s.height, channels = (size_t)s.channels;
    float *row = malloc(in_stride(n) * sizeof *row);
    bool ok = row || ct_fail(err, "out of memory");
    for (size_t y = 0; ok && y < height; y++) {
        ok = codec_read_row(n->source, n->samples, err);
        if (ok) {
            network_input_row(&n->input, n->samples, row);
        }
        for (size_t i = 0; ok && i < width * channels; i++) {
            n->planes[(i % channels * height + y) * width + i / channels] = row[i];
        }
    }
    free(row);
    net_tensor in = {
        .type = NET_FLOAT, .shape = net_plan_input(n->plan, 0)->shape, .data = n->planes};
    return ok && net_run(n->runner, &in, &n->result, err);
}

static bool start_whole(network_state *n, ct_error *err) {
    size_t floats = in_stride(n) * (size_t)n->input.shape.height;
    n->planes = malloc(floats * sizeof *n->planes);
    n->runner = net_runner_new(n->plan, app_team_net(n->team), err);
    return (n->planes || ct_fail(err, "out of memory")) && n->runner;
}

/* ---- the reader ---- */

static bool read_made(void *context, int y, void *row, codec_warnings *warnings, ct_error *err) {
    network_state *n = context;
    bool ok = true;
    if (n->band_count > 0) {
        ok = y < n->made_end || make_bands(n, err);
        if (ok) {
            memcpy(row, n->made + (size_t)(y - n->made_first) * out_stride(n),
                   out_stride(n) * sizeof(float));
        }
        if (ok && y + 1 == n->out.height) { /* damage at the end is noticed */
            for (; ok && n->read_rows < n->input.shape.height; n->read_rows++) {
                ok = codec_read_row(n->source, n->samples, err);
            }
        }
    } else {
        ok = n->result.data || run_whole(n, err);
        if (ok) {
            network_output_row(&n->result, n->out, y, row);
        }
    }
    *warnings = *codec_reader_warnings(n->source);
    return ok;
}

static uint64_t memory(const void *context) {
    const network_state *n = context;
    return codec_reader_memory(n->source) + net_plan_bytes(n->plan);
}

static void close_network(void *context) {
    network_state *n = context;
    for (int i = 0; i < MOST_STREAMS; i++) {
        net_stream_free(n->bands[i].stream);
    }
    net_runner_free(n->runner);
    net_plan_free(n->plan);
    app_team_free(n->team);
    if (n->source) {
        codec_close(n->source);
    }
    free(n->samples);
    free(n->made);
    free(n->window);
    free(n->planes);
    free(n);
}

/* A plan for the image: by rows where that's possible. */
static bool make_plan(network_state *n, const net_value *value, const app_call *call, bool *by_rows,
                      ct_error *err) {
    const conv_shape s = n->input.shape;
    const char *out = n->network->stage.out;
    net_given given = {.name = value->name, .tensor = {.type = NET_FLOAT}};
    const int rank = value->shape.rank < 0 ? 4 : value->shape.rank;
    const int64_t sizes[] = {1, s.channels, s.height, s.width};
    given.tensor.shape.rank = rank;
    for (int i = 0; i < rank; i++) {
        given.tensor.shape.size[i] = sizes[4 - rank + i];
    }
    net_wanted wanted = {.given = &given,
                         .given_count = 1,
                         .outputs = &out,
                         .output_count = out ? 1 : 0,
                         .memory = call->limits.max_memory,
                         .by_rows = true};
    n->plan = net_plan_new(n->network->model, &wanted, err);
    if (!n->plan) {
        return false;
    }
    conv_shape in;
    ct_error why;
    *by_rows = net_plan_is_local(n->plan, &in, &n->out, &why);
    if (*by_rows) {
        return true;
    }
    net_plan_free(n->plan);
    wanted.by_rows = false;
    n->plan = net_plan_new(n->network->model, &wanted, err);
    if (!n->plan) {
        return false;
    }
    if (net_plan_input_count(n->plan) != 1) {
        return ct_fail(err, "the model has %d inputs; give them to convtool net MODEL NAME=FILE...",
                       net_plan_input_count(n->plan));
    }
    const net_value *made = net_plan_output(n->plan, 0);
    const net_tensor as = {.type = made->type, .shape = made->shape};
    return network_output_shape(&as, &n->out, err);
}

/* An image where it looks like one, with the network's range; else plain numbers. */
static codec_info info_of(const network_state *n) {
    const codec_info *from = codec_reader_info(n->source);
    const net_value *made = net_plan_output(n->plan, 0);
    const bool picture = made->shape.rank == 4 && (n->out.channels == 1 || n->out.channels == 3);
    codec_info info = {.width = n->out.width,
                       .height = n->out.height,
                       .channels = n->out.channels,
                       .sample = CODEC_F32,
                       .white = picture ? n->network->stage.high : 0,
                       .plain = !picture,
                       .meta = {.srgb_intent = -1}};
    if (picture && n->out.channels == from->channels) {
        info.meta = from->meta; /* codec_open_rows copies it */
    }
    return info;
}

static bool start(network_state *n, const app_call *call, ct_error *err) {
    const net_graph *graph = net_model_graph(n->network->model);
    if (graph->input_count != 1) {
        return ct_fail(err, "the model has %s; give them to convtool net MODEL NAME=FILE...",
                       ct_count((uint64_t)graph->input_count, "input").text);
    }
    const net_value *value = &graph->values[graph->inputs[0]];
    bool by_rows;
    if (!network_input_make(n->network, value, codec_reader_info(n->source), &n->input, err) ||
        !make_plan(n, value, call, &by_rows, err)) {
        return false;
    }
    n->samples = malloc(codec_row_bytes(codec_reader_info(n->source)));
    n->team = app_team_new(app_threads(call));
    if (!n->samples || !n->team) {
        return ct_fail(err, "out of memory");
    }
    return by_rows ? start_rows(n, app_threads(call), err) : start_whole(n, err);
}

codec_reader *app_network_reader(const app_network *network, codec_reader *source,
                                 const app_call *call, ct_error *err) {
    network_state *n = calloc(1, sizeof *n);
    if (!n) {
        ct_fail(err, "out of memory");
        codec_close(source);
        return NULL;
    }
    n->network = network;
    n->source = source;
    if (!start(n, call, err)) {
        ct_fail_at(err, "net:%s: ", network->stage.model);
        close_network(n);
        return NULL;
    }
    const codec_info info = info_of(n);
    const codec_rows rows = {
        .read = read_made, .memory = memory, .close = close_network, .context = n};
    return codec_open_rows(&info, codec_format_name(codec_reader_format(source)), &rows, err);
}
