#include "app/run/share.h"

/* What little is: of the limit, so that nobody waits for as many images. */
enum { LITTLE_SHARE = 256 };

static int step_of(const app_share_for *image) {
    const int threads = image->options->most;
    return threads > 1 ? codec_reader_most_step(image->job->in, threads) : 0;
}

/* Whether what was measured last is of such an image, but for its size. The chain and the options
 * are the same for all images of a call. */
static bool is_alike(const app_share *share, const app_share_for *image) {
    codec_info same = *codec_reader_info(image->job->in);
    same.width = share->in.width;
    same.height = share->in.height;
    return share->format == image->format && share->threads == image->options->most &&
           share->step == step_of(image) && codec_same_kind(&share->in, &same);
}

/* More than an image alike takes, at the most: rows grow with the width, and their number with the
 * height. Twice, as another size may be computed by another path. */
static uint64_t bound(const app_share *share, const codec_info *in) {
    const double wider = (double)in->width / share->in.width;
    const double higher = (double)in->height / share->in.height;
    const double more = 2 * (wider > 1 ? wider : 1) * (higher > 1 ? higher : 1);
    return (uint64_t)(more * (double)share->flow);
}

/* The flow's bytes. Images that take little aren't measured one by one: it takes as long as a plan,
 * which counts where they are small. */
static bool measure_flow(app_share *share, const app_share_for *image, uint64_t *bytes,
                         ct_error *err) {
    const codec_info *in = codec_reader_info(image->job->in);
    if (is_alike(share, image)) {
        const bool same = codec_same_kind(&share->in, in);
        *bytes = same ? share->flow : bound(share, in);
        if (same || *bytes <= share->gate->limit / LITTLE_SHARE) {
            return true;
        }
    }
    share->format = NULL;
    if (!flow_memory(image->job, image->options, &share->flow, err)) {
        return false;
    }
    share->in = *in;
    share->in.meta = (codec_meta){0}; /* the reader's own */
    share->format = image->format;
    share->threads = image->options->most;
    share->step = step_of(image);
    *bytes = share->flow;
    return true;
}

/* What the image takes at the gate. */
static bool measure(app_share *share, const app_share_for *image, app_gate_for *wanted,
                    ct_error *err) {
    const flow_job *job = image->job;
    uint64_t bytes;
    if (!measure_flow(share, image, &bytes, err)) {
        return false;
    }
    const uint64_t writer =
        codec_writer_memory(image->format, image->written, image->planes, image->anywhere);
    *wanted = (app_gate_for){
        .bytes = bytes + codec_reader_memory(job->in) + (uint64_t)image->writers * writer +
                 image->beside,
        .held = codec_reader_held(job->in),
        .threads = image->options->most,
        .begun = image->begun,
    };
    return true;
}

/* More threads, where there is room for what they take: else it stays with those it has. */
static bool widen(app_share *share, const app_share_for *image, int threads, ct_error *err) {
    flow_options options = *image->options;
    app_share_for wide = *image;
    app_gate_for wanted;
    options.most = threads;
    options.jobs = options.jobs > 0 ? threads : 0;
    wide.options = &options;
    if (!measure(share, &wide, &wanted, err)) {
        return false;
    }
    if (app_gate_widen(share->gate, &share->taken, &wanted)) {
        share->taken = wanted;
    }
    return true;
}

bool app_share_enter(app_share *share, const app_share_for *image, bool *in, int *threads,
                     ct_error *err) {
    *in = true;
    *threads = image->options->most;
    if (!share->gate) {
        return true;
    }
    int most;
    if (!measure(share, image, &share->taken, err)) {
        return false;
    }
    share->inside = *in = app_gate_enter(share->gate, &share->taken, &most);
    if (*in && most > *threads && !widen(share, image, most, err)) {
        return false;
    }
    *threads = share->taken.threads;
    return true;
}

void app_share_leave(app_share *share) {
    if (share->inside) {
        share->inside = false;
        app_gate_leave(share->gate, &share->taken);
    }
}
