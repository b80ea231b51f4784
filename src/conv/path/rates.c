#include "conv/path/rates.h"

const path_rates path_rate = {
    .row = 0.2,
    .tap = 0.12,
    .dense_tap = 0.068,
    .bytes_row = 0.1,
    .bytes_tap = 0.02,
    .bytes_scaled = 0.4,
    .bytes_tap_4 = 0.13,

    .short_row = 0.45,
    .short_weight = 0.06,
    .apart_row = 0.3,
    .apart_weight = 0.085,
    .term_row = 0.5,
    .turned_row = 1.2,
    .turned_weight = 0.047,

    .box_row = 0.5,
    .box_height = 0.066,
    .box_double = 0.1,
    .box_bytes_row = 0.4,
    .box_bytes_height = 0.008,
    .box_bytes_near = 0.3,
    .box_bytes_far = 0.4,
    .box_bytes_double = 0.25,

    .waves_pass = 1.2,
    .wave = 0.6,
    .wave_start = 0.9,

    .runs_row = 0.9,
    .run_end = 0.05,

    .rounding = 0.4,
    .saved_whole = 0.1,
    .saved_rounds = 0.3,

    .gradient_bytes = 0.9,
    .gradient = 1.4,
    .magnitude = 0.8,
    .resize_tap = 0.4,
    .suppress = 1.5,
    .crossings = 1,
    .median3 = 0.7,
    .median_step = 0.07,
    .median_stored = 0.23,
    .median_select = 40,
    .median_narrow = 18,
    .median_wide = 37,
    .median_count = 8,
    .compass3_kernel = 0.72,
    .compass_kernel = 0.1,
};

const path_tile path_tiles[PATH_TILES] = {
    {.size = 64, .cycles = 1.35},
    {.size = 128, .cycles = 1.42},
    {.size = 256, .cycles = 1.72},
    {.size = 512, .cycles = 2.64},
};
