#include "flow/tap.h"

#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "flow/clamp.h"
#include "flow/flow.h"

/* A band's rows are a multiple of 16 (whole JPEG units), of so many bytes if there are that many:
 * codecs start at each. */
enum { BAND_STEP = 16, BAND_BYTES = 1 << 18 };

struct flow_tap {
    conv_plan *plan;
    conv_worker *worker;
    codec_writer *writer;
    double white; /* no sample is above it; 0: any that the type holds */
    int alpha;
    char *band;
    size_t row_bytes;
    int height;      /* rows that a band has room for */
    int first, rows; /* the band's first row, and how many are there */
    bool failed;
};

flow_tap *flow_tap_new(const conv_stage *stages, int count, conv_shape in, const codec_info *out,
                       ct_error *err) {
    flow_tap *tap = calloc(1, sizeof *tap);
    if (!tap) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    tap->alpha = out->alpha ? out->channels - 1 : -1;
    tap->white = out->sample != CODEC_F32 && codec_info_white(out) < codec_white(out->sample)
                     ? codec_info_white(out)
                     : 0;
    tap->plan = conv_plan_new(stages, count, in, CONV_F32, flow_type_of(out->sample), err);
    if (!tap->plan) {
        flow_tap_free(tap);
        return NULL;
    }
    tap->row_bytes = codec_row_bytes(out);
    const size_t rows = BAND_BYTES / tap->row_bytes / BAND_STEP;
    tap->height = ct_min(ct_max((int)rows, 1) * BAND_STEP, out->height);
    tap->worker = conv_worker_new(tap->plan, -1);
    size_t bytes;
    tap->band = ct_mul(tap->row_bytes, (size_t)tap->height, &bytes) ? malloc(bytes) : NULL;
    if (!tap->worker || !tap->band) {
        ct_fail(err, "out of memory");
        flow_tap_free(tap);
        return NULL;
    }
    return tap;
}

void flow_tap_free(flow_tap *tap) {
    if (tap) {
        conv_worker_free(tap->worker);
        conv_plan_free(tap->plan);
        free(tap->band);
        free(tap);
    }
}

void flow_tap_start(flow_tap *tap, codec_writer *writer) {
    tap->writer = writer;
}

bool flow_tap_failed(const flow_tap *tap) {
    return tap->failed;
}

static bool write_band(flow_tap *tap, ct_error *err) {
    const conv_shape out = conv_plan_out(tap->plan);
    codec_packed *packed = NULL;
    if (tap->white > 0) {
        flow_clamp(tap->band, (size_t)out.width * (size_t)tap->rows, out.channels, tap->alpha,
                   conv_plan_out_type(tap->plan), (unsigned)tap->white);
    }
    const bool ok =
        codec_pack(tap->writer, tap->first, tap->rows, tap->band, tap->row_bytes, &packed, err) &&
        codec_write(tap->writer, tap->rows, tap->band, tap->row_bytes, packed, err);
    codec_packed_free(packed);
    tap->first += tap->rows;
    tap->rows = 0;
    tap->failed = !ok;
    return ok;
}

/* The rows at hand. */
typedef struct rows_seen {
    const float *rows;
    size_t stride;
    int first;
} rows_seen;

static const void *seen_row(void *context, int y) {
    const rows_seen *seen = context;
    return (const char *)seen->rows + (size_t)(y - seen->first) * seen->stride;
}

bool flow_tap_see(void *context, int y, int count, const float *rows, size_t stride,
                  ct_error *err) {
    flow_tap *tap = context;
    rows_seen seen = {rows, stride, y};
    conv_stats unused;
    conv_stats_none(&unused);
    for (const int end = y + count; y < end;) {
        const int most = ct_min(end - y, tap->height - tap->rows);
        conv_worker_run(tap->worker, y, y + most, seen_row, &seen,
                        tap->band + (size_t)tap->rows * tap->row_bytes, tap->row_bytes, &unused);
        tap->rows += most;
        y += most;
        if (tap->rows == tap->height && !write_band(tap, err)) {
            return false;
        }
    }
    return true;
}

bool flow_tap_finish(flow_tap *tap, ct_error *err) {
    const bool ok = (tap->rows == 0 || write_band(tap, err)) && codec_finish(tap->writer, err);
    tap->failed = !ok;
    return ok;
}
