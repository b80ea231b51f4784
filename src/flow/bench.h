/* What the threads of a pass work with, and may leave for the next image: the window of decoded
 * rows, workers and buffers. Internal to src/flow. */
#ifndef CT_FLOW_BENCH_H
#define CT_FLOW_BENCH_H

#include "flow/decoded.h"

/* One thread's. */
typedef struct flow_seat {
    conv_worker *worker; /* NULL where a cascade makes the rows */
    char *buffer;        /* for a band; NULL where rows go to an image */
} flow_seat;

/* Start from `{0}`. */
typedef struct flow_bench {
    int jobs;     /* seats; 0: nothing is there */
    size_t bytes; /* that all of it takes */
    flow_bands bands;
    flow_seat *seats;
    flow_decoded *decoded; /* NULL where rows come from an image */
} flow_bench;

typedef struct flow_bench_of {
    const conv_plan *plan; /* NULL: a cascade makes the rows */
    codec_reader *reader;  /* NULL: rows come from an image, or a cascade reads them */
    flow_bands bands;
    int jobs;
    int step;         /* as for flow_decoded_new */
    bool ahead;       /* a thread decodes ahead of a cascade */
    uint64_t memory;  /* bytes that the decoded rows may take */
    size_t bytes;     /* what all of it will take */
    size_t buffer;    /* bytes of a seat's; 0: none */
    size_t row_bytes; /* of the output */
    int alpha;        /* as for conv_worker_new */
    bool measure;
} flow_bench_of;

/* Fills an empty bench; one that isn't is made ready for the reader's next image, and all else in
 * `of` but step and bytes must be as it was. */
bool flow_bench_lay(flow_bench *bench, const flow_bench_of *of, ct_error *err);

/* A thread's seat, ready for this image; NULL when out of memory. */
flow_seat *flow_bench_seat(flow_bench *bench, int i, const flow_bench_of *of, ct_error *err);
void flow_bench_clear(flow_bench *bench);

#endif
