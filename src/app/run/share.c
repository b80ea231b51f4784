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

bool app_share_enter(app_share *share, const app_share_for *image, bool *in, ct_error *err) {
    const flow_job *job = image->job;
    *in = true;
    if (!share->gate) {
        return true;
    }
    uint64_t bytes;
    if (!measure_flow(share, image, &bytes, err)) {
        return false;
    }
    share->bytes =
        bytes + codec_reader_memory(job->in) +
        codec_writer_memory(image->format, job->out_info, image->planes, image->anywhere);
    const app_gate_for wanted = {
        .bytes = share->bytes, .held = codec_reader_held(job->in), .begun = image->begun};
    share->inside = *in = app_gate_enter(share->gate, &wanted);
    return true;
}

void app_share_leave(app_share *share) {
    if (share->inside) {
        share->inside = false;
        app_gate_leave(share->gate, share->bytes);
    }
}
