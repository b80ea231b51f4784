/* Windows that move over the axes behind batch and channels: of convolutions and pooling. */
#ifndef CT_NET_OPS_WINDOW_H
#define CT_NET_OPS_WINDOW_H

#include "conv/conv.h"
#include "net/op.h"

enum { NET_MOST_AXES = NET_MOST_DIMENSIONS - 2 };

/* Axis 0 is the first one behind the channels. */
typedef struct net_window {
    int axes;
    int64_t kernel[NET_MOST_AXES], stride[NET_MOST_AXES], dilation[NET_MOST_AXES];
    int64_t before[NET_MOST_AXES], after[NET_MOST_AXES]; /* padding */
    bool same, same_upper; /* auto_pad: the padding depends on the size */
    bool ceil;             /* pooling: the size is rounded up */
} net_window;

/* Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode for a tensor of `axes` axes
 * behind the channels. `kernel` has their sizes where weights tell them; a negative one isn't
 * known; NULL: kernel_shape does. Numbers out of range are an error. */
bool net_window_read(const net_node *node, int axes, const int64_t *kernel, net_window *window,
                     ct_error *err);

/* The size that a window makes of one: floor((in + before + after - reach) / stride) + 1, where
 * reach = (kernel - 1) dilation + 1. False with an error where the window doesn't fit. */
bool net_window_size(const net_window *window, int axis, int64_t in, net_symbols *symbols,
                     int64_t *out, ct_error *err);

/* The padding of auto_pad for the sizes that are known now. */
void net_window_fix(net_window *window, const int64_t *in);

/* The same for the engine, padded with zeros: of one axis as of rows. False where it has more axes,
 * or is larger than the engine's. */
bool net_window_engine(const net_window *window, conv_window *engine);

/* ---- walks ---- */

/* Where windows lie: on a coarse grid (the output of convolutions and pooling, the input of
 * transposed convolutions) is a point for each window, on a fine one the samples that it sees. */
typedef struct net_grids {
    const net_window *window;
    const int64_t *coarse, *fine; /* sizes */
} net_grids;

/* A row of windows that see a fine sample with one of the kernel's cells: coarse[i] and
 * fine[i step] for i < count; both are places in the grids. */
typedef void net_line(void *argument, size_t coarse, size_t fine, size_t step, size_t count);

/* Calls `line` for all windows whose cell (indices along the axes) lies within the fine grid. */
void net_walk_cell(const net_grids *grids, const int64_t *cell, net_line *line, void *argument);

/* The next cell of the kernel, row by row from zeros on; false after the last. */
bool net_next_cell(const net_window *window, int64_t *cell);

/* How many cells there are. */
size_t net_window_cells(const net_window *window);

#endif
