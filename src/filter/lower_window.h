/* Where a stage's window looks: its own arguments, else the chain's defaults. Internal to
 * src/filter. */
#ifndef CT_FILTER_LOWER_WINDOW_H
#define CT_FILTER_LOWER_WINDOW_H

#include "filter/stages.h"

/* The window of a kernel of this size. anchor_x, anchor_y: the kernel's own, or -1. */
conv_window make_window(const filter_chain *chain, const chain_stage *stage, int width, int height,
                        int anchor_x, int anchor_y);

/* Rotates `kernels` kernels of `cells` weights each by 180 degrees where --flip or flip asks for
 * it. */
void turn_if_flipped(const filter_chain *chain, const chain_stage *stage, double *weights,
                     int kernels, int cells);

/* Padding of pixels whose colour is weighted by alpha, channel `alpha`: zeros are transparent, a
 * constant is opaque. */
void set_alpha_fill(const filter_chain *chain, const chain_stage *stage, conv_window *w, int alpha,
                    double white);

#endif
