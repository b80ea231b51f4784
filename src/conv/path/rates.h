/* Measured rates, from which the paths estimate their costs. */
#ifndef CT_CONV_PATH_RATES_H
#define CT_CONV_PATH_RATES_H

/* Cycles per float of a computed row; where a comment says "a weight", also per weight. Measured on
 * a Zen 4 core with AVX-512 (16 floats per register) on rows in its L2 cache. Narrower registers
 * multiply all of them about alike, so the order stays; where it doesn't, there is a separate
 * number. */
typedef struct path_rates {
    double row;          /* to begin and end a row of sums */
    double tap;          /* a weight, one load each */
    double dense_tap;    /* a weight, where a load serves several rows */
    double bytes_row;    /* a row of sums of bytes */
    double bytes_tap;    /* a weight on bytes, in pairs */
    double bytes_scaled; /* sums to be multiplied, which don't become bytes directly */
    double bytes_tap_4;  /* bytes_tap with 16-byte registers, which can't multiply bytes: they are
                          * widened for each pair */

    double short_row, short_weight;   /* a column times a row, both short: they have loops of their
                                       * own (rows/along.inc, rows/sums.inc) */
    double apart_row, apart_weight;   /* both of any length */
    double term_row;                  /* one of several such products */
    double turned_row, turned_weight; /* as many rows as a register has floats, transposed */

    double box_row, box_height,
        box_double; /* a row, a row of the window, a doubling of its width */
    double box_bytes_row, box_bytes_height; /* the same for bytes: a running sum along the row */
    double box_bytes_near;                  /* columns 2 to ROWS_SLIDE_STEP samples apart */
    double box_bytes_far, box_bytes_double; /* columns further apart: sums of sums */

    double waves_pass, wave, wave_start; /* one pass along or down; each wave in it; where columns
                                          * start, each wave per row of the window */

    double runs_row, run_end; /* running sums over the ends of runs of equal weights */

    double rounding;     /* to round sums to their unit, then to bytes in a separate step */
    double saved_whole;  /* what reading bytes saves: the conversion to floats, */
    double saved_rounds; /* and, where sums aren't rounded to a unit, the one back */

    double gradient_bytes, gradient, magnitude; /* a 3x3 gradient on bytes, on floats; combining x
                                                 * and y of another */
    double resize_tap;                          /* a weight along a resized row */
    double suppress, crossings;                 /* Canny's maxima, beside the gradient; changes of
                                                 * sign */
    double median3;                             /* of 3x3 floats */
    double median_step, median_stored;          /* comparisons of a network of 9 or 25, of others */
    double median_select;              /* one of the samples that a median is selected from */
    double median_narrow, median_wide; /* a histogram of bytes, of 16 bits, moved along a row */
    double median_count;               /* a column's moved down */
    double compass3_kernel, compass_kernel; /* one of several 3x3 kernels, or of any */
} path_rates;

extern const path_rates path_rate;

/* Tiles for fast Fourier transforms; a larger one wastes less at its edges, but outgrows the L2
 * cache (1 MB). cycles: for two tiles there and back, divided by size^2 log2(size). */
typedef struct path_tile {
    int size;
    double cycles;
} path_tile;

enum { PATH_TILES = 4 };
extern const path_tile path_tiles[PATH_TILES];

#endif
