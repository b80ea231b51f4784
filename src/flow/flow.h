/* Moves rows from a reader through the stages to a writer: bands, threads, bounded memory.
 *
 * The output is cut into bands of rows. Each worker takes the next band, gets the decoded rows that
 * it needs from a shared window, runs the chain with its own rings, and hands the band to the
 * writer: in its turn, or at once where the writer takes rows in any order. The chain is cut in two
 * around an image in memory before a stage that needs all of its input (conv_stage_is_barrier).
 * Results are the same for every number of jobs and band height. */
#ifndef CT_FLOW_FLOW_H
#define CT_FLOW_FLOW_H

#include <stdatomic.h>

#include "base/error.h"
#include "codec/codec.h"
#include "conv/conv.h"
#include "flow/watch.h"

enum { FLOW_MOST_JOBS = 1024 };

/* What one run leaves for the next: plan, workers and buffers. It serves one run at a time. */
typedef struct flow_keeper flow_keeper;
flow_keeper *flow_keeper_new(void);          /* NULL: out of memory; the others take it */
void flow_keeper_clear(flow_keeper *keeper); /* before its `stages` are changed or freed */
void flow_keeper_free(flow_keeper *keeper);
size_t flow_keeper_bytes(const flow_keeper *keeper); /* of the rows and bands that are kept */

typedef struct flow_options {
    int jobs;        /* threads, at most FLOW_MOST_JOBS; 0: one for each processor of its own */
    int most;        /* with 0 jobs: threads at most; 0: no limit of its own */
    int band;        /* rows of a band; 0: chosen by the plan */
    uint64_t memory; /* bytes for each image in memory, and for the rows of a pass; 0: 4 GiB */
    int alpha;       /* the output channel that statistics leave out, or -1 */
    bool measure;    /* the statistics' range is wanted for integers too */
    bool timed;      /* the report's times are wanted */
    /* Checked between bands: true stops the job with an error; may be NULL. */
    const atomic_bool *cancel;
    /* Told that `done` of the output's rows are written, by one thread at a time; may be NULL. */
    void (*progress)(void *context, int done, int rows);
    void *progress_context;
    /* NULL: nothing is kept. Else what the run before left there is used again if the job's
     * `stages` are the same array and shapes, types, threads and `measure` are the same; a chain
     * that is cut is made anew. All runs must have the same options, but for those, progress and
     * cancel.
     */
    flow_keeper *keeper;
    /* Rows to be seen on the way; parts of a chain where nobody looks run as ever. Nothing is kept
     * for the next run. */
    const flow_watch *watches;
    int watch_count;
} flow_options;

/* Processor time, in seconds, and how long the thread had no processor: it waited for rows, its
 * turn to write, the disk, or because others had all processors. */
typedef struct flow_seconds {
    double decoding, computing, encoding, waiting;
} flow_seconds;
double flow_busy(const flow_seconds *seconds); /* all but waiting */

/* Where the time went; only if flow_options.timed. */
enum { FLOW_TOLD = 64 };
typedef struct flow_times {
    int workers;                    /* 0: not measured */
    flow_seconds worker[FLOW_TOLD]; /* each one's, of the first so many */
    flow_seconds all; /* with what was done before and after the workers, and by a reader's own
                       * thread */
    /* Of all but waiting: what can't be shared out, however many workers there are. Decoding where
     * rows come in order, writing in order, and what comes before and after. */
    double serial;
} flow_times;
void flow_times_add(flow_times *times, const flow_times *more);

enum { FLOW_TOLD_OTSU = 8 };
typedef struct flow_report {
    conv_stats stats; /* of the output */
    int jobs, band;   /* what was used */
    char paths[128];  /* how the stages with a window were computed: "box-bytes, gradient3" */
    double otsu[FLOW_TOLD_OTSU]; /* the thresholds that CONV_OTSU found, of the first so many */
    int otsu_count;
    flow_times times;
    bool from_writer; /* after a failure: the error is the writer's, not the reader's */
} flow_report;

/* One image on its way. All stays the caller's. */
typedef struct flow_job {
    codec_reader *in;
    const conv_stage *stages;
    int count; /* of stages */
    codec_writer *out;
    const codec_info *out_info; /* what the writer was made for */
    conv_samples known; /* of the input's samples, where they were computed; zeros: its own */
} flow_job;

/* The processors that this process may run on, which a container or taskset may limit; of more than
 * FLOW_MOST_JOBS, so many. */
int flow_processors(void);

/* What the engine calls a file's samples. */
conv_type flow_type_of(codec_sample sample);

/* Bytes that flow_run will hold at most beside the reader and the writer, which isn't looked at;
 * false with an error where flow_run would fail in the same way. */
bool flow_memory(const flow_job *job, const flow_options *options, uint64_t *bytes, ct_error *err);

/* Runs the job to the writer's codec_finish. Reads every row of `in` even where the chain doesn't
 * need all of them, so that damage at the end is noticed. Errors of reader and writer pass
 * through. */
bool flow_run(const flow_job *job, const flow_options *options, flow_report *report, ct_error *err);

#endif
