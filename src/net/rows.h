/* Local operators by rows: an output row is made of a few input rows.
 *
 * A tensor (1, channels, height, width) of floats is an image here: rows of width x channels
 * floats, channels interleaved, as the engine has them; (1, channels, width) is an image of one
 * row. The operator doesn't know where rows lie: in whole tensors, or in rings of the rows that are
 * still needed. */
#ifndef CT_NET_ROWS_H
#define CT_NET_ROWS_H

#include "conv/conv.h"
#include "net/op.h"

enum { NET_MOST_SOURCES = 16 };

/* Rows of one input: row(context, y) is its row y, 0 to height - 1. Each stays as it is until the
 * run returns. */
typedef struct net_source {
    conv_source *row;
    void *context;
} net_source;

/* A node for certain shapes. Immutable once made: any number of workers may run it at once. */
typedef struct net_rows net_rows;
struct net_rows {
    conv_shape out;
    int source_count;             /* inputs that come as rows; constants aren't among them */
    int source[NET_MOST_SOURCES]; /* which of the node's inputs each is */
    conv_shape in[NET_MOST_SOURCES];

    /* Additions, multiplications or moves of numbers that an output float takes; 0: one. */
    double work;

    /* The rows [*from, *to) of a source that the output rows [first, end) are made of, within 0 to
     * its height; it may be none (*from == *to). Neither bound goes back where first and end
     * don't. */
    void (*reach)(const net_rows *rows, int source, int first, int end, int *from, int *to);

    /* Makes the output rows [first, end), `stride` floats apart, and writes nothing else; reads
     * only rows that `reach` names. */
    void (*run)(const net_rows *rows, void *worker, int first, int end, const net_source *in,
                float *out, size_t stride);

    /* What one thread needs to run it; NULL: nothing. `memory` has worker_bytes, aligned to 64 and
     * zeroed at first; between two runs others may write there, so that all nodes of a thread can
     * share it. `enter` gives NULL when out of memory. */
    void *(*enter)(const net_rows *rows, void *memory);
    void (*leave)(void *worker);
    size_t worker_bytes;
    size_t own_bytes; /* that `enter` allocates beside that, to keep what is there between runs */

    void (*free)(net_rows *rows); /* of `own`; NULL: nothing */
    void *own;

    /* Each float is made of the floats at the same place, and `run` may write over its first source
     * (out == its rows): such operators follow the layout of their inputs. */
    bool pointwise;
    bool over_any; /* the same for each of its sources, which are all of the output's shape */
};

/* The work of all output rows. */
double net_rows_work(const net_rows *rows);

/* Fills *out for a node whose shapes are all known, floats; leaves out->run NULL where the node
 * can't be done by rows (another rank, more than one image, a type, a parameter). False with an
 * error: out of memory. It is net_op.rows. */
typedef bool net_rows_make(const net_call *call, net_rows *out, ct_error *err);

/* Such memory; NULL when out of memory. free() frees it. */
void *net_rows_memory(size_t bytes);

/* net_rows.enter and leave where the memory is all that a thread needs. */
void *net_enter_memory(const net_rows *rows, void *memory);
void net_leave_memory(void *worker);

/* net_rows.reach where each row is made of the rows at the same place. */
void net_same_rows(const net_rows *rows, int source, int first, int end, int *from, int *to);

/* (1, C, H, W), or (1, C, W) as a row: the image; false for any other shape. */
bool net_image_shape(const net_shape *shape, conv_shape *out);

/* Rows of an image in memory, for net_source.context of net_image_row. */
typedef struct net_image {
    const float *rows;
    size_t stride; /* floats */
} net_image;
const void *net_image_row(void *image, int y);

/* Planes to interleaved channels, and back: `height` rows of `width` pixels. */
void net_planes_to_rows(const float *planes, conv_shape shape, float *rows);
void net_rows_to_planes(const float *rows, conv_shape shape, float *planes);

#endif
