#include "app/run/share.h"

/* The chain and the options are the same for all images of a call. */
static bool is_known(const app_share *share, const codec_info *in, const flow_options *options,
                     const codec_format *format) {
    return share->format == format && share->threads == options->most &&
           codec_same_kind(&share->in, in);
}

static bool measure_flow(app_share *share, const flow_job *job, const flow_options *options,
                         const codec_format *format, ct_error *err) {
    const codec_info *in = codec_reader_info(job->in);
    if (is_known(share, in, options, format)) {
        return true;
    }
    share->format = NULL;
    if (!flow_memory(job, options, &share->flow, err)) {
        return false;
    }
    share->in = *in;
    share->in.meta = (codec_meta){0}; /* the reader's own */
    share->format = format;
    share->threads = options->most;
    return true;
}

bool app_share_enter(app_share *share, const flow_job *job, const flow_options *options,
                     const codec_format *format, bool *in, ct_error *err) {
    *in = true;
    if (!share->gate) {
        return true;
    }
    if (!measure_flow(share, job, options, format, err)) {
        return false;
    }
    share->bytes =
        share->flow + codec_reader_memory(job->in) + codec_writer_memory(format, job->out_info);
    share->inside = *in = app_gate_enter(share->gate, share->bytes);
    return true;
}

void app_share_leave(app_share *share) {
    if (share->inside) {
        share->inside = false;
        app_gate_leave(share->gate, share->bytes);
    }
}
