/* Images are cut into bands, one for each thread at a time. Rows are interleaved as they are
 * wanted, and apart again as they are made, while they lie in the caches. */
#include "net/images.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "net/interleave.h"
#include "net/rows.h"

typedef struct images_job {
    const net_rows *rows;
    const float *in[NET_MOST_SOURCES];
    float *out;
    int images; /* in all, */
    int each;   /* and those that a task makes one after the other, where each is one band */
    int bands;  /* of an image */
    int height; /* rows of a band */
    int chunk;  /* rows made at once */
    _Atomic bool failed;
} images_job;

/* ---- an image's rows ---- */

static size_t row_floats(conv_shape shape) {
    return (size_t)shape.width * (size_t)shape.channels;
}

typedef struct feed {
    conv_shape shape;
    const float *planes;
    float *ring; /* of `slots` interleaved rows; NULL: there is one channel */
    int slots;
    int first, next; /* rows that it has */
} feed;

static const void *feed_row(void *context, int y) {
    feed *f = context;
    const size_t floats = row_floats(f->shape), width = (size_t)f->shape.width;
    if (!f->ring) {
        return f->planes + (size_t)y * floats;
    }
    if (y < f->first || y > f->next) {
        f->first = f->next = y;
    }
    for (; f->next <= y; f->next++) {
        net_transpose(f->ring + (size_t)(f->next % f->slots) * floats, (size_t)f->shape.channels,
                      f->planes + (size_t)f->next * width, (size_t)f->shape.height * width,
                      (size_t)f->shape.channels, width);
    }
    f->first = ct_max(f->first, f->next - f->slots);
    return f->ring + (size_t)(y % f->slots) * floats;
}

/* The most rows that the band's runs ask for. */
static int most_rows(const images_job *job, int source, int first, int end) {
    int most = 1;
    for (int y = first; y < end; y += job->chunk) {
        int from, to;
        job->rows->reach(job->rows, source, y, ct_min(y + job->chunk, end), &from, &to);
        most = ct_max(most, to - from);
    }
    return most;
}

/* ---- a band ---- */

typedef struct band {
    feed feeds[NET_MOST_SOURCES];
    net_source sources[NET_MOST_SOURCES];
    float *made; /* rows, where they don't go straight into the output */
    void *worker, *memory;
} band;

static float *new_rows(conv_shape shape, int count) {
    size_t floats;
    return ct_mul(row_floats(shape), (size_t)count, &floats) && floats < SIZE_MAX / 8
               ? malloc((floats + 1) * sizeof(float))
               : NULL;
}

static bool open_band(const images_job *job, band *b, int first, int end) {
    const net_rows *rows = job->rows;
    for (int i = 0; i < rows->source_count; i++) {
        const conv_shape shape = rows->in[i];
        feed *f = &b->feeds[i];
        *f = (feed){.shape = shape};
        b->sources[i] = (net_source){feed_row, f};
        if (shape.channels > 1) {
            f->slots = most_rows(job, i, first, end);
            f->ring = new_rows(shape, f->slots);
            if (!f->ring) {
                return false;
            }
        }
    }
    b->made = rows->out.channels > 1 ? new_rows(rows->out, job->chunk) : NULL;
    b->memory = rows->enter ? net_rows_memory(rows->worker_bytes) : NULL;
    b->worker = b->memory ? rows->enter(rows, b->memory) : NULL;
    return (b->made || rows->out.channels == 1) && (b->worker || !rows->enter);
}

static void close_band(const images_job *job, band *b) {
    for (int i = 0; i < job->rows->source_count; i++) {
        free(b->feeds[i].ring);
    }
    free(b->made);
    if (b->worker) {
        job->rows->leave(b->worker);
    }
    free(b->memory);
}

static void take_image(const images_job *job, band *b, int image) {
    for (int i = 0; i < job->rows->source_count; i++) {
        feed *f = &b->feeds[i];
        const size_t floats = row_floats(f->shape) * (size_t)f->shape.height;
        f->planes = job->in[i] + (size_t)image * floats;
        f->first = f->next = 0;
    }
}

static void run_band(const images_job *job, band *b, int image, int first, int end) {
    const conv_shape out = job->rows->out;
    const size_t floats = row_floats(out), width = (size_t)out.width;
    const size_t plane = width * (size_t)out.height;
    float *to = job->out + (size_t)image * plane * (size_t)out.channels;
    for (int y = first; y < end; y += job->chunk) {
        const int stop = ct_min(y + job->chunk, end);
        job->rows->run(job->rows, b->worker, y, stop, b->sources,
                       b->made ? b->made : to + (size_t)y * floats, floats);
        for (int k = y; b->made && k < stop; k++) {
            net_transpose(to + (size_t)k * width, plane, b->made + (size_t)(k - y) * floats,
                          (size_t)out.channels, width, (size_t)out.channels);
        }
    }
}

static void make_band(void *argument, int i) {
    images_job *job = argument;
    const int image = i / job->bands * job->each, first = i % job->bands * job->height;
    const int end = ct_min(first + job->height, job->rows->out.height);
    const int last = ct_min(image + job->each, job->images);
    band b = {.made = NULL};
    if (open_band(job, &b, first, end)) {
        for (int k = image; k < last; k++) {
            take_image(job, &b, k);
            run_band(job, &b, k, first, end);
        }
    } else {
        atomic_store(&job->failed, true);
    }
    close_band(job, &b);
}

static bool run_images(const net_rows *rows, const net_call *call, int64_t images, ct_error *err) {
    enum { CACHED = 1 << 14, LEAST = 4 };
    const int height = rows->out.height, threads = net_threads(call->team);
    const double work = net_rows_work(rows);
    const int fit = (int)((size_t)CACHED / row_floats(rows->out));
    images_job job = {.rows = rows, .out = call->out[0]->data};
    for (int i = 0; i < rows->source_count; i++) {
        job.in[i] = call->in[rows->source[i]]->data;
    }
    const bool whole = threads == 1 || images >= 4 * threads || work < NET_WORTH_A_THREAD;
    job.height = ct_div_up(height, whole ? 1 : threads);
    job.chunk = ct_clamp(fit, LEAST, ct_max(job.height, LEAST));
    job.bands = ct_div_up(height, job.height);
    if (images * job.bands > INT32_MAX) {
        return ct_fail(err, "its batch is too large");
    }
    job.images = (int)images;
    job.each = job.bands > 1 ? 1 : threads == 1 ? job.images : ct_div_up(job.images, 4 * threads);
    const int tasks = job.bands * ct_div_up(job.images, ct_max(job.each, 1));
    net_each_of(call->team, work * (double)images, tasks, make_band, &job);
    return !atomic_load(&job.failed) || ct_fail(err, "out of memory");
}

/* ---- the node by rows, as if for one image ---- */

static bool fill(const net_call *call, net_rows *rows, ct_error *err) {
    const net_tensor *in[NET_MOST_SOURCES];
    net_tensor first = *call->in[0];
    for (int i = 0; i < call->node->input_count; i++) {
        in[i] = i == 0 ? &first : call->in[i];
    }
    first.shape.size[0] = 1;
    net_call one = *call;
    one.in = in;
    return call->node->op->rows(&one, rows, err);
}

bool net_images_make(const net_call *call, void **own, ct_error *err) {
    const net_tensor *first = call->in[0];
    *own = NULL;
    if (call->node->input_count > NET_MOST_SOURCES || first->type != NET_FLOAT ||
        first->shape.rank < 3 || first->shape.size[0] < 1) {
        return true;
    }
    net_rows *rows = calloc(1, sizeof *rows);
    if (!rows || !fill(call, rows, err)) {
        free(rows);
        return rows ? false : ct_fail(err, "out of memory");
    }
    if (!rows->run) {
        free(rows);
        rows = NULL;
    }
    *own = rows;
    return true;
}

void net_images_drop(void *own) {
    net_rows *rows = own;
    if (rows && rows->free) {
        rows->free(rows);
    }
    free(rows);
}

bool net_images_call(const net_call *call, bool *done, ct_error *err) {
    void *own = call->own;
    *done = false;
    if (!own && !net_images_make(call, &own, err)) {
        return false;
    }
    if (!own) {
        return true;
    }
    const bool ok = run_images(own, call, call->in[0]->shape.size[0], err);
    *done = ok;
    if (own != call->own) {
        net_images_drop(own);
    }
    return ok;
}
