/* Numbers that move from one array to another, whatever their type. */
#ifndef CT_NET_OPS_MOVE_H
#define CT_NET_OPS_MOVE_H

#include <stddef.h>

#include "net/op.h"

enum { NET_MOST_MOVED = 2 * NET_MOST_DIMENSIONS };

/* A block of numbers: along dimension d there are size[d] of them, and one step is to[d] elements
 * in the one array and from[d] in the other. Steps may be negative; `from` may be 0, where a number
 * is repeated. */
typedef struct net_moves {
    int rank;
    size_t size[NET_MOST_MOVED];
    ptrdiff_t to[NET_MOST_MOVED], from[NET_MOST_MOVED];
} net_moves;

/* Appends a dimension. */
void net_moves_add(net_moves *moves, size_t size, ptrdiff_t to, ptrdiff_t from);

/* Moves the block; an element has `bytes` bytes. The arrays don't overlap, and no two numbers go to
 * the same place. In any order, by the team's threads where it is large. */
void net_move(const net_team *team, void *to, const void *from, const net_moves *moves,
              size_t bytes);

/* Elements from one index to the next along each dimension of a tensor whose shape is known. */
void net_strides(const net_shape *shape, ptrdiff_t *strides);

/* A shape read as outer x size x inner, where `size` is that of the axis. */
typedef struct net_around {
    size_t outer, size, inner;
} net_around;
net_around net_around_axis(const net_shape *shape, int axis);

/* The first output gets the first input's bytes: for `run` of operators that only change the
 * shape. */
bool net_run_copy(const net_call *call, ct_error *err);

#endif
