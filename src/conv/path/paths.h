/* All paths. To add one: a file of its name, a line here, and a row in plan/choose.c. */
#ifndef CT_CONV_PATH_PATHS_H
#define CT_CONV_PATH_PATHS_H

#include "conv/path/path.h"

/* Sums over one kernel. */
extern const conv_path path_taps;                 /* its cells, one by one */
extern const conv_path path_dense;                /* the same with few zeros */
extern const conv_path path_bytes;                /* small whole weights, on 8-bit samples */
extern const conv_path path_separable;            /* a column times a row */
extern const conv_path path_separable_bytes;      /* on 8-bit samples */
extern const conv_path path_separable_long;       /* of many weights */
extern const conv_path path_separable_long_bytes; /* both */
extern const conv_path path_low_rank;             /* a sum of columns times rows */
extern const conv_path path_box;                  /* equal weights */
extern const conv_path path_box_bytes;            /* on 8-bit samples */
extern const conv_path path_runs;          /* rows of few runs of equal weights, on 8-bit samples */
extern const conv_path path_cosines;       /* long columns and rows of a few cosines */
extern const conv_path path_cosines_bytes; /* on 8-bit samples */
extern const conv_path path_fft;           /* any large kernel */

/* Gradients. */
extern const conv_path path_gradient;  /* any two kernels */
extern const conv_path path_gradient3; /* Sobel, Scharr, Prewitt: x, y and their length at once */
extern const conv_path path_gradient3_bytes; /* on 8-bit samples */

/* The largest of several sums. */
extern const conv_path path_compass;
extern const conv_path path_compass3; /* of 3x3 kernels */

extern const conv_path path_pool;
extern const conv_path path_nearest; /* one sample of each window */

extern const conv_path path_layer; /* a matrix product for each row */

#endif
