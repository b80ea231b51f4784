/* Rows through a graph from within. Internal to src/net/plan. */
#ifndef CT_NET_PLAN_STREAM_ROWS_H
#define CT_NET_PLAN_STREAM_ROWS_H

#include "net/plan/plan.h"
#include "net/stream.h"

/* Rows [low, end) of a value are there, row y at y % room. */
typedef struct net_ring {
    float *rows;
    int room;
    size_t stride;
    int low, end;
    int most; /* rows made at once */
    int keep; /* rows from this one on are wanted, now or later; INT32_MAX: none */
    int need; /* rows up to here are wanted now */
} net_ring;

struct net_stream {
    const net_plan *plan;
    const net_team *team;
    int threads;
    net_ring *rings; /* of each value */
    int *sources;    /* of each step, NET_MOST_SOURCES values, as they were before turns */
    int *carrier;    /* of each step: the one whose rows it works on where they are; -1: none */
    bool *carries;   /* of each step: it is one, and has no ring */
    void **workers;  /* of each step, one for each thread */
    void *memory;    /* theirs, memory_bytes for each thread */
    size_t memory_bytes;
    uint64_t own_bytes; /* that the workers of a thread allocate beside that */
    int block;          /* output rows made at once */
    int height;         /* of the output */
    int in_height;
    int next; /* the output row behind the last one made; -1: none */
    int input, output;
    conv_source *row; /* of the input */
    void *context;
    bool dry;        /* rows are only counted */
    int64_t visits;  /* of steps, while they are */
    net_watch watch; /* see NULL: nobody watches */
    int *shown;      /* of each step: the rows that were seen */
};

/* Whether step `i` works on value `v` where the step that carries it has put it. */
static inline bool net_is_carried(const net_stream *s, int i, int v) {
    return s->carrier[i] >= 0 && s->plan->steps[s->carrier[i]].node->outputs[0] == v;
}

/* Forgets the rows that it keeps; what was seen of the image stays seen. */
void net_stream_rewind(net_stream *stream);

/* Finds what is needed for the output rows [first, end), from what is there on. */
void net_stream_needs(net_stream *stream, int first, int end);

/* Visits of steps in a dry run, some tenths of a second. */
enum { NET_MOST_VISITS = 1 << 22 };

/* Makes those rows; a dry run leaves off after NET_MOST_VISITS. */
bool net_stream_make(net_stream *stream, int first, int end, ct_error *err);

/* Row y of a ring, which is there; `ring` is a net_ring. */
const void *net_ring_row(void *ring, int y);

#endif
