/* What the machine's work costs: the numbers by which the paths' costs are estimated. */
#ifndef CT_CONV_PATH_RATES_H
#define CT_CONV_PATH_RATES_H

/* Cycles for each float of a computed row. Where a comment says "a weight", for each of them too.
 * Measured on a Zen 4 core with AVX-512 (16 floats a register) on rows that lie in its second
 * cache. Narrower registers multiply all of them about alike, so that the order stays; where it
 * doesn't, there is a number of its own. */
typedef struct path_rates {
    double row;          /* a row of sums begun and ended */
    double tap;          /* a weight, one load each */
    double dense_tap;    /* a weight, where a load serves several rows */
    double bytes_row;    /* a row of sums of bytes */
    double bytes_tap;    /* a weight on bytes, in pairs */
    double bytes_scaled; /* sums that are multiplied, and so don't become bytes at once */
    double bytes_tap_4; /* the same with registers of 16 bytes, which don't multiply bytes: they are
                         * widened for each pair */

    double short_row, short_weight;   /* a column times a row, both short: they have loops of their
                                       * own (rows/along.inc, rows/sums.inc) */
    double apart_row, apart_weight;   /* both of any length */
    double term_row;                  /* one of several such products */
    double turned_row, turned_weight; /* as many rows as a register has floats turned at once */

    double box_row, box_height,
        box_double; /* a row, a row of the window, a doubling of its width */
    double box_bytes_row, box_bytes_height; /* the same of bytes: a running sum along the row */
    double box_bytes_near;                  /* columns 2 to ROWS_SLIDE_STEP samples apart */
    double box_bytes_far, box_bytes_double; /* columns further apart: sums of sums */

    double waves_pass, wave, wave_start; /* along or down once, a wave then, and a wave of a row of
                                          * the window where columns start */

    double runs_row, run_end; /* running sums over the ends of runs of equal weights */

    double rounding;     /* sums rounded to their unit, and to bytes in a step of its own */
    double saved_whole;  /* bytes spare the conversion to floats, and the one back, */
    double saved_rounds; /* also where sums aren't rounded to a unit */

    double gradient_bytes, gradient, magnitude; /* a 3x3 gradient on bytes, on floats; combining x
                                                 * and y of another */
    double compass3_kernel, compass_kernel;     /* one of several 3x3 kernels, or of any */
} path_rates;

extern const path_rates path_rate;

/* Tiles for fast Fourier transforms; a larger one wastes less at its edges, but leaves the second
 * cache (1 MB). cycles: for two tiles there and back, divided by size^2 log2(size). */
typedef struct path_tile {
    int size;
    double cycles;
} path_tile;

enum { PATH_TILES = 4 };
extern const path_tile path_tiles[PATH_TILES];

#endif
