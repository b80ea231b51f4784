/* Streams run: blocks of output rows, one after the other. */
#include "net/plan/stream_rows.h"

#include <string.h>

#include "base/minmax.h"

bool net_stream_run(net_stream *s, int first, int end, conv_source *row, void *context, float *out,
                    size_t stride, ct_error *err) {
    if (first != s->next) {
        net_stream_rewind(s);
    }
    s->row = row;
    s->context = context;
    const net_ring *last = &s->rings[s->output];
    for (int y = first; y < end;) {
        const int to = ct_min(end, y + s->block);
        if (s->output != s->input && !net_stream_make(s, y, to, err)) {
            return false;
        }
        for (; y < to; y++, out += stride) {
            memcpy(out, s->output == s->input ? row(context, y) : net_ring_row((void *)last, y),
                   last->stride * sizeof *out);
        }
    }
    s->next = end;
    return true;
}

void net_stream_reach(net_stream *s, int first, int end, int *from, int *to) {
    if (first != s->next) {
        net_stream_rewind(s);
    }
    net_stream_needs(s, first, end);
    const net_ring *input = &s->rings[s->input];
    *to = input->need;
    *from = ct_min(input->keep, *to);
}

void net_stream_watch(net_stream *s, const net_watch *watch) {
    s->watch = watch ? *watch : (net_watch){.see = NULL};
    memset(s->shown, 0, (size_t)s->plan->step_count * sizeof *s->shown);
}

void net_stream_restart(net_stream *s) {
    net_stream_rewind(s);
    memset(s->shown, 0, (size_t)s->plan->step_count * sizeof *s->shown);
}
