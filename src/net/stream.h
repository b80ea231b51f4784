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

/* One thread's run of such a plan. NULL with an error. */
typedef struct net_stream net_stream;
net_stream *net_stream_new(const net_plan *plan, ct_error *err);
void net_stream_free(net_stream *stream);

/* The input rows [*from, *to) that the output rows [first, end) are made of. */
void net_stream_reach(net_stream *stream, int first, int end, int *from, int *to);

/* Bytes that it holds at most. */
size_t net_stream_bytes(const net_stream *stream);

/* Makes the output rows [first, end), `stride` floats apart, channels interleaved; row(context, y)
 * gives the input's rows. A run that begins where the last one ended, on the same image, goes on
 * with the rows that are there. False with an error: out of memory. */
bool net_stream_run(net_stream *stream, int first, int end, conv_source *row, void *context,
                    float *out, size_t stride, ct_error *err);

/* Its runs are watched from now on; NULL: no longer. */
void net_stream_watch(net_stream *stream, const net_watch *watch);

/* Forgets the rows it keeps: the next run is on another image. */
void net_stream_restart(net_stream *stream);

#endif
