/* Networks of local operators, run as rows: whatever the image's height, only some rows of each
 * value are alive at any time. The results are the same as those of net_run. */
#ifndef CT_NET_STREAM_H
#define CT_NET_STREAM_H

#include "conv/conv.h"
#include "net/net.h"

/* Whether all steps of a plan that was made with net_wanted.by_rows are local, from its one input
 * to its one output, both images of floats; fills in their shapes. False with an error that names
 * the first node that isn't. */
bool net_plan_is_local(const net_plan *plan, conv_shape *in, conv_shape *out, ct_error *err);

/* A run of such a plan. It makes some output rows at once, as many as fit in `memory` bytes
 * together with all that they need (0: no limit but its own), on fewer threads where only one row
 * does; an error where that doesn't fit on one. Threads share the rows of each step, so that many
 * need hardly more memory than one. `team` (NULL:
 * none) must outlive it. NULL with an error. */
typedef struct net_stream net_stream;
net_stream *net_stream_new(const net_plan *plan, const net_team *team, uint64_t memory,
                           ct_error *err);
void net_stream_free(net_stream *stream);

/* How many output rows it makes at once, on how many threads; runs of so many rows are best. */
int net_stream_block(const net_stream *stream);
int net_stream_threads(const net_stream *stream);

/* Bytes of the plan, of its rows and of what its threads need, and of the input's rows that
 * net_stream_reach names and a block of the output, which the caller holds. */
uint64_t net_stream_bytes(const net_stream *stream);

/* The input rows [*from, *to) that a run of the output rows [first, end) reads. Where the run goes
 * on where the last one ended, these are only those that are still needed. */
void net_stream_reach(net_stream *stream, int first, int end, int *from, int *to);

/* Makes the output rows [first, end), `stride` floats apart, channels interleaved; row(context, y)
 * gives the input's rows, to several threads at once. A run that begins where the last one ended,
 * on the same image, goes on with the rows that are there. False with an error: out of memory. */
bool net_stream_run(net_stream *stream, int first, int end, conv_source *row, void *context,
                    float *out, size_t stride, ct_error *err);

/* Its runs are watched from now on; NULL: no longer. */
void net_stream_watch(net_stream *stream, const net_watch *watch);

/* Forgets the rows it keeps: the next run is on another image. */
void net_stream_restart(net_stream *stream);

#endif
